import type { BrokerOptions, ExecutorChoice } from '../broker/broker-options.ts';
import type { Clock } from '../clock.ts';
import type { Endpoint, Executor } from '../executor.ts';
import { guardExecutor } from '../guests/guarded-executor.ts';
import { ExecutorHealth } from '../health/executor-health.ts';
import type { HealthSettings } from '../health/health-options.ts';
import type { Logger } from '../logger.ts';
import type { ExecutorPlugin } from '../plugin.ts';
import { deadlineIn } from '../router/deadline.ts';
import type { RosterEntry } from '../router/executor-roster.ts';
import { rosterEntry } from '../router/executor-roster.ts';
import { waitWithin } from '../router/wait-within.ts';
import { messageOf } from '../errors/message-of.ts';

/** What every executor is set up with. */
export interface ExecutorParts {
  readonly endpoint: Endpoint;
  readonly health: HealthSettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the waiting. */
  readonly stop: AbortSignal;
}

/** Milliseconds that an executor's set-up may take; one that takes longer is not used. */
const setUpWithinMs = 4_000;
/** Milliseconds for which a start waits for its first connection; it goes on connecting by itself. */
const connectWithinMs = 3_000;

/** The executors, connected where they could be. One that can't be set up or connected now is kept out of the way, not in it. */
export function setUpExecutors<Key extends string>(
  executors: BrokerOptions<Key>['executors'],
  keys: readonly Key[],
  parts: ExecutorParts,
): Promise<RosterEntry<Key>[]> {
  return Promise.all(keys.map((key) => setUpExecutor(key, choiceOf(executors[key]), parts)));
}

async function setUpExecutor<Key extends string>(
  key: Key,
  { use: plugin, required = false }: ExecutorChoice,
  parts: ExecutorParts,
): Promise<RosterEntry<Key>> {
  const { clock, log } = parts;
  const health = new ExecutorHealth(parts.health, clock);
  const made = await setUp(key, plugin, parts);
  if (typeof made === 'string') {
    log.error({ executor: key, because: made }, 'an executor could not be set up');
    return rosterEntry(key, {
      plugin: plugin.pluginName,
      required,
      executor: undefined,
      reason: made,
      health,
    });
  }
  // Its own state says whether it comes back; it stays in the roster so that it can.
  const entry = rosterEntry(key, {
    plugin: plugin.pluginName,
    required,
    executor: made,
    reason: undefined,
    health,
  });
  await connectExecutor(entry, parts);
  return entry;
}

/** Lets it connect, for as long as a start waits for that, and remembers why it could not. Never rejects. */
export async function connectExecutor<Key extends string>(
  entry: RosterEntry<Key>,
  { clock, log, stop }: Pick<ExecutorParts, 'clock' | 'log' | 'stop'>,
): Promise<void> {
  const { executor, key } = entry;
  if (!executor) return;
  const waited = await waitWithin(
    () => executor.connect(),
    deadlineIn(connectWithinMs, clock),
    stop,
    clock,
  );
  entry.connectError = waited.is === 'failed' ? waited.error : undefined;
  if (waited.is === 'failed')
    log.warn({ executor: key, error: waited.error }, 'an executor could not connect');
  else if (waited.is === 'late')
    log.warn(
      { executor: key, withinMs: connectWithinMs },
      'an executor takes long to connect; the start goes on without it',
    );
}

/** The executor, or why there is none. */
async function setUp(
  key: string,
  plugin: ExecutorPlugin,
  { endpoint, clock, log, stop }: ExecutorParts,
): Promise<Executor | string> {
  const making = async (): Promise<Executor> => plugin.setup({ key, endpoint, clock, log });
  let isLate = false;
  const work = async (): Promise<Executor> => {
    const executor = guardExecutor(await making(), { key, clock, log });
    // Nobody knows of it any more.
    if (isLate) void closeQuietly(executor);
    return executor;
  };
  const waited = await waitWithin(work, deadlineIn(setUpWithinMs, clock), stop, clock);
  if (waited.is === 'done') return waited.value;
  isLate = true;
  if (waited.is === 'failed') return messageOf(waited.error);
  return waited.is === 'late'
    ? `its setup took longer than ${setUpWithinMs} ms`
    : 'the start was given up';
}

async function closeQuietly(executor: Executor): Promise<void> {
  try {
    await executor.close();
  } catch {
    // It was never used.
  }
}

function choiceOf(choice: ExecutorPlugin | ExecutorChoice): ExecutorChoice {
  return 'use' in choice ? choice : { use: choice };
}
