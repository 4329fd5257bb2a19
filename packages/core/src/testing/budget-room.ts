import { mkdtempSync, rmSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lane } from '../adapter.ts';
import type { Logger } from '../logger.ts';
import type { MachineFacts } from '../machine/machine-facts.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import { AccountFile } from '../budget/account-file.ts';
import type { BudgetQuestion } from '../budget/budget-account.ts';
import { BudgetLedger } from '../budget/budget-ledger.ts';
import type { BudgetLease } from '../budget/budget-source.ts';
import { budgetPlace } from '../budget/budget-place.ts';
import type { BudgetPlace } from '../budget/budget-place.ts';
import { LeasedBudget } from '../budget/leased-budget.ts';
import { MachineBudget } from '../budget/machine-budget.ts';
import type { RateLimit } from '../capabilities.ts';

export const limit: RateLimit = { requests: 40, windowMs: 60_000, reserve: 12 };

type PlaceOf = (login: string, id: string) => ReturnType<typeof budgetPlace>;

/** Where processes meet that share a limit: real sockets and files, in a folder of the test's; each budget stands for a process of its own. Only the clock is the test's. */
export class BudgetRoom {
  folder = '';
  facts!: MachineFacts;
  clock: ManualClock = createManualClock();
  said: string[] = [];
  readonly open: Set<LeasedBudget> = new Set();
  readonly servers: Set<Server> = new Set();
  readonly log: Logger;

  constructor() {
    const say = (fields: object, message: string): void =>
      void this.said.push(`${message} ${JSON.stringify(fields)}`);
    this.log = { debug: say, info: say, warn: say, error: say };
  }

  begin(): void {
    this.folder = mkdtempSync(join(tmpdir(), 'hp-budget-'));
    this.facts = {
      platform: process.platform,
      environment: {},
      temporaryFolder: this.folder,
      homeFolder: undefined,
      userId: process.getuid?.(),
    };
    this.clock = createManualClock();
    this.said = [];
  }

  async end(): Promise<void> {
    const closing = Promise.all([...this.open].map((budget) => budget.close()));
    await this.passUntil(closing);
    this.open.clear();
    for (const server of this.servers) server.close();
    this.servers.clear();
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly placeOf: PlaceOf = (login, id) => budgetPlace(login, id, this.facts);

  async newBudget(login: string, place: PlaceOf = this.placeOf): Promise<LeasedBudget> {
    const source = new MachineBudget({
      login,
      limit,
      clock: this.clock,
      random: Math.random,
      log: this.log,
      place,
    });
    const budget = new LeasedBudget(limit, source, this.clock, this.log, source);
    this.open.add(budget);
    await this.passUntil(budget.open());
    return budget;
  }

  /** Lets leases be renewed: time for the timers, turns for the sockets. */
  async pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 50) {
      this.clock.advance(50);
      for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async passUntil<Value>(work: Promise<Value>): Promise<Value> {
    const underway = new Set([work]);
    const done = work.finally(() => underway.delete(work));
    while (underway.has(work)) {
      for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (underway.has(work)) this.clock.advance(10);
    }
    return done;
  }

  async spendFor(steps: number, budgets: readonly LeasedBudget[], lane: Lane): Promise<number> {
    let spent = 0;
    for (let step = 0; step < steps; step += 1) {
      spent += spend(budgets, lane);
      await this.pass(100);
    }
    return spent;
  }

  async leave(budget: LeasedBudget): Promise<void> {
    this.open.delete(budget);
    await this.passUntil(budget.close());
  }

  /** Takes the lead as a process does that was stopped, or that somebody else runs: connections are taken, and then `serve` says what it says. */
  async lead(login: string, serve: (socket: Socket) => void): Promise<Server> {
    const place = (await this.placeOf(login, 'leader')) as BudgetPlace;
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.unref();
      serve(socket);
    });
    this.servers.add(server);
    server.unref();
    await new Promise<void>((resolve) =>
      server.listen(place.pathOf(place.socketFor('leader')), resolve),
    );
    place.files.claim({
      generation: place.files.newest() + 1,
      id: 'leader',
      socket: place.socketFor('leader'),
      pid: 1,
    });
    return server;
  }

  /** Leads and lends: each question comes with what answers it. */
  async lend(
    login: string,
    asked: (answer: () => void) => void,
  ): Promise<{ readonly exchange: (question: BudgetQuestion) => BudgetLease; die(): void }> {
    const ledger = new BudgetLedger('account', limit, this.clock);
    const place = (await this.placeOf(login, 'leader')) as BudgetPlace;
    const file = AccountFile.create(place.accountOf(place.socketFor('leader')));
    const exchange = (question: BudgetQuestion): BudgetLease => {
      const lease = ledger.exchange(question, 'process 1');
      file.write({ writtenAt: this.clock.now(), account: ledger.shown() });
      return lease;
    };
    const all = new Set<Socket>();
    const server = await this.lead(login, (socket) => {
      all.add(socket);
      socket.write(`${JSON.stringify({ hotpathBudget: 3, keeper: 'leader' })}\n`);
      socket.on('data', (bytes: Buffer) => {
        const { id, question } = JSON.parse(bytes.toString()) as {
          readonly id: number;
          readonly question: BudgetQuestion;
        };
        asked(() => void socket.write(`${JSON.stringify({ id, lease: exchange(question) })}\n`));
      });
    });
    const die = (): void => {
      for (const socket of all) socket.destroy();
      server.close();
    };
    return { exchange, die };
  }
}

/** How many of these budgets let one more request go. */
export function spend(budgets: readonly LeasedBudget[], lane: Lane): number {
  return budgets.filter((budget) => budget.admit(lane).admitted).length;
}

/** What another process asks of who keeps the account. */
export const asksFor = (general: number): BudgetQuestion => ({
  holder: 'other',
  inHand: { account: 'account', general: 0, reserve: 0 },
  spentAgesMs: [],
  wanted: { general, reserve: 0 },
});
