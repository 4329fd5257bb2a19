import type { Executor, ExecutorState } from '../executor.ts';
import type { Operation } from '../operation.ts';
import type { RoutingSnapshot } from '../routing/routing-snapshot.ts';
import type { OperationReport } from '../statistics/executor-statistics.ts';
import { ExecutorStatistics } from '../statistics/executor-statistics.ts';

/** What `broker.executors()` tells of one executor. */
export interface ExecutorReport {
  /** The plugin's name. */
  readonly plugin: string;
  /** Whether routing may choose it now. */
  readonly available: boolean;
  /** Why it is not available. */
  readonly reason: string | undefined;
  readonly state: ExecutorState;
  /** Only operations it has delivered. */
  readonly operations: Partial<Record<Operation, OperationReport>>;
}

export interface RosterEntry<Key extends string> {
  readonly key: Key;
  readonly plugin: string;
  /** Undefined when it could not be set up; `reason` says why. */
  readonly executor: Executor | undefined;
  readonly reason: string | undefined;
  readonly statistics: ExecutorStatistics;
}
export interface ReadyEntry<Key extends string> extends RosterEntry<Key> {
  readonly executor: Executor;
}

export function rosterEntry<Key extends string>(key: Key, plugin: string, executor: Executor | undefined, reason?: string): RosterEntry<Key> {
  return { key, plugin, executor, reason, statistics: new ExecutorStatistics() };
}

/** The executors a broker has, in the order of takeover. */
export class ExecutorRoster<Key extends string> {
  readonly #entries: ReadonlyMap<Key, RosterEntry<Key>>;

  constructor(entries: Iterable<RosterEntry<Key>>) {
    this.#entries = new Map([...entries].map((entry) => [entry.key, entry]));
  }

  /** The wanted executor, or the next in order round the list that can be used and has not been tried. */
  choose(wanted: Key, routing: RoutingSnapshot<Key>, tried?: ReadonlySet<Key>): ReadyEntry<Key> | undefined {
    const start = Math.max(0, routing.order.indexOf(wanted));
    for (let step = 0; step < routing.order.length; step += 1) {
      const key = routing.order[(start + step) % routing.order.length];
      const entry = key === undefined || tried?.has(key) || routing.off.has(key) ? undefined : this.#entries.get(key);
      if (entry && isReady(entry)) return entry;
    }
    return undefined;
  }

  report(routing: RoutingSnapshot<Key>): Record<Key, ExecutorReport> {
    const report: Partial<Record<Key, ExecutorReport>> = {};
    for (const key of routing.order) {
      const entry = this.#entries.get(key);
      if (entry) report[key] = this.#reportOf(entry, routing);
    }
    return report as Record<Key, ExecutorReport>;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#entries.values()].map(async (entry) => entry.executor?.close()));
  }

  #reportOf(entry: RosterEntry<Key>, routing: RoutingSnapshot<Key>): ExecutorReport {
    const state: ExecutorState = entry.executor?.state ?? { is: 'unavailable', reason: entry.reason ?? 'not set up' };
    const off = routing.off.has(entry.key);
    const reason = off ? 'turned off by routing' : state.is === 'unavailable' ? state.reason : state.is === 'closed' ? 'closed' : undefined;
    return { plugin: entry.plugin, available: !off && isReady(entry), reason, state, operations: entry.statistics.report() };
  }
}

function isReady<Key extends string>(entry: RosterEntry<Key>): entry is ReadyEntry<Key> {
  const state = entry.executor?.state.is;
  return state === 'ready' || state === 'connecting';
}
