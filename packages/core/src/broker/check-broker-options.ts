import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { optionProblems } from '../check-options.ts';
import { healthSchema, whenAllTrippedSchema } from '../health/health-options.ts';
import { limitsSchema } from '../limits/limits.ts';
import { ownOcoSchema } from '../oco/own-oco-options.ts';
import { rateLimitedMeanings } from '../outcomes/rate-limited.ts';
import { reduceWays } from '../outcomes/reduce-with.ts';
import { versionProblem } from '../config/version-problem.ts';
import { shown } from '../validation/field-problem.ts';
import type { BrokerOptions } from './broker-options.ts';

const durations = ['answerTimeoutMs', 'outcomeWithinMs', 'lookupAfterMs', 'repeatAfterMs', 'lookupTimeoutMs', 'settleMs', 'adoptWithinMs', 'closeWithinMs'] as const;

/** Throws one `InvalidOptionsError` with everything that keeps a broker from being made. JavaScript authors have no compiler to tell them. */
export function checkBrokerOptions(options: BrokerOptions<string>): void {
  if (typeof options !== 'object' || options === null) throw new InvalidOptionsError('createBroker', [`options: is ${shown(options)}, must be an object`]);
  const problems = [...problemsOf(options)];
  if (problems.length > 0) throw new InvalidOptionsError('createBroker', problems);
}

function* problemsOf(options: BrokerOptions<string>): Generator<string> {
  yield* pluginProblems('adapter', options.adapter, 'adapter', 'topstepx({ … })');
  const executors = typeof options.executors === 'object' && options.executors !== null ? Object.entries(options.executors) : [];
  if (executors.length === 0) yield 'executors: names none; give at least one, such as { fast: fastExecutor() }';
  for (const [key, choice] of executors) {
    if (!/^[A-Za-z]/.test(key)) yield `executors.${key}: a key begins with a letter`;
    yield* pluginProblems(`executors.${key}`, typeof choice === 'object' && choice !== null && 'use' in choice ? choice.use : choice, 'executor', 'fastExecutor()');
  }
  if (options.routing === undefined || options.routing === null) yield 'routing: is missing; give the share of each executor in percent';
  else if (typeof options.routing !== 'object' && typeof options.routing !== 'string') yield `routing: is ${shown(options.routing)}, must be a table, a file's path, or a source of tables`;
  if (typeof options.journal?.append !== 'function') yield 'journal: is missing; give fileJournal(path), or memoryJournal() if a crash may forget open orders';
  const { shareBudget } = options;
  const isSource = typeof shareBudget === 'object' && shareBudget !== null && typeof shareBudget.exchange === 'function';
  if (shareBudget !== undefined && shareBudget !== 'process' && shareBudget !== 'machine' && !isSource) yield `shareBudget: is ${shown(shareBudget)}, must be "process", "machine", or a source of leases`;
  for (const [field, words] of [['rateLimited', rateLimitedMeanings], ['reduceWith', reduceWays]] as const) {
    const value: unknown = options[field];
    if (value !== undefined && !words.some((word) => word === value)) yield `${field}: is ${shown(value)}, must be ${words.map((word) => `"${word}"`).join(' or ')}`;
  }
  yield* schemaProblems(options);
  for (const field of durations) {
    const value: unknown = options[field];
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && Number.isFinite(value))) yield `${field}: is ${shown(value)}, must be milliseconds, 0 or more`;
  }
}

function* pluginProblems(path: string, plugin: unknown, kind: 'adapter' | 'executor', example: string): Generator<string> {
  const found: { readonly kind?: unknown; readonly apiVersion?: unknown } = typeof plugin === 'object' && plugin !== null ? plugin : {};
  if (typeof plugin === 'function') yield `${path}: is a factory; call it, as in ${example}`;
  else if (found.kind !== kind) yield `${path}: is ${shown(plugin)}, must be an ${kind} such as ${example}`;
  else {
    const problem = versionProblem(found);
    if (problem !== undefined) yield `${path}: ${problem}`;
  }
}

function* schemaProblems({ health, whenAllTripped, limits, ownOco }: BrokerOptions<string>): Generator<string> {
  for (const [field, schema, value] of [['health', healthSchema, health], ['whenAllTripped', whenAllTrippedSchema, whenAllTripped], ['limits', limitsSchema, limits], ['ownOco', ownOcoSchema, ownOco]] as const) {
    const problems = value === undefined ? [] : optionProblems(schema, value);
    yield* problems.map((problem) => (problem.startsWith('options: ') ? `${field}: ${problem.slice('options: '.length)}` : `${field}.${problem}`));
  }
}
