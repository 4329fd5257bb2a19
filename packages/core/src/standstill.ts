/** A timer that fires later than this was held up: the loop stood still, by the bot's own computing or because the process was stopped. */
export const heldUpMs = 50;
/** Turns of the event loop in which what has come is read: a web socket hands on one message a turn. */
const turnsToHear = 50;
/** What answers at once answers in this, also where it stood still as long itself, as a simulator in the same process does. */
const shortestMoreMs = 250;

/** Calls back when the loop has turned so often that what the kernel held has been read. */
export function afterHearing(done: () => void, turns: number = turnsToHear): void {
  if (turns === 0) done();
  else setImmediate(() => afterHearing(done, turns - 1));
}

/** Milliseconds that a limit has once more when its timer fired `lateMs` too late: the time that the loop stood still was no time to hear in. 0 where it was on time. */
export function moreMs(limitMs: number, lateMs: number): number {
  return lateMs < heldUpMs ? 0 : Math.min(limitMs, Math.max(lateMs, shortestMoreMs));
}
