import type { Executor, ExecutorState } from '../executor.ts';
import type { BreakerState } from '../health/breaker-state.ts';
import type { ExecutorHealth } from '../health/executor-health.ts';
import type { Operation } from '../operation.ts';
import { inMode } from '../outcomes/told.ts';
import type { RoutingSnapshot } from '../routing/routing-snapshot.ts';
import type { OperationReport } from '../statistics/executor-statistics.ts';
import { ExecutorStatistics } from '../statistics/executor-statistics.ts';
import type { PassedBy } from './decision.ts';
import { passedByText, shortReason } from './decision.ts';
import type { DeliveryReport } from './delivery-report.ts';

/** What `broker.executors()` tells of one executor. */
export interface ExecutorReport {
  /** Only when what it delivers reaches no venue. */
  readonly mode?: 'paper' | undefined;
  /** The plugin's name. */
  readonly plugin: string;
  /** Whether routing may choose it now. */
  readonly available: boolean;
  /** Why it is not available. */
  readonly reason: string | undefined;
  readonly state: ExecutorState;
  /** Whether it is used, by operation; only operations it has delivered. */
  readonly health: Partial<Record<Operation, BreakerState>>;
  /** Only operations it has delivered. */
  readonly operations: Partial<Record<Operation, OperationReport>>;
}

/** What to do when every executor that could deliver is tripped. `refuse`: `not-sent` `EXECUTORS_TRIPPED`. `use-last`: the last in order delivers all the same. */
export type TrippedPolicy = 'refuse' | 'use-last';

/** What an executor is wanted for. */
export interface Wanted<Key extends string> {
  readonly key: Key;
  readonly operation: Operation;
  readonly whenAllTripped: TrippedPolicy;
}

/** Executors that have had the request already and may not have it again. */
interface Tried<Key extends string> {
  has(key: Key): boolean;
}

export interface RosterEntry<Key extends string> {
  readonly key: Key;
  readonly plugin: string;
  /** Whether the broker may not start without it. */
  readonly required: boolean;
  /** Undefined when it could not be set up; `reason` says why. */
  readonly executor: Executor | undefined;
  readonly reason: string | undefined;
  /** Why it could not connect when a start last asked it to; undefined when it could. */
  connectError: unknown;
  readonly statistics: ExecutorStatistics;
  readonly health: ExecutorHealth;
}
export interface ReadyEntry<Key extends string> extends RosterEntry<Key> {
  readonly executor: Executor;
}

export function rosterEntry<Key extends string>(
  key: Key,
  parts: Pick<RosterEntry<Key>, 'plugin' | 'required' | 'executor' | 'reason' | 'health'>,
): RosterEntry<Key> {
  return { key, ...parts, connectError: undefined, statistics: new ExecutorStatistics() };
}

/** The executors a broker has, in the order of takeover. */
export class ExecutorRoster<Key extends string> {
  readonly #entries: ReadonlyMap<Key, RosterEntry<Key>>;
  readonly #mode: 'paper' | undefined;
  #onDelivery: ((key: Key, report: DeliveryReport) => void) | undefined;

  constructor(entries: Iterable<RosterEntry<Key>>, mode?: 'paper') {
    this.#mode = mode;
    this.#entries = new Map([...entries].map((entry) => [entry.key, entry]));
  }

  entries(): Iterable<RosterEntry<Key>> {
    return this.#entries.values();
  }

  find(key: Key): RosterEntry<Key> | undefined {
    return this.#entries.get(key);
  }

  /** The wanted executor, or the next in order round the list that can be used, is not tripped and has not been tried. */
  choose(
    { key: wanted, operation, whenAllTripped }: Wanted<Key>,
    routing: RoutingSnapshot<Key>,
    tried?: Tried<Key>,
  ): ReadyEntry<Key> | undefined {
    const { order } = routing;
    const start = Math.max(0, order.indexOf(wanted));
    for (let step = 0; step < order.length; step += 1) {
      const entry = this.#usable(order[(start + step) % order.length], routing, tried);
      if (entry && !entry.health.isTripped(operation)) return entry;
    }
    if (whenAllTripped === 'refuse') return undefined;
    for (let index = order.length - 1; index >= 0; index -= 1) {
      const entry = this.#usable(order[index], routing, tried);
      if (entry) return entry;
    }
    return undefined;
  }

  /** Whether somebody could deliver, tripped or not. */
  hasReady(routing: RoutingSnapshot<Key>): boolean {
    return routing.order.some((key) => this.#usable(key, routing, undefined) !== undefined);
  }

  /**
   * Why the request went past the wanted executor, and past those behind it, up to `chosen`; without one, past all of them. Asked only when it did, so that it costs nothing where the wanted one delivers.
   * `failed`: who has had it, and the code of its failure.
   */
  passedBy(
    { key: wanted, operation }: Pick<Wanted<Key>, 'key' | 'operation'>,
    chosen: Key | undefined,
    routing: RoutingSnapshot<Key>,
    failed?: ReadonlyMap<Key, string>,
  ): PassedBy[] {
    const { order } = routing;
    const start = order.indexOf(wanted);
    const passed: PassedBy[] =
      start < 0
        ? [
            {
              executor: wanted,
              why: 'unknown',
              because: 'this broker has no executor of that name',
            },
          ]
        : [];
    for (let step = 0; step < order.length; step += 1) {
      const key = order[(Math.max(0, start) + step) % order.length];
      if (key === undefined) continue;
      const reason = this.#reasonAgainst(key, operation, routing, failed);
      if (key === chosen && reason?.why !== 'tripped' && reason?.why !== 'latched') break;
      // A last resort is one of those that are tripped: all of them were passed by first.
      if (reason) passed.push(reason);
    }
    return passed;
  }

  /** Why nobody could deliver, as clauses for a person, of each executor one. `failures`: what those said that have had the request. */
  whyNobody(
    operation: Operation,
    routing: RoutingSnapshot<Key>,
    failures?: ReadonlyMap<Key, string>,
  ): string {
    const [first] = routing.order;
    if (first === undefined) return '';
    const said = new Map<string, string>(failures);
    const reasons = this.passedBy({ key: first, operation }, undefined, routing, failures).map(
      (each) => {
        const failure = said.get(each.executor);
        return failure === undefined
          ? passedByText(each, operation)
          : `${each.executor}: ${failure}`;
      },
    );
    return reasons.map((reason) => reason.replace(/\.$/, '')).join('; ');
  }

  /** Takes in how a delivery ended. Called when its write is long past. */
  delivered(entry: RosterEntry<Key>, report: DeliveryReport): void {
    entry.statistics.record(report);
    entry.health.record(report);
    this.#onDelivery?.(entry.key, report);
  }

  onDelivery(listener: (key: Key, report: DeliveryReport) => void): void {
    this.#onDelivery = listener;
  }

  /** `now`: monotonic milliseconds. */
  report(routing: RoutingSnapshot<Key>, now: number): Record<Key, ExecutorReport> {
    const report: Partial<Record<Key, ExecutorReport>> = {};
    for (const key of routing.order) {
      const entry = this.#entries.get(key);
      if (entry) report[key] = this.#reportOf(entry, routing, now);
    }
    return report as Record<Key, ExecutorReport>;
  }

  /** Resets the connections of all that can. */
  resetConnections(because: string): void {
    for (const { executor } of this.#entries.values()) executor?.reset?.(because);
  }

  /** Holds against nobody what failed while the venue was not there. */
  resetHealth(): void {
    for (const { health } of this.#entries.values()) health.reset();
  }

  /** Begins the counts anew. */
  resetStatistics(): void {
    for (const entry of this.#entries.values()) entry.statistics.reset();
  }

  async close(): Promise<void> {
    await Promise.allSettled(
      [...this.#entries.values()].map(async (entry) => entry.executor?.close()),
    );
  }

  #reasonAgainst(
    key: Key,
    operation: Operation,
    routing: RoutingSnapshot<Key>,
    failed: ReadonlyMap<Key, string> | undefined,
  ): PassedBy | undefined {
    const entry = this.#entries.get(key);
    const code = failed?.get(key);
    if (code !== undefined) return { executor: key, why: 'failed', because: code };
    if (routing.off.has(key))
      return { executor: key, why: 'off', because: 'turned off by the routing table' };
    if (!entry)
      return { executor: key, why: 'unknown', because: 'this broker has no executor of that name' };
    if (!isReady(entry))
      return {
        executor: key,
        why: 'unavailable',
        because: shortReason(
          `${entry.executor ? '' : 'it could not be set up: '}${reasonOf(stateOf(entry)) ?? 'it gives no reason'}`,
        ),
      };
    const { shunnedBecause } = entry.health;
    if (shunnedBecause !== undefined)
      return { executor: key, why: 'latched', because: shortReason(shunnedBecause) };
    const trip = entry.health.tripOf(operation);
    return (
      trip && {
        executor: key,
        why: 'tripped',
        since: trip.since,
        because: shortReason(trip.because),
      }
    );
  }

  #usable(
    key: Key | undefined,
    routing: RoutingSnapshot<Key>,
    tried: Tried<Key> | undefined,
  ): ReadyEntry<Key> | undefined {
    if (key === undefined || routing.off.has(key) || tried?.has(key) === true) return undefined;
    const entry = this.#entries.get(key);
    return entry && isReady(entry) ? entry : undefined;
  }

  #reportOf(entry: RosterEntry<Key>, routing: RoutingSnapshot<Key>, now: number): ExecutorReport {
    const state = stateOf(entry);
    const off = routing.off.has(entry.key);
    const reason = off ? 'turned off by routing' : reasonOf(state);
    return inMode(this.#mode, {
      plugin: entry.plugin,
      available: !off && isReady(entry),
      reason,
      state,
      health: entry.health.report(),
      operations: entry.statistics.report(now),
    });
  }
}

function isReady<Key extends string>(entry: RosterEntry<Key>): entry is ReadyEntry<Key> {
  const state = entry.executor?.state.is;
  return state === 'ready' || state === 'connecting';
}

function stateOf<Key extends string>(entry: RosterEntry<Key>): ExecutorState {
  return entry.executor?.state ?? { is: 'unavailable', reason: entry.reason ?? 'not set up' };
}

/** Why it can't be used now; undefined when it can. */
function reasonOf(state: ExecutorState): string | undefined {
  return state.is === 'closed' ? 'closed' : state.is === 'unavailable' ? state.reason : undefined;
}
