import { parseOptions } from '../check-options.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { rampProblems } from '../rollout/ramp-plan.ts';
import type { RoutingConfig, RoutingRule, Weights } from './routing-config.ts';
import { routingFields, routingSchema, ruleSchema } from './routing-schema.ts';

/**
 * Checks a routing table. Throws one `InvalidOptionsError` with every problem as `path: sentence`: faults of shape do not hide those of sense.
 * With `executors`, the table's keys must be just those.
 */
export function parseRouting<Key extends string = string>(
  input: unknown,
  executors?: readonly Key[],
): RoutingConfig<Key> {
  const parsed = parseOptions(routingSchema, input);
  const problems =
    'problems' in parsed
      ? [...parsed.problems, ...soundProblems(input, executors)]
      : [...senseProblems(parsed.value, executors)];
  if ('problems' in parsed || problems.length > 0)
    throw new InvalidOptionsError('routing', problems);
  // The copy: what its source does with the table afterwards changes nothing.
  return parsed.value as RoutingConfig<Key>;
}

function soundProblems(
  input: unknown,
  executors: readonly string[] | undefined,
): readonly string[] {
  try {
    return [...senseProblems(soundParts(input), executors)];
  } catch {
    // A table with a getter that throws; that it can't be read has been said.
    return [];
  }
}

/** What a table's shape can't state, as `path: sentence`. */
export function routingProblems(config: RoutingConfig, executors?: readonly string[]): string[] {
  return [...senseProblems(config, executors)];
}

/** What holds together but may not do what its author thinks, as `path: sentence`. */
export function routingWarnings({ rules = [], ramp, stickyBy = 'order' }: RoutingConfig): string[] {
  const warnings = rules.flatMap(({ match: { operation } }, index) =>
    operation === 'modify' || operation === 'cancel'
      ? [
          `rules.${index}.match.operation: ${operation} rules apply only to orders that this broker did not place; its own go to the executor that placed them`,
        ]
      : [],
  );
  if (ramp && stickyBy !== 'order')
    warnings.push(
      `ramp: with stickyBy "${stickyBy}" one broker may see only one of the executors, and a ramp that can't compare holds its step`,
    );
  return warnings;
}

/** Those parts of a table whose shape is right; a rule that isn't is left out where it stands. */
interface SoundParts extends Partial<Omit<RoutingConfig, 'rules'>> {
  readonly rules?: readonly (RoutingRule<string> | undefined)[] | undefined;
}

function soundParts(input: unknown): SoundParts {
  if (typeof input !== 'object' || input === null) return {};
  const given = new Map<string, unknown>(Object.entries(input));
  const sound: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(routingFields)) {
    const parsed = schema.safeParse(given.get(name));
    if (parsed.success) sound[name] = parsed.data;
  }
  const rules = given.get('rules');
  if (Array.isArray(rules))
    sound['rules'] = rules.map((rule: unknown) => ruleSchema.safeParse(rule).data);
  return sound;
}

function* senseProblems(
  { default: weights, rules, off, force, ramp, reads }: SoundParts,
  executors: readonly string[] | undefined,
): Generator<string> {
  const keys = weights && Object.keys(weights);
  const named = (key: string): boolean => keys === undefined || keys.includes(key);
  if (weights) yield* defaultProblems(weights, executors);
  for (const [index, rule] of (rules ?? []).entries()) {
    if (!rule) continue;
    const path = `rules.${index}.weights`;
    for (const key of Object.keys(rule.weights))
      if (!named(key)) yield `${path}.${key}: not named in default`;
    yield* weightProblems(path, rule.weights);
  }
  for (const [index, key] of (off ?? []).entries())
    if (!named(key)) yield `off.${index}: "${key}" is not named in default`;
  if (off && keys && keys.length > 0 && keys.every((key) => off.includes(key)))
    yield 'off: turns off every executor; leave one';
  if (reads !== undefined && !named(reads)) yield `reads: "${reads}" is not named in default`;
  if (force !== undefined && !named(force)) yield `force: "${force}" is not named in default`;
  if (force !== undefined && off?.includes(force) === true) yield `force: "${force}" is turned off`;
  if (ramp) yield* rampProblems(ramp, keys);
}

function* defaultProblems(
  weights: Weights<string>,
  executors: readonly string[] | undefined,
): Generator<string> {
  const keys = Object.keys(weights);
  if (keys.length === 0) yield 'default: names no executor; give each one its percent, 0 included';
  if (executors) {
    for (const key of executors)
      if (!keys.includes(key))
        yield `default: lacks the executor "${key}"; name every executor, with 0 if it is never first`;
    for (const key of keys)
      if (!executors.includes(key))
        yield `default.${key}: there is no executor of that name; there is ${executors.join(', ')}`;
  }
  yield* weightProblems('default', weights);
}

function* weightProblems(path: string, weights: Weights<string>): Generator<string> {
  let thousandths = 0;
  for (const [key, weight = 0] of Object.entries(weights)) {
    // JavaScript moves keys that look like numbers to the front, and the order of the keys is the order of takeover.
    if (!/^[A-Za-z]/.test(key)) yield `${path}.${key}: an executor key begins with a letter`;
    const whole = Math.round(weight * 1000);
    if (Math.abs(whole - weight * 1000) > 1e-6)
      yield `${path}.${key}: ${weight} has more than three decimals`;
    thousandths += whole;
  }
  if (thousandths !== 100_000) yield `${path}: adds up to ${thousandths / 1000}, must be 100`;
}
