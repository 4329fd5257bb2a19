import { distance } from 'fastest-levenshtein';

/** The known word that `word` was probably meant to be; undefined when none is near. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.ceil(word.length / 3)) + 1;
  for (const candidate of known) {
    const [mine, theirs] = [word.toLowerCase(), candidate.toLowerCase()];
    // A word left unfinished is nearer than any of its letters' count says: stopLoss for stopLossTicks.
    const steps = mine.length > 3 && theirs.startsWith(mine) ? 1 : distance(mine, theirs);
    if (steps < least) {
      least = steps;
      best = candidate;
    }
  }
  return best;
}

/** A sentence's end: `; did you mean "x"?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const match = closest(word, known);
  return match === undefined ? '' : `; did you mean "${match}"?`;
}
