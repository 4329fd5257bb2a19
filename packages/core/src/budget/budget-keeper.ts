import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { BudgetAccount, BudgetQuestion } from './budget-account.ts';
import type { BudgetLedger } from './budget-ledger.ts';
import type { BudgetLease } from './budget-source.ts';
import type { ToKeeper } from './budget-wire.ts';
import { readToKeeper, send, wireVersion } from './budget-wire.ts';

/** Connections that are taken: far more than one machine runs bots on a login. */
const mostConnections = 500;

/** The end that keeps the account, behind a socket. What changes in it is told to all who follow before anybody gets what was lent, so that each of them could go on with it. */
export class BudgetKeeper {
  readonly id: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #name: string;
  #ledger: BudgetLedger | undefined;
  /** What came before there was an account. */
  #early: (() => void)[] = [];
  #isCurrent: () => boolean = () => true;
  #shown = '';

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

  /** Begins to lend. `isCurrent` is asked before each lease: whoever was passed over while it was stopped lends nothing when it wakes. */
  keep(ledger: BudgetLedger, isCurrent: () => boolean): void {
    this.#ledger = ledger;
    this.#isCurrent = isCurrent;
    for (const take of this.#early.splice(0)) take();
  }

  /** Undefined when this one keeps the account no more. */
  exchange(question: BudgetQuestion, keptBy: string = this.#name): BudgetLease | undefined {
    const ledger = this.#ledger;
    // safeguard: a keeper that was left lends nothing when it wakes
    if (!ledger || !this.#isCurrent()) return undefined;
    const lease = ledger.exchange(question, keptBy);
    this.#tellAll(ledger.shown());
    return lease;
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

  /** Ages grow by themselves: only who holds and how much was spent makes another account. */
  #tellAll(account: BudgetAccount): void {
    if (this.#sockets.size === 0) return;
    const shown = JSON.stringify([account.agesMs.length, Object.entries(account.holders).map(([name, { general, reserve, presumed }]) => [name, general, reserve, presumed])]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    // safeguard: who follows knows of a lease before its holder does
    for (const socket of this.#sockets) send(socket, { account });
  }
}
