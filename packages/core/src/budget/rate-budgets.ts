import type { RateLimit } from '../capabilities.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Logger } from '../logger.ts';
import type { BudgetSource } from './budget-source.ts';
import { LeasedBudget } from './leased-budget.ts';
import { MachineBudget } from './machine-budget.ts';
import { RateBudget } from './rate-budget.ts';
import type { RequestBudget } from './request-budget.ts';

/** With whom a login's rate limit is shared. */
export type ShareBudget = 'process' | 'machine' | BudgetSource;

interface Shared {
  readonly budget: RequestBudget;
  /** False while the venue may still count something it let through. */
  isDone(): boolean;
  close(): Promise<void>;
  readonly opened: Promise<void>;
  holders: number;
}

/** By login and clock: the venue counts a login's requests together, whichever of its brokers sent them. */
const sharedByClock = new WeakMap<Clock, Map<string, Shared>>();

export interface HeldBudget {
  readonly budget: RequestBudget;
  release(): Promise<void>;
}

/** The budget of a login in this process; made by the first broker that asks, which also sets its size and with whom it is shared. */
export async function holdBudget(login: string, limit: RateLimit, share: ShareBudget, clock: Clock, random: Random, log: Logger): Promise<HeldBudget> {
  const byLogin = sharedByClock.get(clock) ?? new Map<string, Shared>();
  sharedByClock.set(clock, byLogin);
  const shared = byLogin.get(login) ?? make(login, limit, share, clock, random, log);
  byLogin.set(login, shared);
  shared.holders += 1;
  await shared.opened;
  let held = true;
  return {
    budget: shared.budget,
    async release() {
      if (!held) return;
      held = false;
      shared.holders -= 1;
      // Kept while anybody may still be counted by the venue: a broker that is closed and made again must not start with a full window.
      if (shared.holders > 0 || !shared.isDone()) return;
      byLogin.delete(login);
      await shared.close();
    },
  };
}

function make(login: string, limit: RateLimit, share: ShareBudget, clock: Clock, random: Random, log: Logger): Shared {
  if (share === 'process') {
    const budget = new RateBudget(limit, clock);
    return { budget, isDone: () => budget.isUnused, close: () => Promise.resolve(), opened: Promise.resolve(), holders: 0 };
  }
  // Whoever keeps the account goes on counting when this process has settled.
  const budget = new LeasedBudget(limit, share === 'machine' ? new MachineBudget(login, limit, clock, random) : share, clock, log);
  return { budget, isDone: () => true, close: () => budget.close(), opened: budget.open(), holders: 0 };
}
