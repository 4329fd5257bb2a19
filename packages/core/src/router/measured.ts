import type { Marks } from '../delivery.ts';
import type { LoopWatch } from '../loop-watch.ts';
import type { DeliveryMark } from './delivery-report.ts';

/** What a delivery's times are worth, and its failure. */
export interface Measured {
  readonly mark: DeliveryMark;
  /** Milliseconds the executor held it, without those for which the event loop stood still; undefined when it was never written. */
  readonly heldMs: number | undefined;
  readonly isDistorted: boolean;
}

/** One delivery as it was noted. Instants are monotonic. */
export interface Noted {
  readonly mark: DeliveryMark;
  readonly code: string;
  readonly marks: Marks | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Takes out of a delivery what was the bot's computing, or a process that was stopped, and not the executor's work. `loop`: undefined where nobody watches it. */
export function measured(
  { mark, code, marks, startedAt, endedAt }: Noted,
  loop: LoopWatch | undefined,
): Measured {
  let stillMs = 0;
  // safeguard: time in which the loop stood still is not held against an executor
  stillMs = loop?.stoodStillMs(startedAt, endedAt) ?? 0;
  if (!loop || stillMs === 0) return { mark, heldMs: heldMs(marks, 0), isDistorted: false };
  const isLateAt = (instant: number | undefined): boolean =>
    instant !== undefined && loop.isLateAt(instant);
  return {
    // A deadline that passed while nobody could write is not one that the executor has missed.
    mark: code === 'DEADLINE' && stillMs * 2 >= endedAt - startedAt ? 'not-counted' : mark,
    heldMs: heldMs(
      marks,
      marks?.written === undefined ? 0 : loop.stoodStillMs(marks.queued, marks.written),
    ),
    isDistorted: isLateAt(marks?.written) || isLateAt(marks?.firstByte),
  };
}

function heldMs(marks: Marks | undefined, stillMs: number): number | undefined {
  return marks?.written === undefined
    ? undefined
    : Math.max(0, marks.written - marks.queued - stillMs);
}
