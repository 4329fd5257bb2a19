import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { GatewayClock } from '../clock.ts';
import { after } from '../clock.ts';
import { resetSocket } from '../http/reset-connection.ts';
import type { FaultBook } from './fault-book.ts';
import type { FaultRule } from './fault.ts';

/** By the system's time: ports are the system's. */
const retryMs = 20;
const aDayMs = 24 * 60 * 60 * 1000;

/** Lets a port refuse connections while a rule says so, and resets those that a rule strikes. */
export class FaultPort {
  readonly #server: Server;
  readonly #clock: GatewayClock;
  readonly #faults: FaultBook;
  readonly #sockets = new Set<Socket>();
  /** What ends a rule that has a time, by its id. */
  readonly #ends = new Map<string, { cancel(): void }>();
  #place: { readonly port: number; readonly host: string } | undefined;
  #isOpening = false;
  /** An open gateway keeps its process alive; while its port refuses, nothing listens that would. */
  #alive: NodeJS.Timeout | undefined;

  constructor(server: Server, clock: GatewayClock, faults: FaultBook) {
    this.#server = server;
    this.#clock = clock;
    this.#faults = faults;
    server.on('connection', (socket: Socket) => {
      if (faults.strikesConnection()) return resetSocket(socket);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** From now on the port follows the rules. */
  opened(port: number, host: string): void {
    this.#place = { port, host };
    this.follow();
  }

  /** After this the port stays closed, and no connection is left. */
  closed(): void {
    this.#place = undefined;
    clearInterval(this.#alive);
    for (const end of this.#ends.values()) end.cancel();
    this.#ends.clear();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Brings the port in line with the rules that there are. */
  follow(): void {
    const refusing = this.#refusing();
    for (const [id, end] of this.#ends) {
      if (refusing.some((rule) => rule.id === id)) continue;
      end.cancel();
      this.#ends.delete(id);
    }
    for (const { id = '', fault } of refusing) {
      if (fault.kind !== 'refuse' || fault.forMs === undefined || this.#ends.has(id)) continue;
      this.#ends.set(
        id,
        after(this.#clock, fault.forMs, () => void this.#faults.remove(id)),
      );
    }
    if (this.#place === undefined) return;
    if (refusing.length === 0) return this.#listenAgain();
    if (!this.#server.listening) return;
    // Before the server closes, so that there is no moment without either.
    // safeguard: a gateway that refuses keeps its process alive
    this.#alive = setInterval(() => {}, aDayMs);
    // Closing would end idle connections politely.
    for (const socket of this.#sockets) resetSocket(socket);
    this.#server.close();
  }

  #refusing(): FaultRule[] {
    return this.#faults.rules().filter(({ fault }) => fault.kind === 'refuse');
  }

  /** Somebody else may have taken the port meanwhile: it is asked for until it is free, since a gateway that never comes back would look like a venue that is down. */
  #listenAgain(): void {
    const server = this.#server;
    const place = this.#place;
    if (place === undefined || server.listening || this.#isOpening || this.#refusing().length > 0)
      return;
    this.#isOpening = true;
    const settled = (): void => {
      this.#isOpening = false;
      server.off('listening', listening).off('error', failed);
    };
    const failed = (): void => {
      settled();
      setTimeout(() => this.#listenAgain(), retryMs).unref();
    };
    const listening = (): void => {
      settled();
      if (this.#place === undefined) return void server.close();
      clearInterval(this.#alive);
      // A rule may have come while the port was on its way.
      this.follow();
    };
    server.once('error', failed).once('listening', listening).listen(place.port, place.host);
  }
}
