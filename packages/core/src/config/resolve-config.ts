import { dirname, join, resolve } from 'node:path';
import type {
  BrokerOptions,
  ConfiguredBrokerOptions,
  ExecutorChoice,
} from '../broker/broker-options.ts';
import { checkOptions } from '../check-options.ts';
import { HotpathError } from '../errors/hotpath-error.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { messageOf } from '../errors/message-of.ts';
import { fileJournal } from '../journal/file-journal.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { AdapterPlugin, ExecutorPlugin } from '../plugin.ts';
import { routingProblems } from '../routing/parse-routing.ts';
import { checkConfiguredOptions } from './check-configured-options.ts';
import { findPlugin } from './find-plugin.ts';
import type { HotpathConfig, PluginChoice } from './hotpath-config.ts';
import { configSchema } from './hotpath-config.ts';
import { readJson } from './read-json.ts';
import type { PluginKind, Registry } from './registry.ts';

/** Turns a config file, or what would stand in one, into the options that code would give. Throws one `InvalidOptionsError` with every problem in it. */
export async function resolveConfig(
  options: ConfiguredBrokerOptions,
): Promise<BrokerOptions<string>> {
  const { registry, config: given, ...runtime } = checkConfiguredOptions(options);
  const path = typeof given === 'string' ? resolve(given) : undefined;
  const subject = path ?? 'config';
  const folder = path === undefined ? process.cwd() : dirname(path);
  const config = checkOptions(
    subject,
    configSchema,
    path === undefined ? given : await readJson(path),
  );
  const problems: string[] = [];

  const from = join(folder, 'hotpath.config.json');
  const { adapter, executors } = await pluginsOf(registry, config, from, problems);
  // A table that stands in a file of its own is checked where it is read; one that stands here is checked with all the rest.
  if (typeof config.routing !== 'string')
    problems.push(
      ...routingProblems(config.routing, Object.keys(config.executors)).map(
        (problem) => `routing.${problem}`,
      ),
    );
  if (problems.length > 0 || !adapter) throw new InvalidOptionsError(subject, problems);

  return {
    ...settingsOf(config),
    ...runtime,
    adapter,
    executors,
    routing: typeof config.routing === 'string' ? resolve(folder, config.routing) : config.routing,
    journal: journalOf(config.journal, folder),
  };
}

/** What a config file says as an author's code would, field by field. */
function settingsOf({
  startWithinMs,
  answerTimeoutMs,
  lookupTimeoutMs,
  settleMs,
  adoptWithinMs,
  closeWithinMs,
  lookupAfterMs,
  repeatAfterMs,
  outcomeWithinMs,
  rateLimited,
  reduceWith,
  limits,
  ownOco,
  shareBudget,
  health,
  whenAllTripped,
}: HotpathConfig): Omit<BrokerOptions<string>, 'adapter' | 'executors' | 'routing' | 'journal'> {
  return {
    startWithinMs: startWithinMs === 'forever' ? Infinity : startWithinMs,
    answerTimeoutMs,
    lookupTimeoutMs,
    settleMs,
    adoptWithinMs,
    closeWithinMs,
    lookupAfterMs,
    repeatAfterMs,
    outcomeWithinMs,
    rateLimited,
    reduceWith,
    limits,
    ownOco,
    shareBudget,
    health,
    whenAllTripped,
  };
}

/** The adapter and the executors that a config names, one after the other; a problem more for each that can't be right. */
async function pluginsOf(
  registry: Registry,
  config: HotpathConfig,
  from: string,
  problems: string[],
): Promise<{
  readonly adapter: AdapterPlugin | undefined;
  readonly executors: Record<string, ExecutorChoice>;
}> {
  const adapter = await pluginOf<AdapterPlugin>(
    registry,
    'adapter',
    'adapter',
    config.adapter,
    from,
    problems,
  );
  const executors: Record<string, ExecutorChoice> = {};
  for (const [key, choice] of Object.entries(config.executors)) {
    const use = await pluginOf<ExecutorPlugin>(
      registry,
      'executor',
      `executors.${key}`,
      choice,
      from,
      problems,
    );
    if (use) executors[key] = { use, required: choice.required };
  }
  return { adapter, executors };
}

/** The plugin with its options; undefined, and a problem more, when it can't be right. An executor that is merely missing says so when it is set up. */
async function pluginOf<Plugin extends AdapterPlugin | ExecutorPlugin>(
  registry: Registry,
  kind: PluginKind,
  path: string,
  choice: PluginChoice,
  from: string,
  problems: string[],
): Promise<Plugin | undefined> {
  const found = await findPlugin(registry, kind, choice.use, from);
  if (found.is === 'missing' && kind === 'executor')
    return missingExecutor(choice.use, found.problem) as Plugin;
  if (found.is !== 'found') {
    problems.push(`${path}.use: ${found.problem}`);
    return undefined;
  }
  try {
    // The registry's factories take any options and check them; what kind of plugin they make was just looked up.
    const make = found.factory as unknown as (options: unknown) => Plugin;
    return make(choice.options ?? {});
  } catch (error) {
    // One that knows what is wrong says it better than we could.
    if (HotpathError.is(error) && !InvalidOptionsError.is(error)) throw error;
    if (!InvalidOptionsError.is(error))
      problems.push(`${path}.options: ${choice.use} threw: ${messageOf(error)}`);
    else
      problems.push(
        ...error.problems.map((problem) =>
          problem.startsWith('options: ') ? `${path}.${problem}` : `${path}.options.${problem}`,
        ),
      );
    return undefined;
  }
}

function missingExecutor(name: string, problem: string): ExecutorPlugin {
  return {
    kind: 'executor',
    pluginName: name,
    apiVersion: 1,
    setup: () => Promise.reject(new Error(problem)),
  };
}

function journalOf(
  journal: HotpathConfig['journal'],
  folder: string,
): BrokerOptions<string>['journal'] {
  return 'memory' in journal
    ? memoryJournal()
    : fileJournal(resolve(folder, journal.file), {
        fsync: journal.fsync,
        rotateAtBytes: journal.rotateAtBytes,
        damagedLines: journal.damagedLines,
        lock: journal.lock,
      });
}
