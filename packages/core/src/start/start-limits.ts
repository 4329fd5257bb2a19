import type { Random } from '../random.ts';

/** How long a start may try for the venue unless its options say otherwise. A machine that boots has its network in that time, and whoever started the bot by hand is told the reason before they give up. */
export const startWithinMs = 60_000;
/** The same where this very machine refuses the connection: what is to listen there is a program beside the bot, and nobody waits a minute for one that was forgotten or for a wrong port. */
export const refusedHereWithinMs = 7_000;
/** A first try is not cut off by a limit that is shorter than it: without one there would be no start at all. It ends by itself, unless the adapter hangs. */
export const firstTryWithinMs = 15_000;
/** What is left of the limit for the last try. */
export const lastTryMs = 500;

const firstPauseMs = 250;
const longestPauseMs = 2_000;
/** Whoever waits for long waits for something that takes long: the venue need not be asked as often. */
const patientAfterMs = 60_000;
const longestPatientPauseMs = 15_000;

/** Milliseconds until the next try, after so many failed ones and so long a time: doubling from a quarter of a second, of which the later half is left to chance, so that bots of one machine do not come together. */
export function startPauseMs(failures: number, elapsedMs: number, random: Random): number {
  const longest = elapsedMs < patientAfterMs ? longestPauseMs : longestPatientPauseMs;
  const whole = Math.min(longest, firstPauseMs * 2 ** Math.min(failures - 1, 30));
  return whole / 2 + (random() * whole) / 2;
}
