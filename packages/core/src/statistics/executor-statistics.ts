import type { Operation } from '../operation.ts';
import type { OutcomeKind } from '../outcome.ts';
import type { Percentiles } from './latency-histogram.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/** One executor's deliveries of one operation. */
export interface OperationReport {
  readonly count: number;
  /** What the deliveries came to, before any lookup or further attempt. */
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  /** From the attempt's start to the end of the venue's answer; undefined before the first answer. */
  readonly latency: Percentiles | undefined;
}

class OperationStatistics {
  readonly latency = new LatencyHistogram();
  readonly outcomes: Record<OutcomeKind, number> = { accepted: 0, rejected: 0, 'not-sent': 0, unknown: 0 };
  count = 0;
}

/** Counts and latencies of one executor. */
export class ExecutorStatistics {
  readonly #operations = new Map<Operation, OperationStatistics>();

  /** `answeredMs` is undefined for a delivery without an answer. */
  record(operation: Operation, outcome: OutcomeKind, answeredMs: number | undefined): void {
    let statistics = this.#operations.get(operation);
    if (!statistics) {
      statistics = new OperationStatistics();
      this.#operations.set(operation, statistics);
    }
    statistics.count += 1;
    statistics.outcomes[outcome] += 1;
    if (answeredMs !== undefined) statistics.latency.record(answeredMs);
  }

  report(): Partial<Record<Operation, OperationReport>> {
    const report: Partial<Record<Operation, OperationReport>> = {};
    for (const [operation, { count, outcomes, latency }] of this.#operations) {
      report[operation] = { count, outcomes: { ...outcomes }, latency: latency.percentiles };
    }
    return report;
  }
}
