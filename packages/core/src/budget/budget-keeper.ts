import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { BudgetAccount, BudgetQuestion } from './budget-account.ts';
import type { BudgetLedger } from './budget-ledger.ts';
import type { BudgetLease } from './budget-source.ts';
import type { ToKeeper } from './budget-wire.ts';
import { readToKeeper, send, wireVersion } from './budget-wire.ts';

/** Connections that are taken: far more than one machine runs bots on a login. */
const mostConnections = 500;

/** What a keeper needs of the place that it keeps the account for. */
export interface KeepersPlace {
  /** Whether it leads still. */
  isCurrent(): boolean;
  /** Writes the account down, for whoever takes over. */
  save(account: BudgetAccount): void;
}

/** The end that keeps the account, behind a socket. What was lent is written down before anybody gets it, so that whoever takes over can go on with it. */
export class BudgetKeeper {
  readonly id: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #name: string;
  #ledger: BudgetLedger | undefined;
  /** What came before there was an account. */
  #early: (() => void)[] = [];
  #place: KeepersPlace | undefined;

  private constructor(server: Server, id: string, name: string) {
    this.#server = server;
    this.id = id;
    this.#name = name;
    server.maxConnections = mostConnections;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** Listens; rejects where that can't be done. `name`: who it is, in words. */
  static listen(path: string, id: string, name: string): Promise<BudgetKeeper> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      const keeper = new BudgetKeeper(server, id, name);
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        // What a socket that listens may suffer later (no descriptors left) ends nothing.
        server.on('error', () => undefined);
        // A process that only shares a budget must be able to end.
        server.unref();
        resolve(keeper);
      });
    });
  }

  get hasFollowers(): boolean {
    return this.#sockets.size > 0;
  }

  /** Whether the venue may still count anything, or hold anything back. */
  get isCounted(): boolean {
    const { agesMs = [], heldForMs = 0, holders = {} } = this.shown() ?? {};
    return (
      agesMs.length > 0 ||
      heldForMs > 0 ||
      Object.values(holders).some(
        ({ general, reserve, presumed }) => general + reserve + presumed > 0,
      )
    );
  }

  /** Begins to lend. */
  keep(ledger: BudgetLedger, place: KeepersPlace): void {
    this.#ledger = ledger;
    this.#place = place;
    for (const take of this.#early.splice(0)) take();
  }

  /** Undefined when this one keeps the account no more. */
  exchange(question: BudgetQuestion, keptBy: string = this.#name): BudgetLease | undefined {
    const [ledger, place] = [this.#ledger, this.#place];
    if (!ledger || !place) return undefined;
    const lease = ledger.exchange(question, keptBy);
    // safeguard: what is lent is written down before its holder has it
    place.save(ledger.shown());
    // Asked last: whoever passed this one over while it was stopped has read what was written before, and gives the rest to others.
    // safeguard: a keeper that was left lends nothing when it wakes
    return place.isCurrent() ? lease : undefined;
  }

  throttled(retryAfterMs: number): void {
    this.#ledger?.throttled(retryAfterMs);
  }

  /** What it knows, for whoever keeps the account next. */
  shown(): BudgetAccount | undefined {
    return this.#ledger?.shown();
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    socket.unref();
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    send(socket, { hotpathBudget: wireVersion, keeper: this.id });
    readToKeeper(socket, (line) => {
      if (this.#ledger) this.#take(socket, line);
      else this.#early.push(() => this.#take(socket, line));
    });
  }

  #take(socket: Socket, line: ToKeeper): void {
    if ('throttledMs' in line) return this.throttled(line.throttledMs);
    if ('account' in line) return this.#ledger?.takeIn(line.account, 0);
    const lease = this.exchange(line.question);
    if (lease) send(socket, { id: line.id, lease });
    else socket.destroy();
  }
}
