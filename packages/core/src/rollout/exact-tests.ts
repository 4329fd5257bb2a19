const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function for positive arguments (Lanczos' approximation, good to ten digits). */
function logGamma(value: number): number {
  if (value < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * value)) - logGamma(1 - value);
  const shifted = value - 1;
  let sum = 0.99999999999980993;
  for (const [index, coefficient] of lanczos.entries()) sum += coefficient / (shifted + index + 1);
  const base = shifted + lanczos.length - 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

const logChoose = (from: number, take: number): number =>
  logGamma(from + 1) - logGamma(take + 1) - logGamma(from - take + 1);
const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** Sums from the first term up, the largest of which is near the front; stops when what follows adds nothing. */
function upperTail(from: number, to: number, logTerm: (count: number) => number): number {
  let sum = 0;
  for (let count = from; count <= to; count += 1) {
    const term = Math.exp(logTerm(count));
    sum += term;
    if (term < sum * 1e-12 && count > from) break;
  }
  return Math.min(1, sum);
}

/** How likely `count` or more of `trials` are when each has this chance. */
export function binomialTail(count: number, trials: number, chance: number): number {
  if (count <= 0) return 1;
  if (count <= trials * chance) return 1 - Math.min(1, lowerBinomial(count - 1, trials, chance));
  return upperTail(
    count,
    trials,
    (taken) =>
      logChoose(trials, taken) + taken * Math.log(chance) + (trials - taken) * Math.log1p(-chance),
  );
}

function lowerBinomial(count: number, trials: number, chance: number): number {
  let sum = 0;
  for (let taken = 0; taken <= count; taken += 1)
    sum += Math.exp(
      logChoose(trials, taken) + taken * Math.log(chance) + (trials - taken) * Math.log1p(-chance),
    );
  return sum;
}

/** Fisher's exact test, one-sided: how likely that so many of all events fall on the first group when both groups have the same rate. */
export function excessTail(
  count: number,
  trials: number,
  otherCount: number,
  otherTrials: number,
): number {
  const events = count + otherCount;
  const all = logChoose(trials + otherTrials, events);
  return upperTail(count, Math.min(trials, events), (taken) =>
    events - taken > otherTrials
      ? -Infinity
      : logChoose(trials, taken) + logChoose(otherTrials, events - taken) - all,
  );
}

/**
 * How likely `count` or more of `trials` values lie above the `rank`-th smallest of `others` values when all come from one distribution, whatever it is
 * (the precedence test: the part above an order statistic is beta distributed, so the count is beta-binomial).
 */
export function exceedanceTail(
  count: number,
  trials: number,
  rank: number,
  others: number,
): number {
  if (count <= 0) return 1;
  const [above, upTo] = [others - rank + 1, rank];
  const scale = logBeta(above, upTo);
  return upperTail(
    count,
    trials,
    (taken) => logChoose(trials, taken) + logBeta(taken + above, trials - taken + upTo) - scale,
  );
}
