/** A colour of the page's style for each client: ours stand out, the floor is quiet. */
const colours: readonly (readonly [begins: string, colour: string])[] = [
  ['whole, fast', 'var(--ours)'],
  ['fast executor', 'var(--ours-bare)'],
  ['whole, fallback', 'var(--fallback)'],
  ['fallback executor', 'var(--fallback)'],
  ['raw socket', 'var(--floor)'],
  ['undici', 'var(--undici)'],
  ['node:http', 'var(--node)'],
  ['fetch', 'var(--fetch)'],
  ['axios', 'var(--axios)'],
  ['got', 'var(--got)'],
];

export function colourOf(name: string): string {
  return colours.find(([begins]) => name.startsWith(begins))?.[1] ?? 'var(--cold)';
}
