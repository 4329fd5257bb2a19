import { checkOptions } from '../check-options.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import type { RoutingConfig, Weights } from './routing-config.ts';
import { routingSchema } from './routing-schema.ts';

/**
 * Checks a routing table. Throws one `InvalidOptionsError` with every problem as `path: sentence`.
 * With `executors`, the table's keys must be just those.
 */
export function parseRouting<Key extends string = string>(input: unknown, executors?: readonly Key[]): RoutingConfig<Key> {
  const config = checkOptions('routing', routingSchema, input);
  const problems = routingProblems(config, executors);
  if (problems.length > 0) throw new InvalidOptionsError('routing', problems);
  return config as RoutingConfig<Key>;
}

/** What a table's shape can't state, as `path: sentence`. */
export function routingProblems(config: RoutingConfig, executors?: readonly string[]): string[] {
  return [...ruleProblems(config, executors)];
}

/** What holds together but may not do what its author thinks, as `path: sentence`. */
export function routingWarnings(config: RoutingConfig): string[] {
  return (config.rules ?? []).flatMap(({ match: { operation } }, index) =>
    operation === 'modify' || operation === 'cancel' ? [`rules.${index}.match.operation: ${operation} rules apply only to orders that this broker did not place; its own go to the executor that placed them`] : [],
  );
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
  if (config.ramp !== undefined) yield 'ramp: is not followed by this version; take it out and set the weights by hand';
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
