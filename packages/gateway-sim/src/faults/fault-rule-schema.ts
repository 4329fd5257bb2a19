import * as z from 'zod';
import type { FaultRule } from './fault.ts';

const moment = z.enum(['before-accepting', 'after-accepting']);
const ms = z
  .number()
  .min(0)
  .max(2 ** 31 - 1);
const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('refuse'), forMs: ms.min(1).optional() }),
  z.strictObject({
    kind: z.literal('reset'),
    at: z.enum(['connect', 'before-reading', 'after-reading', 'after-accepting', 'mid-answer']),
  }),
  z.strictObject({ kind: z.literal('stall'), at: moment, forMs: ms.optional() }),
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(300).max(599),
    at: moment.optional(),
    retryAfter: z.union([z.number().min(0), z.string()]).optional(),
    body: z.string().optional(),
    contentType: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('answer'),
    errorCode: z.int(),
    errorMessage: z.string().nullish(),
    at: moment.optional(),
  }),
  z.strictObject({
    kind: z.literal('body'),
    form: z.enum(['empty', 'truncated', 'html', 'wrong-types', 'missing-payload', 'null-payload']),
  }),
  z.strictObject({
    kind: z.literal('slow'),
    bytes: z.int().min(1).optional(),
    everyMs: ms.min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('delay'),
    byMs: ms,
    answer: z.union([z.enum(['wait', 'reset']), z.literal([500, 502, 503])]).optional(),
  }),
  z.strictObject({ kind: z.literal('clock-skew'), byMs: z.number() }),
  z.strictObject({ kind: z.literal('event-duplicate') }),
  z.strictObject({ kind: z.literal('event-drop') }),
  z.strictObject({ kind: z.literal('event-delay'), byMs: ms }),
  z.strictObject({ kind: z.literal('event-reorder') }),
  z.strictObject({ kind: z.literal('hub-drop') }),
  z.strictObject({ kind: z.literal('hub-mute'), forMs: ms.optional() }),
]);

/** Binds a rule given as JSON. Which selectors go with which fault is checked when the rule is added. */
export const faultRuleSchema: z.ZodType<FaultRule> = z.strictObject({
  id: z.string().min(1).optional(),
  endpoint: z.string().min(1).optional(),
  hub: z.enum(['user', 'market']).optional(),
  event: z.string().min(1).optional(),
  accountId: z.int().optional(),
  probability: z.number().gt(0).max(1).optional(),
  nth: z.int().min(1).optional(),
  count: z.int().min(1).optional(),
  seed: z.int().min(0).optional(),
  fault,
});
