import type { Weights } from './routing-config.ts';

/** What stands above a table's weights: the most percent each executor may have now. Keys left out have no limit. */
export type Ceilings<Key extends string> = ReadonlyMap<Key, number>;

/**
 * The weights after ceilings: what is cut goes to the last executor in order that is neither off nor at zero.
 * Where there is no such executor nothing is cut: somebody must deliver.
 */
export function weightsInForce<Key extends string>(
  weights: Weights<Key>,
  order: readonly Key[],
  off: ReadonlySet<Key>,
  ceilings: Ceilings<Key>,
): ReadonlyMap<Key, number> {
  const thousandths = new Map(order.map((key) => [key, Math.round((weights[key] ?? 0) * 1000)]));
  for (const key of order) {
    const ceiling = ceilings.get(key);
    const weight = thousandths.get(key) ?? 0;
    const cut = ceiling === undefined ? 0 : weight - Math.min(weight, Math.round(ceiling * 1000));
    const receiver =
      cut > 0
        ? order.findLast((other) => other !== key && !off.has(other) && ceilings.get(other) !== 0)
        : undefined;
    if (receiver === undefined) continue;
    thousandths.set(key, weight - cut);
    thousandths.set(receiver, (thousandths.get(receiver) ?? 0) + cut);
  }
  return new Map([...thousandths].map(([key, whole]) => [key, whole / 1000]));
}
