import { types } from 'node:util';
import * as z from 'zod';
import type { Capabilities } from './capabilities.ts';

// One that remembers where it stopped says yes and no by turns.
const pattern = z.custom<RegExp>((value) => types.isRegExp(value) && !value.global && !value.sticky, 'must be a regular expression without the flags g and y');
const positive = z.int().min(1);
const rateLimit = z
  .strictObject({ requests: positive, windowMs: positive, reserve: z.int().min(0), window: z.enum(['sliding', 'fixed']).optional() })
  .refine(({ requests, reserve }) => reserve < requests, { path: ['reserve'], error: 'must be below requests' });

/** What an adapter says of its broker. */
export const capabilitiesSchema: z.ZodType<Capabilities> = z.strictObject({
  orderTypes: z.array(z.enum(['market', 'limit', 'stop', 'trailing-stop', 'join-bid', 'join-ask'])).min(1),
  orderId: z.strictObject({ pattern, description: z.string().min(1) }),
  clientOrderId: z.strictObject({
    maxLength: positive,
    reservedSuffixes: z.array(z.string().min(1)),
    unique: z.enum(['for-ever', 'open-orders', 'not-checked']),
  }),
  modify: z.enum(['in-place', 'none']),
  closePosition: z.boolean(),
  reducePosition: z.boolean(),
  brackets: z.enum(['ticks', 'none']),
  rateLimit: z.union([z.undefined(), rateLimit]),
  barsRateLimit: z.union([z.undefined(), rateLimit]).optional(),
});
