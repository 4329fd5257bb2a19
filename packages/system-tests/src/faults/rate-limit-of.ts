import type { RateLimit } from '@hotpath/core';
import type { Times } from './times.ts';

/** What a login may send, in the scaled minute. */
export function rateLimitOf({ rateWindowMs }: Times): RateLimit {
  return { requests: 200, windowMs: rateWindowMs, reserve: 60 };
}
