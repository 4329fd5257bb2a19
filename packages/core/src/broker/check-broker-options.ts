import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isAbortSignal } from '../abort-signal.ts';
import { parseOptions } from '../check-options.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { messageOf } from '../errors/message-of.ts';
import { loggerProblems } from '../guarded-log.ts';
import { healthSchema, whenAllTrippedSchema } from '../health/health-options.ts';
import { limitsSchema } from '../limits/limits.ts';
import { ownOcoSchema } from '../oco/own-oco-options.ts';
import { rateLimitedMeanings } from '../outcomes/rate-limited.ts';
import { reduceWays } from '../outcomes/reduce-with.ts';
import { shown } from '../validation/field-problem.ts';
import { plainFields } from '../validation/plain-fields.ts';
import type { BrokerOptions, RuntimeOptions } from './broker-options.ts';
import { checkExecutors } from './check-executors.ts';
import { pluginProblems } from './plugin-problems.ts';

type Check = (value: unknown) => Iterable<string>;
const byItsOwn: Check = () => [];

/** The checks of what no file can hold. */
export const runtimeChecks: { readonly [Name in keyof RuntimeOptions]-?: Check } = {
  log: (value) => (value === undefined ? [] : loggerProblems(value)),
  clock: (value) =>
    value === undefined ? [] : methodProblems('clock', value, ['now', 'monotonic', 'setTimer']),
  random: (value) => functionProblems('random', value, 'gives a number from 0 to below 1'),
  generateId: (value) => functionProblems('generateId', value, 'gives a client order id'),
  signal: (value) =>
    value === undefined || isAbortSignal(value)
      ? []
      : [`signal: is ${shown(value)}, must be an AbortSignal`],
  onStarting: (value) => functionProblems('onStarting', value, 'is given the start'),
};

/** Every option and what is checked of it; the type keeps the list whole. */
const checks: { readonly [Name in keyof BrokerOptions<string>]-?: Check } = {
  adapter: (value) => pluginProblems('adapter', value, 'adapter', 'topstepx({ … })'),
  executors: byItsOwn,
  routing: routingProblems,
  journal: journalProblems,
  shareBudget: shareBudgetProblems,
  rateLimited: (value) => wordProblems('rateLimited', value, rateLimitedMeanings),
  reduceWith: (value) => wordProblems('reduceWith', value, reduceWays),
  health: byItsOwn,
  whenAllTripped: byItsOwn,
  limits: byItsOwn,
  ownOco: byItsOwn,
  answerTimeoutMs: (value) => durationProblems('answerTimeoutMs', value),
  outcomeWithinMs: (value) => durationProblems('outcomeWithinMs', value),
  lookupAfterMs: (value) => durationProblems('lookupAfterMs', value),
  repeatAfterMs: (value) => durationProblems('repeatAfterMs', value),
  lookupTimeoutMs: (value) => durationProblems('lookupTimeoutMs', value),
  settleMs: (value) => durationProblems('settleMs', value),
  adoptWithinMs: (value) => durationProblems('adoptWithinMs', value),
  closeWithinMs: (value) => durationProblems('closeWithinMs', value),
  startWithinMs: (value) =>
    value === Infinity ? [] : durationProblems('startWithinMs', value, ', or Infinity'),
  ...runtimeChecks,
};
const schemas = {
  health: healthSchema,
  whenAllTripped: whenAllTrippedSchema,
  limits: limitsSchema,
  ownOco: ownOcoSchema,
} as const;

/**
 * The options as a plain copy, each read once. Throws one `InvalidOptionsError` with everything that keeps a broker from being made, a name that is no option included:
 * JavaScript authors have no compiler to tell them.
 */
export function checkBrokerOptions<Key extends string>(
  given: BrokerOptions<Key>,
): BrokerOptions<Key> {
  const { fields, problems } = plainFields(given, Object.keys(checks));
  if (typeof given !== 'object' || given === null)
    throw new InvalidOptionsError('createBroker', problems);
  const all = [...problems];
  const options: Record<string, unknown> = { ...fields };
  for (const [name, check] of Object.entries(checks)) {
    if (name === 'executors') options[name] = checkExecutors(fields[name], all);
    else all.push(...problemsOf(name, fields[name], check));
  }
  for (const [name, schema] of Object.entries(schemas))
    if (fields[name] !== undefined) options[name] = parsed(name, schema, fields[name], all);
  if (all.length > 0) throw new InvalidOptionsError('createBroker', all);
  return options as unknown as BrokerOptions<Key>;
}

/** A value that can't be looked at is as wrong as one that does not fit. */
export function problemsOf(name: string, value: unknown, check: Check): readonly string[] {
  try {
    return [...check(value)];
  } catch (error) {
    return [`${name}: can't be read (${messageOf(error)})`];
  }
}

function parsed(
  name: string,
  schema: StandardSchemaV1,
  value: unknown,
  problems: string[],
): unknown {
  const result = parseOptions(schema, value);
  if (!('problems' in result)) return result.value;
  problems.push(
    ...result.problems.map((problem) =>
      problem.startsWith('options: ')
        ? `${name}: ${problem.slice('options: '.length)}`
        : `${name}.${problem}`,
    ),
  );
  return undefined;
}

function* routingProblems(routing: unknown): Generator<string> {
  if (routing === undefined || routing === null)
    yield 'routing: is missing; give the share of each executor in percent';
  else if (typeof routing !== 'object' && typeof routing !== 'string')
    yield `routing: is ${shown(routing)}, must be a table, a file's path, or a source of tables`;
  // A table that can't be looked at ends the start here, by its name.
  else if (typeof routing === 'object') Reflect.has(routing, Symbol.asyncIterator);
}

function* journalProblems(journal: unknown): Generator<string> {
  const isJournal =
    typeof journal === 'object' &&
    journal !== null &&
    'append' in journal &&
    typeof journal.append === 'function';
  if (!isJournal)
    yield 'journal: is missing; give fileJournal(path), or memoryJournal() if a crash may forget open orders';
  else yield* methodProblems('journal', journal, ['open', 'read', 'close']);
}

function* shareBudgetProblems(share: unknown): Generator<string> {
  const isSource =
    typeof share === 'object' &&
    share !== null &&
    'exchange' in share &&
    typeof share.exchange === 'function';
  if (isSource) yield* methodProblems('shareBudget', share, ['throttled', 'close']);
  else if (share !== undefined && share !== 'process' && share !== 'machine')
    yield `shareBudget: is ${shown(share)}, must be "process", "machine", or a source of leases`;
}

function* methodProblems(
  name: string,
  value: unknown,
  methods: readonly string[],
): Generator<string> {
  if (typeof value !== 'object' || value === null)
    return yield `${name}: is ${shown(value)}, must have ${methods.join(', ')}`;
  for (const method of methods)
    if (typeof (value as Readonly<Record<string, unknown>>)[method] !== 'function')
      yield `${name}.${method}: is missing; it must be a function`;
}

function* functionProblems(name: string, value: unknown, does: string): Generator<string> {
  if (value !== undefined && typeof value !== 'function')
    yield `${name}: is ${shown(value)}, must be a function that ${does}`;
}

function* wordProblems(name: string, value: unknown, words: readonly string[]): Generator<string> {
  if (value !== undefined && !words.some((word) => word === value))
    yield `${name}: is ${shown(value)}, must be ${words.map((word) => `"${word}"`).join(' or ')}`;
}

function* durationProblems(name: string, value: unknown, more = ''): Generator<string> {
  if (value !== undefined && !(typeof value === 'number' && value >= 0 && Number.isFinite(value)))
    yield `${name}: is ${shown(value)}, must be milliseconds, 0 or more${more}`;
}
