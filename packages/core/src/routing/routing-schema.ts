import * as z from 'zod';
import type { RoutingConfig } from './routing-config.ts';

const weightsSchema = z.record(z.string(), z.number().min(0).max(100)).describe('Percent by executor key, together 100');

/** The shape of a routing table; `parseRouting` adds the rules a shape can't state. */
export const routingSchema: z.ZodType<RoutingConfig> = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  salt: z.string().min(1).describe('Changing it deals every key anew'),
  stickyBy: z.enum(['order', 'account', 'strategy', 'account+strategy', 'symbol']).optional().describe('What a percentage is a percentage of; default order'),
  default: weightsSchema.describe('Percent by executor key for what no rule matches; names every executor, in the order of takeover'),
  rules: z
    .array(
      z.strictObject({
        match: z.strictObject({
          symbol: z.string().optional(),
          operation: z.enum(['place', 'modify', 'cancel', 'close', 'reduce']).optional(),
          strategy: z.string().optional(),
          account: z.string().optional(),
        }),
        weights: weightsSchema,
      }),
    )
    .optional()
    .describe('The first that matches decides'),
  ramp: z.unknown().optional().describe('Not followed by this version, which refuses a table with one'),
  off: z.array(z.string()).optional().describe('Executors not to be used at all'),
  reads: z.string().optional().describe('Who delivers reads and lookups; default the last key of default'),
});
