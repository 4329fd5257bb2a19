import { types } from 'node:util';
import * as z from 'zod';
import type { Capabilities } from './capabilities.ts';
import { parseOptions } from './check-options.ts';

// One that remembers where it stopped says yes and no by turns.
const pattern = z.custom<RegExp>(
  (value) => types.isRegExp(value) && !value.global && !value.sticky,
  'must be a regular expression without the flags g and y',
);
const positive = z.int().min(1);
const rateLimit = z
  .strictObject({
    requests: positive,
    windowMs: positive,
    reserve: z.int().min(0),
    window: z.enum(['sliding', 'fixed']).optional(),
  })
  .refine(({ requests, reserve }) => reserve < requests, {
    path: ['reserve'],
    error: 'must be below requests',
  });

const clientOrderId = {
  maxLength: positive,
  reservedSuffixes: z.array(z.string().min(1)),
  unique: z.enum(['for-ever', 'open-orders', 'not-checked']),
  pattern: pattern.optional(),
  description: z.string().min(1).optional(),
};
const fields = {
  orderTypes: z
    .array(z.enum(['market', 'limit', 'stop', 'trailing-stop', 'join-bid', 'join-ask']))
    .min(1),
  orderId: z.object({ pattern, description: z.string().min(1) }),
  clientOrderId: z.object(clientOrderId),
  modify: z.enum(['in-place', 'none']),
  closePosition: z.boolean(),
  reducePosition: z.boolean(),
  brackets: z.enum(['ticks', 'none']),
  rateLimit: z.union([z.undefined(), rateLimit]),
  barsRateLimit: z.union([z.undefined(), rateLimit]).optional(),
};
const loose: z.ZodType<Capabilities> = z.object(fields);

/** What an adapter declares of its broker; a name that there is not is refused. */
export const capabilitiesSchema: z.ZodType<Capabilities> = z.strictObject({
  ...fields,
  orderId: z.strictObject(fields.orderId.shape),
  clientOrderId: z.strictObject(clientOrderId),
});

/** The capabilities as a plain copy, or what is wrong with them. What a later version of this package may add is left out: an adapter may have been made with one. */
export function capabilitiesOf(
  given: unknown,
): { readonly value: Capabilities } | { readonly problems: readonly string[] } {
  const parsed = parseOptions(loose, given);
  if (!('problems' in parsed)) return parsed;
  return {
    problems: parsed.problems.map((problem) =>
      problem.startsWith('options: ')
        ? `capabilities: ${problem.slice('options: '.length)}`
        : `capabilities.${problem}`,
    ),
  };
}
