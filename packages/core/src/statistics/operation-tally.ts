import type { OutcomeKind } from '../outcome.ts';
import type { DeliveryReport } from '../router/delivery-report.ts';
import type { Percentiles } from './latency-histogram.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/** Percentiles of each stage of an attempt, counted from its start; undefined where no delivery reached the stage. */
export interface StagePercentiles {
  /** Choosing the executor. */
  readonly route: Percentiles | undefined;
  /** Writing the request's bytes in memory. */
  readonly encode: Percentiles | undefined;
  /** Until the bytes were handed to the kernel. */
  readonly toWire: Percentiles | undefined;
  readonly toFirstByte: Percentiles | undefined;
  /** Until the end of the venue's answer. */
  readonly total: Percentiles | undefined;
}

/** Counted deliveries of one span of time. */
export interface TallyReport {
  readonly count: number;
  /** What the deliveries came to, before any lookup or further attempt. */
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  /** The same as parts of 1; all 0 without a delivery. */
  readonly shares: Readonly<Record<OutcomeKind, number>>;
  readonly stages: StagePercentiles;
  /** Deliveries whose times are left out of `stages`: the event loop had stood still when they were written or their answers read, by the bot's own computing or because the process was stopped. */
  readonly distorted: number;
}

/** Deliveries of one executor and operation over one span of time. Tallies can be added up. */
export class OperationTally {
  readonly #outcomes: Record<OutcomeKind, number> = {
    accepted: 0,
    rejected: 0,
    'not-sent': 0,
    unknown: 0,
  };
  readonly #route = new LatencyHistogram('compute');
  readonly #encode = new LatencyHistogram('compute');
  readonly #toWire = new LatencyHistogram('write');
  readonly #toFirstByte = new LatencyHistogram('write');
  readonly #total = new LatencyHistogram('answer');
  #count = 0;
  #distorted = 0;

  record({ outcome, timings, isDistorted }: DeliveryReport): void {
    this.#count += 1;
    this.#outcomes[outcome] += 1;
    if (isDistorted) {
      this.#distorted += 1;
      return;
    }
    const { route, encode, toWire, toFirstByte, total } = timings;
    if (route !== undefined) this.#route.record(route);
    if (encode !== undefined) this.#encode.record(encode);
    if (toWire !== undefined) this.#toWire.record(toWire);
    if (toFirstByte !== undefined) this.#toFirstByte.record(toFirstByte);
    if (total !== undefined) this.#total.record(total);
  }

  add(other: OperationTally): void {
    this.#count += other.#count;
    this.#distorted += other.#distorted;
    for (const kind of ['accepted', 'rejected', 'not-sent', 'unknown'] as const)
      this.#outcomes[kind] += other.#outcomes[kind];
    this.#route.add(other.#route);
    this.#encode.add(other.#encode);
    this.#toWire.add(other.#toWire);
    this.#toFirstByte.add(other.#toFirstByte);
    this.#total.add(other.#total);
  }

  reset(): void {
    this.#count = 0;
    this.#distorted = 0;
    for (const kind of ['accepted', 'rejected', 'not-sent', 'unknown'] as const)
      this.#outcomes[kind] = 0;
    for (const histogram of [
      this.#route,
      this.#encode,
      this.#toWire,
      this.#toFirstByte,
      this.#total,
    ])
      histogram.reset();
  }

  report(): TallyReport {
    const { accepted, rejected, 'not-sent': notSent, unknown } = this.#outcomes;
    const share = (part: number): number => (this.#count === 0 ? 0 : part / this.#count);
    return {
      count: this.#count,
      outcomes: { ...this.#outcomes },
      shares: {
        accepted: share(accepted),
        rejected: share(rejected),
        'not-sent': share(notSent),
        unknown: share(unknown),
      },
      stages: {
        route: this.#route.percentiles,
        encode: this.#encode.percentiles,
        toWire: this.#toWire.percentiles,
        toFirstByte: this.#toFirstByte.percentiles,
        total: this.#total.percentiles,
      },
      distorted: this.#distorted,
    };
  }
}
