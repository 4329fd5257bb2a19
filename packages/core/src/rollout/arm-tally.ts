import type { DeliveryReport } from '../router/delivery-report.ts';
import type { SparseCounts } from './log-counts.ts';
import { LogCounts } from './log-counts.ts';

/** One delivery as a ramp sees it. */
export interface RampSample {
  /** `unknown`: written, without a readable answer. `failed`: failed before its first byte. */
  readonly end: 'answered' | 'unknown' | 'failed';
  /** From the call until the bytes were handed to the kernel, less what came before routing; undefined when not written. */
  readonly overheadUs: number | undefined;
  /** From the attempt's start to the end of the answer; undefined without an answer. */
  readonly totalUs: number | undefined;
}

/** What a ramp takes of a delivery; undefined for what says nothing about its executor. Latencies are compared for places alone, which routing deals by chance. */
export function rampSample({
  operation,
  outcome,
  mark,
  first,
  timings,
  heldMs,
  isDistorted,
}: DeliveryReport): RampSample | undefined {
  if (!first || mark === 'not-counted' || operation === 'read') return undefined;
  const end = mark === 'answered' ? 'answered' : outcome === 'not-sent' ? 'failed' : 'unknown';
  // What the loop stood still tells nothing of an executor's times; how it ended does.
  if (operation !== 'place' || isDistorted)
    return { end, overheadUs: undefined, totalUs: undefined };
  const overheadMs =
    heldMs === undefined ? undefined : (timings.route ?? 0) + (timings.encode ?? 0) + heldMs;
  return { end, overheadUs: inMicroseconds(overheadMs), totalUs: inMicroseconds(timings.total) };
}

/** A tally as a journal line keeps it. */
export interface SparseTally {
  readonly deliveries: number;
  readonly unknown: number;
  readonly failed: number;
  readonly overhead: SparseCounts;
  readonly total: SparseCounts;
}

/** One executor's deliveries over a stretch of time. Tallies can be added up. */
export class ArmTally {
  deliveries = 0;
  unknown = 0;
  failed = 0;
  overhead: LogCounts = new LogCounts();
  total: LogCounts = new LogCounts();

  record({ end, overheadUs, totalUs }: RampSample): void {
    this.deliveries += 1;
    if (end === 'unknown') this.unknown += 1;
    if (end === 'failed') this.failed += 1;
    if (overheadUs !== undefined) this.overhead.record(overheadUs);
    if (totalUs !== undefined) this.total.record(totalUs);
  }

  add(other: ArmTally): void {
    this.deliveries += other.deliveries;
    this.unknown += other.unknown;
    this.failed += other.failed;
    this.overhead.add(other.overhead);
    this.total.add(other.total);
  }

  toSparse(): SparseTally {
    const { deliveries, unknown, failed } = this;
    return {
      deliveries,
      unknown,
      failed,
      overhead: this.overhead.toSparse(),
      total: this.total.toSparse(),
    };
  }

  static fromSparse({ deliveries, unknown, failed, overhead, total }: SparseTally): ArmTally {
    const tally = new ArmTally();
    Object.assign(tally, { deliveries, unknown, failed });
    tally.overhead = LogCounts.fromSparse(overhead);
    tally.total = LogCounts.fromSparse(total);
    return tally;
  }
}

function inMicroseconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds * 1000;
}
