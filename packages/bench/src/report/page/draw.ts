import { plot } from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Every drawing is made twice: letters keep their size on a narrow screen, and names that stand beside a line on a wide one stand above it. */
export type Size = 'wide' | 'narrow';
export const widths: Readonly<Record<Size, number>> = { wide: 920, narrow: 340 };

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Draws with Observable Plot, without a browser, into SVG that stands in the page as it is. Colours are names of the page's own style, so that they follow light and dark. */
export function draw(label: string, options: PlotOptions): string {
  const drawn: { readonly outerHTML: string } = plot({
    ...options,
    document: document as never,
    style: { background: 'none', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible' },
  });
  // Plot's own style rule names its background and is set by the page here.
  return drawn.outerHTML
    .replace(/<style>[\s\S]*?<\/style>/gu, '')
    .replace('<svg ', `<svg role="img" aria-label="${label.replaceAll('"', '&quot;')}" `);
}

/** Microseconds as people say them. */
export function microseconds(value: number): string {
  if (value >= 100_000) return `${(value / 1_000).toFixed(0)} ms`;
  if (value >= 10_000) return `${(value / 1_000).toFixed(1)} ms`;
  if (value >= 1_000) return `${(value / 1_000).toFixed(2)} ms`;
  return `${value.toFixed(0)} µs`;
}

/** Ticks of an axis of microseconds. */
export function axisTime(value: number): string {
  return value >= 1_000_000
    ? `${value / 1_000_000} s`
    : value >= 1_000
      ? `${value / 1_000} ms`
      : `${value} µs`;
}

/** So many decades of an axis leave room for words at 1, 2 and 5 of each, and so many at 1 and 3. */
const room: Readonly<Record<Size, readonly [three: number, two: number]>> = {
  wide: [2.9, 6],
  narrow: [2, 3.2],
};

/** Powers of ten, with others between them where there is room. */
export function logTicks(low: number, high: number, size: Size): number[] {
  const [three, two] = room[size];
  const spanned = Math.log10(high / low);
  const factors = spanned <= three ? [1, 2, 5] : spanned <= two ? [1, 3] : [1];
  const decades = Array.from({ length: 14 }, (_, index) => 10 ** (index - 2));
  return decades
    .flatMap((decade) => factors.map((factor) => factor * decade))
    .filter((tick) => tick >= low && tick <= high);
}
