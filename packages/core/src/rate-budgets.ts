import type { RateLimit } from './capabilities.ts';
import type { Clock } from './clock.ts';
import { RateBudget } from './rate-budget.ts';

interface Shared {
  readonly budget: RateBudget;
  holders: number;
}

/** By login and clock: the venue counts a login's requests together, whichever of its brokers sent them. */
const sharedByClock = new WeakMap<Clock, Map<string, Shared>>();

export interface HeldBudget {
  readonly budget: RateBudget;
  release(): void;
}

/** The budget of a login in this process; made by the first broker that asks, which also sets its size. */
export function holdBudget(login: string, limit: RateLimit, clock: Clock): HeldBudget {
  const byLogin = sharedByClock.get(clock) ?? new Map<string, Shared>();
  sharedByClock.set(clock, byLogin);
  const shared = byLogin.get(login) ?? { budget: new RateBudget(limit, clock), holders: 0 };
  byLogin.set(login, shared);
  shared.holders += 1;
  let held = true;
  return {
    budget: shared.budget,
    release() {
      if (!held) return;
      held = false;
      shared.holders -= 1;
      // Kept while anybody may still be counted by the venue: a broker that is closed and made again must not start with a full window.
      if (shared.holders === 0 && shared.budget.isUnused) byLogin.delete(login);
    },
  };
}
