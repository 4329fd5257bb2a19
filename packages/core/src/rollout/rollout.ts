import type { IntentBook } from '../broker/intent-book.ts';
import type { Clock } from '../clock.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { RolloutChanged } from '../events/event-map.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '../logger.ts';
import type { Order } from '../order.ts';
import type { DeliveryReport } from '../router/delivery-report.ts';
import type { ExecutorRoster } from '../router/executor-roster.ts';
import type { LiveRouting } from '../routing/live-routing.ts';
import type { Weights } from '../routing/routing-config.ts';
import type { HardEvidence } from './hard-evidence.ts';
import { evidenceOf, evidenceSentence } from './hard-evidence.ts';
import { rampSample } from './arm-tally.ts';
import type { RampMove, RampState, RolloutCause } from './ramp.ts';
import { Ramp } from './ramp.ts';
import { rampPlan } from './ramp-plan.ts';
import type { RolloutHistory, RolloutLatch } from './rollout-history.ts';
import { UnwrittenClaims } from './unwritten-claims.ts';

export interface RolloutParts<Key extends string> {
  readonly routing: LiveRouting<Key>;
  readonly roster: ExecutorRoster<Key>;
  readonly journal: Journal;
  readonly book: IntentBook<Key>;
  readonly events: EventHub<Key>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Where a rollout stands. */
export interface RolloutReport<Key extends string = string> {
  /** Percent in force where no rule matches. */
  readonly weights: Record<Key, number>;
  /** Undefined when the table has no ramp. */
  readonly ramp: { readonly executor: Key; readonly state: RampState } | undefined;
  /** Latches that no table has released. */
  readonly latches: readonly RolloutLatch<Key>[];
}

interface Change<Key extends string> {
  readonly executor: Key;
  readonly cause: RolloutCause;
  readonly fromPercent: number;
  readonly toPercent: number;
  readonly because: string;
  readonly latch?: string | undefined;
  readonly evidence?: object | undefined;
}

/** Moves shares over time: the table's ramp, up and down, and zeros by evidence. Every change is journaled and announced; none happens between a call and its write. */
export class Rollout<Key extends string> {
  readonly #parts: RolloutParts<Key>;
  readonly #history: RolloutHistory;
  readonly #latches = new Map<string, RolloutLatch<Key>>();
  readonly #claims = new UnwrittenClaims<Key>();
  #ramp: { readonly executor: Key; readonly ramp: Ramp } | undefined;
  /** What was changed while the broker started. */
  #early: RolloutChanged<Key>[] | undefined = [];
  /** When the ramp last moved, monotonic milliseconds. */
  #movedAt = -Infinity;
  /** In force where no rule matches, as last told, and as the table has it. */
  #weights: ReadonlyMap<Key, number>;
  #written: Weights<Key>;

  constructor(parts: RolloutParts<Key>, history: RolloutHistory) {
    this.#parts = parts;
    this.#history = history;
    this.#weights = parts.routing.current.weights;
    this.#written = parts.routing.current.config.default;
    for (const latch of history.latches()) {
      const executor = parts.routing.current.order.find((key) => key === latch.executor);
      if (executor !== undefined) this.#latches.set(latch.id, { ...latch, executor });
    }
  }

  /** From here on the ramp and the latches are in force. */
  start(): void {
    const { roster, routing, events } = this.#parts;
    this.#applyTable();
    // Nobody can listen before the broker is given out.
    const early = this.#early ?? [];
    this.#early = undefined;
    if (early.length > 0)
      this.#parts.clock.setTimer(0, () =>
        early.forEach((change) => events.emit('rollout.changed', change)),
      );
    routing.onTable(() => this.#followTable());
    roster.onDelivery((executor, report) => {
      // An order's outcome stands behind this: nothing that is wrong here may reach it.
      try {
        this.#weigh(executor, report);
        this.#delivered(executor, report);
      } catch (error) {
        this.#parts.log.error(
          { executor, error },
          'a delivery could not be counted in the rollout',
        );
      }
    });
    events.on('executor.tripped', ({ executor, operation, message }) => {
      if (executor !== this.#ramp?.executor || operation === 'read') return;
      this.#moved(this.#ramp.ramp.tripped(message, this.#parts.clock.now()));
    });
    events.on('order.updated', (order) => this.#sawOrder(order));
    events.on('order.contradicted', ({ told, order }) => {
      const evidence = evidenceOf(told, order);
      if (evidence && told.executor !== undefined) this.holdAgainst(told.executor, evidence);
    });
  }

  /** Hard evidence: the executor's share goes to zero at once and stays there until a person releases the latch. */
  holdAgainst(executor: Key, evidence: HardEvidence): void {
    const { clock, log } = this.#parts;
    const because = evidenceSentence(evidence);
    if ([...this.#latches.values()].some((latch) => latch.executor === executor && latch.hard)) {
      log.warn({ executor, evidence }, 'more hard evidence against an executor that is at zero');
      return;
    }
    const fromPercent = this.#weights.get(executor) ?? 0;
    const latch = this.#setLatch(executor, because, true);
    if (executor === this.#ramp?.executor) this.#ramp.ramp.latch(because, clock.now());
    this.#limit();
    this.#tell({
      executor,
      cause: 'evidence',
      fromPercent,
      toPercent: 0,
      because,
      latch,
      evidence,
    });
  }

  report(): RolloutReport<Key> {
    const { weights, order } = this.#parts.routing.current;
    const report: Partial<Record<Key, number>> = {};
    for (const key of order) report[key] = weights.get(key) ?? 0;
    const ramp = this.#ramp && { executor: this.#ramp.executor, state: this.#ramp.ramp.state };
    return { weights: report as Record<Key, number>, ramp, latches: [...this.#latches.values()] };
  }

  /** "In use" for an id that was minted for this very call: only a request of this intent can have used it. */
  #weigh(
    executor: Key,
    { operation, clientOrderId, unwritten, code, first }: DeliveryReport,
  ): void {
    if (operation !== 'place' || clientOrderId === undefined) return;
    if (unwritten) return this.#claims.add(clientOrderId, executor);
    if (code !== 'client-order-id-in-use' || this.#parts.book.find(clientOrderId)?.minted !== true)
      return;
    if (first) return this.holdAgainst(executor, { of: 'second-request', clientOrderId });
    for (const claimant of this.#claims.of(clientOrderId))
      this.holdAgainst(claimant, { of: 'unwritten-order', clientOrderId, orderId: undefined });
  }

  /** An order of which every delivery had reported that nothing was written must not be at the venue. An id of the author's own may have named an older order. */
  #sawOrder({ clientOrderId, orderId, parentOrderId, createdAt }: Order): void {
    const claimants =
      clientOrderId === undefined || parentOrderId !== undefined
        ? []
        : this.#claims.of(clientOrderId);
    const record =
      claimants.length === 0 || clientOrderId === undefined
        ? undefined
        : this.#parts.book.find(clientOrderId);
    if (
      record?.outcome?.kind !== 'not-sent' ||
      record.outcome.code === 'UNAUTHORIZED' ||
      (!record.minted && createdAt < record.calledAt)
    )
      return;
    for (const claimant of claimants)
      this.holdAgainst(claimant, { of: 'unwritten-order', clientOrderId, orderId });
  }

  #delivered(executor: Key, report: DeliveryReport): void {
    const { routing, journal, clock, log } = this.#parts;
    // What was under way when the share moved belongs to the step before.
    if (!this.#ramp || report.startedAt < this.#movedAt) return;
    const { ramp, executor: ramped } = this.#ramp;
    const { order } = routing.current;
    const arm = executor === ramped ? 'ramp' : executor === order.at(-1) ? 'control' : undefined;
    const sample = arm && rampSample(report);
    if (!arm || !sample) return;
    const now = clock.now();
    const { closed, move } = ramp.take(arm, sample, now, this.#ceilingOf(ramped));
    const window = closed && !move ? ramp.newestWindow() : undefined;
    if (window) {
      try {
        journal.append({
          kind: 'rollout-window',
          at: now,
          executor: ramped,
          percent: ramp.percent,
          ...window,
        });
      } catch (cause) {
        log.error(
          { cause },
          "a ramp's window could not be written to the journal; after a restart it counts anew",
        );
      }
    }
    this.#moved(move);
  }

  /** The most percent the table allows anywhere: beyond it a ramp has nothing to gain. */
  #ceilingOf(executor: Key): number {
    const { default: weights, rules = [] } = this.#parts.routing.current.config;
    return Math.max(weights[executor] ?? 0, ...rules.map((rule) => rule.weights[executor] ?? 0));
  }

  #followTable(): void {
    const before = this.#weights;
    const written = this.#written;
    const told = this.#applyTable();
    for (const [executor, toPercent] of this.#weights) {
      const fromPercent = before.get(executor) ?? 0;
      // What only gives or takes what a ramp or a latch moved is not told beside it.
      const isConsequence = told.size > 0 && written[executor] === this.#written[executor];
      if (fromPercent !== toPercent && !told.has(executor) && !isConsequence)
        this.#tell({
          executor,
          cause: 'table',
          fromPercent,
          toPercent,
          because: 'The routing table changed.',
        });
    }
  }

  /** Gives back the executors whose change it has told. */
  #applyTable(): ReadonlySet<Key> {
    const { routing, clock } = this.#parts;
    const { ramp: config, released = [], default: written } = routing.current.config;
    this.#written = written;
    const now = clock.now();
    const changes: Change<Key>[] = [];
    const before = this.#weights;
    for (const id of released) changes.push(...this.#release(id));
    if (!config) this.#ramp = undefined;
    else if (config.executor === this.#ramp?.executor) {
      const move = this.#ramp.ramp.replan(rampPlan(config), now);
      if (move) changes.push({ executor: config.executor, ...move });
    } else {
      const memory = this.#history.rampOf(config.executor);
      const ramp = new Ramp(rampPlan(config), now, memory);
      this.#ramp = { executor: config.executor, ramp };
      if (!memory)
        changes.push({
          executor: config.executor,
          cause: 'begun',
          fromPercent: before.get(config.executor) ?? 0,
          toPercent: ramp.percent,
          because: 'A ramp begins at its first step.',
        });
    }
    this.#limit();
    for (const change of changes) this.#tell(change);
    return new Set(changes.map(({ executor }) => executor));
  }

  #release(id: string): Change<Key>[] {
    const latch = this.#latches.get(id);
    if (!latch) return [];
    this.#latches.delete(id);
    const { executor } = latch;
    if ([...this.#latches.values()].some((other) => other.executor === executor)) return [];
    const move =
      executor === this.#ramp?.executor
        ? this.#ramp.ramp.release(this.#parts.clock.now())
        : undefined;
    const toPercent = move?.toPercent ?? this.#parts.routing.current.config.default[executor] ?? 0;
    return [
      {
        executor,
        cause: 'released',
        fromPercent: 0,
        toPercent,
        because: `A person released the latch "${id}".`,
        latch: id,
      },
    ];
  }

  #moved(move: RampMove | undefined): void {
    if (!move || !this.#ramp) return;
    const { executor, ramp } = this.#ramp;
    this.#movedAt = this.#parts.clock.monotonic();
    const { state } = ramp;
    const waits = state.is === 'zero' && state.reenterAt === undefined;
    const latch = waits ? this.#setLatch(executor, move.because, false) : undefined;
    this.#limit();
    const { cause, fromPercent, toPercent, because, verdict } = move;
    this.#tell({ executor, cause, fromPercent, toPercent, because, latch, evidence: verdict });
  }

  #setLatch(executor: Key, because: string, hard: boolean): string {
    const at = this.#parts.clock.now();
    const id = `${executor}@${new Date(at).toISOString()}`;
    this.#latches.set(id, { id, executor, at, because, hard });
    return id;
  }

  #limit(): void {
    const { routing, roster } = this.#parts;
    const ceilings = new Map<Key, number>();
    if (this.#ramp) ceilings.set(this.#ramp.executor, this.#ramp.ramp.percent);
    const latched = new Set<Key>();
    const hard = new Map<Key, string>();
    for (const latch of this.#latches.values()) {
      ceilings.set(latch.executor, 0);
      latched.add(latch.executor);
      if (latch.hard) hard.set(latch.executor, latch.because);
    }
    for (const entry of roster.entries()) entry.health.shunnedBecause = hard.get(entry.key);
    routing.limit(ceilings, latched);
    this.#weights = routing.current.weights;
  }

  #tell(change: Change<Key>): void {
    const { journal, events, clock, log } = this.#parts;
    const { executor, cause, fromPercent, toPercent, because, latch, evidence } = change;
    const ramp = executor === this.#ramp?.executor ? this.#ramp.ramp.memory : undefined;
    try {
      journal.append({
        kind: 'rollout',
        at: clock.now(),
        executor,
        cause,
        fromPercent,
        toPercent,
        because,
        latch,
        evidence,
        ramp,
      });
    } catch (error) {
      log.error(
        { executor, cause: error },
        'a change of shares could not be written to the journal; after a restart it is not known',
      );
    }
    const told = { executor, cause, fromPercent, toPercent, because, latch, evidence };
    if (this.#early) this.#early.push(told);
    else events.emit('rollout.changed', told);
  }
}
