import type { Random } from '@hotpath/core';

/** The first try after a loss comes almost at once, spread so that many bots do not come in the same instant. */
const firstWithinMs = 250;
const baseMs = 1000;

/** Milliseconds until the next try, after so many failed ones in a row: doubling from a second to `longestMs`, of which the later half is left to chance. */
export function backoffMs(failures: number, random: Random, longestMs: number): number {
  if (failures === 0) return random() * firstWithinMs;
  const whole = Math.min(longestMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return whole / 2 + (random() * whole) / 2;
}
