import * as z from 'zod';
import { checkOptions } from '../check-options.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import type { RoutingConfig, Weights } from './routing-config.ts';

const weightsSchema = z.record(z.string(), z.number().min(0).max(100)).describe('Percent by executor key, together 100');

/** The shape of a routing table; `parseRouting` adds the rules a shape can't state. */
export const routingSchema: z.ZodType<RoutingConfig> = z.strictObject({
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
  off: z.array(z.string()).optional().describe('Executors not to be used at all'),
  reads: z.string().optional().describe('Who delivers reads and lookups; default the last key of default'),
});

/**
 * Checks a routing table. Throws one `InvalidOptionsError` with every problem as `path: sentence`.
 * With `executors`, the table's keys must be just those.
 */
export function parseRouting<Key extends string = string>(input: unknown, executors?: readonly Key[]): RoutingConfig<Key> {
  const config = checkOptions('routing', routingSchema, input);
  const problems = [...ruleProblems(config, executors)];
  if (problems.length > 0) throw new InvalidOptionsError('routing', problems);
  return config as RoutingConfig<Key>;
}

function* ruleProblems(config: RoutingConfig, executors: readonly string[] | undefined): Generator<string> {
  const keys = Object.keys(config.default);
  if (keys.length === 0) yield 'default: names no executor; give each one its percent, 0 included';
  if (executors) {
    for (const key of executors) if (!keys.includes(key)) yield `default: lacks the executor "${key}"; name every executor, with 0 if it is never first`;
    for (const key of keys) if (!executors.includes(key)) yield `default.${key}: there is no executor of that name; there is ${executors.join(', ')}`;
  }
  yield* weightProblems('default', config.default);
  for (const [index, rule] of (config.rules ?? []).entries()) {
    const path = `rules.${index}.weights`;
    for (const key of Object.keys(rule.weights)) if (!keys.includes(key)) yield `${path}.${key}: not named in default`;
    yield* weightProblems(path, rule.weights);
  }
  for (const [index, key] of (config.off ?? []).entries()) if (!keys.includes(key)) yield `off.${index}: "${key}" is not named in default`;
  if (config.off && keys.length > 0 && keys.every((key) => config.off?.includes(key))) yield 'off: turns off every executor; leave one';
  if (config.reads !== undefined && !keys.includes(config.reads)) yield `reads: "${config.reads}" is not named in default`;
}

function* weightProblems(path: string, weights: Weights<string>): Generator<string> {
  let thousandths = 0;
  for (const [key, weight = 0] of Object.entries(weights)) {
    // JavaScript moves keys that look like numbers to the front, and the order of the keys is the order of takeover.
    if (!/^[A-Za-z]/.test(key)) yield `${path}.${key}: an executor key begins with a letter`;
    const whole = Math.round(weight * 1000);
    if (Math.abs(whole - weight * 1000) > 1e-6) yield `${path}.${key}: ${weight} has more than three decimals`;
    thousandths += whole;
  }
  if (thousandths !== 100_000) yield `${path}: adds up to ${thousandths / 1000}, must be 100`;
}
