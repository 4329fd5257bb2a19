import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { GatewayClock } from '../clock.ts';
import { after } from '../clock.ts';
import { resetSocket } from '../http/reset-connection.ts';
import type { FaultBook } from './fault-book.ts';

/** By the system's time: ports are the system's. */
const retryMs = 20;

/** Lets a port refuse connections while a rule says so, and resets those that a rule strikes. */
export class FaultPort {
  readonly #server: Server;
  readonly #clock: GatewayClock;
  readonly #sockets = new Set<Socket>();
  /** What ends a rule that has a time, by its id. */
  readonly #ends = new Map<string, { cancel(): void }>();
  #place: { readonly port: number; readonly host: string } | undefined;

  constructor(server: Server, clock: GatewayClock, faults: FaultBook) {
    this.#server = server;
    this.#clock = clock;
    server.on('connection', (socket: Socket) => {
      if (faults.strikesConnection()) return resetSocket(socket);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** From now on the port follows the rules. */
  opened(port: number, host: string): void {
    this.#place = { port, host };
  }

  /** After this the port stays closed. */
  closed(): void {
    this.#place = undefined;
  }

  /** Brings the port in line with the rules that there are. */
  follow(faults: FaultBook): void {
    const refusing = faults.rules().filter(({ fault }) => fault.kind === 'refuse');
    for (const [id, end] of this.#ends) {
      if (refusing.some((rule) => rule.id === id)) continue;
      end.cancel();
      this.#ends.delete(id);
    }
    for (const { id = '', fault } of refusing) {
      if (fault.kind !== 'refuse' || fault.forMs === undefined || this.#ends.has(id)) continue;
      this.#ends.set(id, after(this.#clock, fault.forMs, () => void faults.remove(id)));
    }
    if (this.#place === undefined) return;
    if (refusing.length === 0 && !this.#server.listening) this.#listenAgain();
    if (refusing.length > 0 && this.#server.listening) {
      // Closing would end idle connections politely.
      for (const socket of this.#sockets) resetSocket(socket);
      this.#server.close();
    }
  }

  /** Somebody else may have taken the port meanwhile: it is asked for until it is free, since a gateway that never comes back would look like a venue that is down. */
  #listenAgain(): void {
    const server = this.#server;
    const place = this.#place;
    if (place === undefined || server.listening) return;
    const failed = (): void => {
      server.off('listening', listening);
      setTimeout(() => this.#listenAgain(), retryMs).unref();
    };
    const listening = (): void => void server.off('error', failed);
    server.once('error', failed).once('listening', listening).listen(place.port, place.host);
  }
}
