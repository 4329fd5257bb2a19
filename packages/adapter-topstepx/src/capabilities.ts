import type { Capabilities, RateLimit } from '@hotpath/core';
import type { FirmCapabilities } from './firms.ts';
import { firms } from './firms.ts';

/** What the ProjectX Gateway API offers; sources are the API's documentation unless said otherwise. */
export function projectxCapabilities(
  rateLimit: RateLimit | 'off',
  firm: FirmCapabilities = firms.topstepx.capabilities,
): Capabilities {
  return {
    ...firm,
    // An int64 on the wire.
    orderId: { pattern: /^[1-9]\d{0,18}$/, description: 'a whole number as text' },
    clientOrderId: {
      // No maximum is documented; clients stay at 60 to 64 characters, endings included.
      maxLength: 64,
      // Endings of a bracket's legs, seen on live orders.
      reservedSuffixes: ['-SL', '-TP'],
      // Also after a rejection and across processes, seen live by several clients.
      unique: 'for-ever',
    },
    rateLimit: rateLimit === 'off' ? undefined : rateLimit,
    // 50 in 30 s (ProjectX documentation); an older reading of 30 is held too.
    barsRateLimit: rateLimit === 'off' ? undefined : { requests: 30, windowMs: 30_000, reserve: 0 },
  };
}
