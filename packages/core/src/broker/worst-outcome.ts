import type { CloseOutcome } from '../outcome.ts';

/** Of several months closed by one root, the outcome that asks most of the bot. */
export function worstOutcome<Key extends string>(
  outcomes: readonly CloseOutcome<Key>[],
): CloseOutcome<Key> {
  const rank = { unknown: 0, rejected: 1, 'not-sent': 2, accepted: 3 } as const;
  const [first, ...others] = outcomes;
  if (!first) throw new RangeError('there is no outcome to choose from');
  return others.reduce(
    (worse, outcome) =>
      rank[outcome.kind] < rank[worse.kind] ||
      (outcome.kind === 'accepted' &&
        worse.kind === 'accepted' &&
        outcome.remainingQuantity > worse.remainingQuantity)
        ? outcome
        : worse,
    first,
  );
}
