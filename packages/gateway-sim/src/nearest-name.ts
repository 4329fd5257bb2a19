/** A sentence's end, `; did you mean "x"?`, for a name that is nearly one of those there are; nothing for any other. */
export function nearestName(name: string, known: readonly string[]): string {
  const most = Math.max(2, Math.floor(name.length / 3));
  const [nearest] = known
    .map((one) => ({ one, steps: distance(name.toLowerCase(), one.toLowerCase()) }))
    .toSorted((a, b) => a.steps - b.steps);
  return nearest && nearest.steps <= most ? `; did you mean "${nearest.one}"?` : '';
}

/** How many letters are to be added, taken out or replaced. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [above, letter] of from.split('').entries()) {
    const next = [above + 1];
    for (const [left, other] of to.split('').entries())
      next.push(
        Math.min(
          (next[left] ?? 0) + 1,
          (row[left + 1] ?? 0) + 1,
          (row[left] ?? 0) + (letter === other ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
