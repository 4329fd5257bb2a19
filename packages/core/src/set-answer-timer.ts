import type { Clock, Timer } from './clock.ts';
import { setLongTimer } from './set-long-timer.ts';
import { afterHearing, moreMs } from './standstill.ts';

/** An answer for which a written request waits. */
export interface AwaitedAnswer {
  /** Grows with everything that comes of it. */
  heard(): number;
  /** It is there, or nobody waits for it any more. */
  isOver(): boolean;
  /** It has not come in time. */
  overdue(): void;
}

/** Looks at one of which more has come with each. */
const longestLooks = 50;
/** The first immediate runs before the next poll of the sockets, the second after it. */
const turnsOfOneLook = 2;

/** For executors: the time limit of an answer, after which what has come is read first (`readBeforeOverdue`). */
export function setAnswerTimer(clock: Clock, afterMs: number, answer: AwaitedAnswer): Timer {
  const due = clock.monotonic() + afterMs;
  return setLongTimer(clock, afterMs, () =>
    readBeforeOverdue(clock, { limitMs: afterMs, lateMs: clock.monotonic() - due }, answer),
  );
}

/**
 * For executors with a timer of their own, when the time limit of an answer fires, `lateMs` later than it was due. The event loop comes to its timers before its sockets: where the bot computed or the process was stopped,
 * the answer may have been in the kernel for long. What has come is read first, and as long as more comes with every look nothing is overdue; where the loop stood still, it is waited for a while longer, once.
 */
export function readBeforeOverdue(
  clock: Clock,
  { limitMs, lateMs }: { readonly limitMs: number; readonly lateMs: number },
  answer: AwaitedAnswer,
): void {
  const more = moreMs(limitMs, lateMs);
  const judge =
    more === 0
      ? () => answer.overdue()
      : () => void setLongTimer(clock, more, () => read(answer, () => answer.overdue()));
  read(answer, judge);
}

function read(answer: AwaitedAnswer, judge: () => void, looks: number = longestLooks): void {
  const heard = answer.heard();
  const look = (): void => {
    if (answer.isOver()) return;
    if (answer.heard() !== heard && looks > 0) return read(answer, judge, looks - 1);
    judge();
  };
  // safeguard: an answer in the kernel is read before it is called overdue
  afterHearing(look, turnsOfOneLook);
}
