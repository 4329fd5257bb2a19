import type { RateLimit } from '../capabilities.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Logger } from '../logger.ts';
import type { BudgetSource } from './budget-source.ts';
import { LeasedBudget } from './leased-budget.ts';
import { MachineBudget } from './machine-budget.ts';
import { RateBudget } from './rate-budget.ts';
import type { RequestBudget } from './request-budget.ts';
import { whileAwaited } from './while-awaited.ts';

/** With whom a login's rate limit is shared. */
export type ShareBudget = 'process' | 'machine' | BudgetSource;

interface Shared {
  readonly budget: RequestBudget;
  /** False while the venue may still count something it let through. */
  isDone(): boolean;
  close(): Promise<void>;
  readonly opened: Promise<void>;
  holders: number;
  /** What each holder's exits may take. */
  readonly exits: Map<object, number>;
}

/** By login and clock: the venue counts a login's requests together, whichever of its brokers sent them. */
const sharedByClock = new WeakMap<Clock, Map<string, Shared>>();

export interface HeldBudget {
  readonly budget: RequestBudget;
  /** How many requests the exits of this holder may take if nobody lends: open positions and two. */
  keepForExits(requests: number): void;
  release(): Promise<void>;
}

/** The budget of a login in this process; made by the first broker that asks, which also sets its size and with whom it is shared. Never rejects, and waits for nobody longer than a source may take. */
export async function holdBudget(
  login: string,
  limit: RateLimit,
  share: ShareBudget,
  clock: Clock,
  random: Random,
  log: Logger,
): Promise<HeldBudget> {
  const byLogin = sharedByClock.get(clock) ?? new Map<string, Shared>();
  sharedByClock.set(clock, byLogin);
  const shared = byLogin.get(login) ?? make(login, limit, share, clock, random, log);
  byLogin.set(login, shared);
  const holder = {};
  let held = true;
  const keepForExits = (requests: number): void => {
    if (!held) shared.exits.delete(holder);
    else shared.exits.set(holder, requests);
    shared.budget.keepForExits([...shared.exits.values()].reduce((sum, each) => sum + each, 0));
  };
  shared.holders += 1;
  await shared.opened;
  return {
    budget: shared.budget,
    keepForExits,
    async release() {
      if (!held) return;
      held = false;
      keepForExits(0);
      shared.holders -= 1;
      // Kept while anybody may still be counted by the venue: a broker that is closed and made again must not start with a full window.
      if (shared.holders > 0 || !shared.isDone()) return;
      byLogin.delete(login);
      await shared.close();
    },
  };
}

function make(
  login: string,
  limit: RateLimit,
  share: ShareBudget,
  clock: Clock,
  random: Random,
  log: Logger,
): Shared {
  const exits = new Map<object, number>();
  if (share === 'process') {
    const budget = new RateBudget(limit, clock);
    return {
      budget,
      isDone: () => budget.isUnused,
      close: () => Promise.resolve(),
      opened: Promise.resolve(),
      holders: 0,
      exits,
    };
  }
  // Whoever keeps the account goes on counting when this process has settled.
  const budget =
    share === 'machine'
      ? ofMachine(login, limit, clock, random, log)
      : new LeasedBudget(limit, share, clock, log);
  return {
    budget,
    isDone: () => true,
    close: () => whileAwaited(budget.close()),
    opened: whileAwaited(budget.open()),
    holders: 0,
    exits,
  };
}

function ofMachine(
  login: string,
  limit: RateLimit,
  clock: Clock,
  random: Random,
  log: Logger,
): LeasedBudget {
  const machine = new MachineBudget({ login, limit, clock, random, log });
  return new LeasedBudget(limit, machine, clock, log, machine);
}
