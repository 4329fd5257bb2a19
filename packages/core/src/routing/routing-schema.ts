import * as z from 'zod';
import { rampSchema } from '../rollout/ramp-schema.ts';
import type { RoutingConfig, RoutingRule } from './routing-config.ts';

const weightsSchema = z.record(z.string(), z.number().min(0).max(100));

export const ruleSchema: z.ZodType<RoutingRule<string>> = z.strictObject({
  match: z.strictObject({
    symbol: z.string().optional(),
    operation: z.enum(['place', 'modify', 'cancel', 'close', 'reduce']).optional(),
    strategy: z.string().optional(),
    account: z.string().optional(),
  }),
  weights: weightsSchema.describe('Percent by executor key, together 100'),
});

/** The fields of a routing table, each by itself. */
export const routingFields: {
  readonly [Field in keyof Required<RoutingConfig>]: z.ZodType<RoutingConfig[Field]>;
} = {
  $schema: z.string().optional(),
  version: z.literal(1),
  salt: z.string().min(1).describe('Changing it deals every key anew'),
  stickyBy: z
    .enum(['order', 'account', 'strategy', 'account+strategy', 'symbol'])
    .optional()
    .describe('What a percentage is a percentage of; default order'),
  default: weightsSchema.describe(
    'Percent by executor key for what no rule matches; names every executor, in the order of takeover',
  ),
  rules: z.array(ruleSchema).optional().describe('The first that matches decides'),
  off: z.array(z.string()).optional().describe('Executors not to be used at all'),
  force: z.string().optional().describe('Takes every first attempt, above weights, rules and ramp'),
  ramp: rampSchema
    .optional()
    .describe(
      "Raises one executor's share by steps as long as its numbers hold, up to the weights given here",
    ),
  released: z
    .array(z.string())
    .optional()
    .describe('Latches that a person has lifted, as rollout.changed named them'),
  shadow: z
    .boolean()
    .optional()
    .describe(
      'Has every other executor encode each order without sending it, and compares; default false',
    ),
  reads: z
    .string()
    .optional()
    .describe('Who delivers reads and lookups; default the last key of default'),
};

/** The shape of a routing table; `parseRouting` adds the rules a shape can't state. */
export const routingSchema: z.ZodType<RoutingConfig> = z.strictObject(routingFields);
