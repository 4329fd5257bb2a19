import { axisX, dot, gridX, link, text } from '@observablehq/plot';
import type { Row } from '../report.ts';
import { colourOf } from './client-colours.ts';
import { axisTime, draw, logTicks, microseconds } from './draw.ts';

export interface RangePlotOptions {
  readonly label: string;
  readonly rows: readonly Row[];
  /** What stands at the left of each. */
  readonly nameOf: (row: Row) => string;
  /** Default: by median, the fastest first. */
  readonly sorted?: boolean | undefined;
}

/** One line a row, on a logarithmic scale: a dot at the median with its value, a line to p95 and a tick at p99. */
export function rangePlot({ label, rows, nameOf, sorted = true }: RangePlotOptions): string {
  const all = (sorted ? rows.toSorted((a, b) => a.p50Us - b.p50Us) : [...rows]).map((row) => ({ ...row, label: nameOf(row), colour: colourOf(row.name) }));
  const most = Math.max(...all.map(({ p99Us }) => p99Us));
  const least = Math.min(...all.map(({ p50Us }) => p50Us));
  // Room for the number at the left of the first dot.
  const [low, high] = [least / (most / least) ** 0.16 / 1.1, most * 1.15];
  const ticks = logTicks(low, high);
  return draw(label, {
    width: 920,
    height: 48 + all.length * 26,
    marginLeft: 230,
    marginRight: 40,
    marginTop: 8,
    marginBottom: 28,
    x: { type: 'log', domain: [low, high], label: null },
    y: { domain: all.map((row) => row.label), label: null, tickSize: 0 },
    marks: [
      gridX(ticks, { stroke: 'var(--grid)', strokeOpacity: 1 }),
      axisX(ticks, { tickFormat: axisTime, tickSize: 0, color: 'var(--quiet)' }),
      link(all, { x1: 'p50Us', x2: 'p95Us', y1: 'label', y2: 'label', stroke: 'colour', strokeWidth: 5, strokeOpacity: 0.35, strokeLinecap: 'round' }),
      link(all, { x1: 'p95Us', x2: 'p99Us', y1: 'label', y2: 'label', stroke: 'colour', strokeWidth: 1.5, strokeOpacity: 0.6 }),
      text(all, { x: 'p99Us', y: 'label', text: () => '|', fill: 'colour', fontSize: 12, fontWeight: 600 }),
      dot(all, { x: 'p50Us', y: 'label', fill: 'colour', r: 5.5, title: (row: Row) => `${row.name}: p50 ${microseconds(row.p50Us)}, p95 ${microseconds(row.p95Us)}, p99 ${microseconds(row.p99Us)}, p99.9 ${microseconds(row.p999Us)}, ${row.samples} orders` }),
      text(all, { x: 'p50Us', y: 'label', text: (row: Row) => microseconds(row.p50Us), textAnchor: 'end', dx: -10, fill: 'var(--ink)', fontWeight: 600 }),
    ],
  });
}
