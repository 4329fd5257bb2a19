import type { RateLimits } from '../gateway-options.ts';
import type { RateWindow } from './rate-limiter.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { Route } from './route.ts';

/** Of each bucket; undefined for no limit. */
export type RateLimiters = Readonly<Record<Route['bucket'], RateLimiter | undefined>>;

const documentedLimits = {
  everythingElse: { requests: 200, windowMs: 60_000 },
  bars: { requests: 50, windowMs: 30_000 },
};

export function createRateLimiters(limits: RateLimits | undefined): RateLimiters {
  return {
    'everything-else': limiter(limits?.everythingElse, documentedLimits.everythingElse),
    bars: limiter(limits?.bars, documentedLimits.bars),
  };
}

function limiter(
  chosen: RateWindow | 'off' | undefined,
  documented: RateWindow,
): RateLimiter | undefined {
  return chosen === 'off' ? undefined : new RateLimiter(chosen ?? documented);
}
