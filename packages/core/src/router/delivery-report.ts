import type { Operation } from '../operation.ts';
import type { OutcomeKind, Timings } from '../outcome.ts';

/**
 * What a delivery says about its executor. `answered`: it carried a readable answer, whatever the venue said in it. `failed`: no answer, an unreadable or an early one,
 * a failure before the first byte, or a missed deadline. `not-counted`: it says nothing, as an abort does.
 */
export type DeliveryMark = 'answered' | 'failed' | 'not-counted';

/** One delivery as its executor's statistics, health and ramp see it. Made when the delivery has ended, long after its write. */
export interface DeliveryReport {
  readonly operation: Operation;
  /** What the delivery came to, before any lookup or further attempt. */
  readonly outcome: OutcomeKind;
  readonly mark: DeliveryMark;
  /** Undefined for what has none. */
  readonly clientOrderId: string | undefined;
  /** Whether it reported that no byte of it was written. */
  readonly unwritten: boolean;
  /** The failure's code, or what the answer meant. */
  readonly code: string;
  /** Whether routing dealt it to this executor: no takeover, no repeat. */
  readonly first: boolean;
  /** When the attempt began and when it ended, monotonic milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly timings: DeliveryTimings;
  /** Milliseconds the executor held it before it was written, without those for which the event loop stood still; undefined when it never was. */
  readonly heldMs: number | undefined;
  /** The event loop had stood still when it was written or when its answer was read: its times are the bot's computing, not the executor's work. */
  readonly isDistorted: boolean;
}

export type DeliveryTimings = Omit<Timings, 'settled'>;

export const noTimings: DeliveryTimings = {
  route: undefined,
  encode: undefined,
  toWire: undefined,
  toFirstByte: undefined,
  total: undefined,
};

/** Readable answers, the venue's own errors among them, are never held against who carried them. */
export function markOfAnswer(code: string): DeliveryMark {
  return code === 'ANSWER_UNREADABLE' ? 'failed' : 'answered';
}

export function markOfFailure(code: string): DeliveryMark {
  return code === 'ABORTED' || code === 'BUDGET_EXHAUSTED' ? 'not-counted' : 'failed';
}
