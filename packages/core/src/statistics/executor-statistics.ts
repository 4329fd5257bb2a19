import type { Operation } from '../operation.ts';
import type { DeliveryReport } from '../router/delivery-report.ts';
import type { Percentiles } from './latency-histogram.ts';
import type { TallyReport } from './operation-tally.ts';
import { OperationTally } from './operation-tally.ts';

/** One executor's deliveries of one operation since the broker began or the metrics were last reset. */
export interface OperationReport extends TallyReport {
  /** From the attempt's start to the end of the venue's answer: the same as `stages.total`. Undefined before the first answer. */
  readonly latency: Percentiles | undefined;
  /** The same numbers for the last minute that is complete and the one that is not. */
  readonly recent: TallyReport;
}

/** Milliseconds of one window. */
const windowMs = 60_000;

/** Deliveries that are kept before they are counted in: together that takes a third of the time, and an order's outcome waits for none of it. */
const batch = 64;

/** One operation's numbers: recorded into the window that is open, which is merged into the whole when it ends. */
class OperationStatistics {
  readonly #waiting: DeliveryReport[] = [];
  #window = new OperationTally();
  #previous = new OperationTally();
  readonly #merged = new OperationTally();
  #windowEndsAt = -Infinity;

  record(report: DeliveryReport): void {
    this.#waiting.push(report);
    if (this.#waiting.length === batch) queueMicrotask(() => this.#count());
  }

  #count(): void {
    for (const report of this.#waiting.splice(0)) {
      this.#turn(report.endedAt);
      this.#window.record(report);
    }
  }

  report(now: number): OperationReport {
    this.#count();
    this.#turn(now);
    const whole = new OperationTally();
    whole.add(this.#merged);
    whole.add(this.#window);
    const recent = new OperationTally();
    recent.add(this.#previous);
    recent.add(this.#window);
    const report = whole.report();
    return { ...report, latency: report.stages.total, recent: recent.report() };
  }

  #turn(now: number): void {
    if (now < this.#windowEndsAt) return;
    const ended = this.#window;
    this.#merged.add(ended);
    const isOld = now >= this.#windowEndsAt + windowMs;
    this.#window = this.#previous;
    this.#window.reset();
    this.#previous = ended;
    if (isOld) ended.reset();
    this.#windowEndsAt = now + windowMs;
  }
}

/** Counts and times of one executor. */
export class ExecutorStatistics {
  #operations = new Map<Operation, OperationStatistics>();

  record(report: DeliveryReport): void {
    let statistics = this.#operations.get(report.operation);
    if (!statistics) {
      statistics = new OperationStatistics();
      this.#operations.set(report.operation, statistics);
    }
    statistics.record(report);
  }

  /** `now`: monotonic milliseconds. */
  report(now: number): Partial<Record<Operation, OperationReport>> {
    const report: Partial<Record<Operation, OperationReport>> = {};
    for (const [operation, statistics] of this.#operations)
      report[operation] = statistics.report(now);
    return report;
  }

  /** Begins anew. What is under way is counted where it ends: before or after, never twice and never not at all. */
  reset(): void {
    this.#operations = new Map();
  }
}
