import type { Clock } from '../clock.ts';
import type { Operation } from '../operation.ts';
import type { DeliveryReport } from '../router/delivery-report.ts';
import { Breaker } from './breaker.ts';
import type { BreakerState } from './breaker-state.ts';
import type { HealthSettings } from './health-options.ts';

/** Told when an executor is taken out of use for an operation, or put back. */
export interface HealthListener {
  tripped(operation: Operation, message: string): void;
  recovered(operation: Operation, message: string): void;
}

/** The breakers of one executor, one for each operation. */
export class ExecutorHealth {
  readonly #settings: HealthSettings;
  readonly #clock: Clock;
  readonly #breakers = new Map<Operation, Breaker>();
  /** Looked at in every call, so it is kept apart: usually empty. */
  readonly #tripped = new Set<Operation>();
  #listener: HealthListener | undefined;
  /** The hard evidence that speaks against it; with any it is used for nothing as long as another can be. */
  shunnedBecause: string | undefined;

  constructor(settings: HealthSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  listen(listener: HealthListener): void {
    this.#listener = listener;
  }

  isTripped(operation: Operation): boolean {
    return (
      this.shunnedBecause !== undefined || (this.#tripped.size > 0 && this.#tripped.has(operation))
    );
  }

  /** Why it is tripped for an operation, and since when; undefined when no breaker of its is. */
  tripOf(operation: Operation): { readonly since: number; readonly because: string } | undefined {
    return this.#tripped.has(operation) ? this.#breakers.get(operation)?.trip : undefined;
  }

  record({ operation, mark, code, heldMs }: DeliveryReport): void {
    if (mark === 'not-counted') return;
    const { slowestWriteMs } = this.#settings;
    const slow = slowestWriteMs > 0 && heldMs !== undefined && heldMs > slowestWriteMs;
    let breaker = this.#breakers.get(operation);
    if (!breaker) {
      breaker = new Breaker(this.#settings);
      this.#breakers.set(operation, breaker);
    }
    const because = breaker.record(
      mark === 'failed' || slow,
      slow && mark === 'answered' ? 'a late write' : code,
      this.#clock.now(),
    );
    if (because === undefined) return;
    this.#tripped.add(operation);
    this.#listener?.tripped(operation, `${because}.`);
  }

  /** Begins anew: what failed so far says nothing about it. */
  reset(): void {
    this.#breakers.clear();
    this.#tripped.clear();
  }

  /** Wall milliseconds at which a probe is due; undefined when nothing is tripped. */
  get probeAt(): number | undefined {
    let earliest: number | undefined;
    for (const operation of this.#tripped) {
      const at = this.#breakers.get(operation)?.probeAt;
      if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** A read is about to try it for every operation whose time has come. */
  probing(): Operation[] {
    const now = this.#clock.now();
    const due = [...this.#tripped].filter(
      (operation) => (this.#breakers.get(operation)?.probeAt ?? Infinity) <= now,
    );
    for (const operation of due) this.#breakers.get(operation)?.halfOpen();
    return due;
  }

  probed(operations: readonly Operation[], answered: boolean): void {
    for (const operation of operations) {
      const breaker = this.#breakers.get(operation);
      if (!answered) breaker?.probeFailed(this.#clock.now());
      else if (breaker?.probeAnswered() === true) {
        this.#tripped.delete(operation);
        this.#listener?.recovered(
          operation,
          `${this.#settings.goodProbes} reads in a row were answered.`,
        );
      }
    }
  }

  /** Only operations it has delivered. */
  report(): Partial<Record<Operation, BreakerState>> {
    const now = this.#clock.now();
    const report: Partial<Record<Operation, BreakerState>> = {};
    for (const [operation, breaker] of this.#breakers) report[operation] = breaker.state(now);
    return report;
  }
}
