import type { Markish } from '@observablehq/plot';
import { axisX, dot, gridX, link, text } from '@observablehq/plot';
import type { Row } from '../report.ts';
import { colourOf } from './client-colours.ts';
import type { Size } from './draw.ts';
import { axisTime, draw, logTicks, microseconds, widths } from './draw.ts';

export interface RangePlotOptions {
  readonly label: string;
  readonly rows: readonly Row[];
  /** What stands at the left of each. */
  readonly nameOf: (row: Row) => string;
  /** Default: by median, the fastest first. */
  readonly sorted?: boolean | undefined;
}

/** How to read one. */
export const rangeKey = 'Dot: median. Thick line: to p95. Thin line: to p99.';

const layouts = {
  wide: { row: 26, marginLeft: 230, marginRight: 40 },
  narrow: { row: 42, marginLeft: 8, marginRight: 14 },
} as const;

const value = (row: Row): string => microseconds(row.p50Us);

/** One line a row, on a logarithmic scale: a dot at the median with its value, a line to p95 and a tick at p99. */
export function rangePlot(
  { label, rows, nameOf, sorted = true }: RangePlotOptions,
  size: Size,
): string {
  const all = (sorted ? rows.toSorted((a, b) => a.p50Us - b.p50Us) : [...rows]).map((row) => ({
    ...row,
    label: nameOf(row),
    colour: colourOf(row.name),
  }));
  const most = Math.max(...all.map(({ p99Us }) => p99Us));
  const least = Math.min(...all.map(({ p50Us }) => p50Us));
  // On a wide one there is room for the number at the left of the first dot.
  const [low, high] = [
    (size === 'wide' ? least / (most / least) ** 0.16 : least) / 1.1,
    most * 1.15,
  ];
  const ticks = logTicks(low, high, size);
  const { row: rowHeight, ...margins } = layouts[size];
  return draw(label, {
    width: widths[size],
    height: 66 + all.length * rowHeight,
    ...margins,
    marginTop: 8,
    marginBottom: 46,
    x: { type: 'log', domain: [low, high], label: null },
    y: {
      domain: all.map((row) => row.label),
      label: null,
      tickSize: 0,
      ...(size === 'narrow' && { axis: null }),
    },
    marks: [
      gridX(ticks, { stroke: 'var(--grid)', strokeOpacity: 1 }),
      axisX(ticks, {
        text: axisTime,
        tickSize: 0,
        color: 'var(--quiet)',
        label: 'time, logarithmic',
        labelAnchor: 'right',
        labelArrow: 'right',
      }),
      ...rangesOf(all),
      ...namesOf(all, size),
    ],
  });
}

type DrawnRow = Row & { readonly label: string; readonly colour: string };

function rangesOf(all: readonly DrawnRow[]): Markish[] {
  return [
    link(all, {
      x1: 'p50Us',
      x2: 'p95Us',
      y1: 'label',
      y2: 'label',
      stroke: 'colour',
      strokeWidth: 5,
      strokeOpacity: 0.35,
      strokeLinecap: 'round',
    }),
    link(all, {
      x1: 'p95Us',
      x2: 'p99Us',
      y1: 'label',
      y2: 'label',
      stroke: 'colour',
      strokeWidth: 1.5,
      strokeOpacity: 0.6,
    }),
    text(all, {
      x: 'p99Us',
      y: 'label',
      text: () => '|',
      fill: 'colour',
      fontSize: 12,
      fontWeight: 600,
    }),
    dot(all, {
      x: 'p50Us',
      y: 'label',
      fill: 'colour',
      r: 5.5,
      title: (row: Row) =>
        `${row.name}: p50 ${value(row)}, p95 ${microseconds(row.p95Us)}, p99 ${microseconds(row.p99Us)}, p99.9 ${microseconds(row.p999Us)}, ${row.samples} orders`,
    }),
  ];
}

/** On a narrow one the words stand above the line, since there is no room beside it. */
function namesOf(all: readonly DrawnRow[], size: Size): Markish[] {
  return size === 'wide'
    ? [
        text(all, {
          x: 'p50Us',
          y: 'label',
          text: value,
          textAnchor: 'end',
          dx: -10,
          fill: 'var(--ink)',
          fontWeight: 600,
        }),
      ]
    : [
        text(all, {
          y: 'label',
          text: 'label',
          frameAnchor: 'left',
          textAnchor: 'start',
          dy: -15,
          fill: 'var(--quiet)',
        }),
        text(all, {
          y: 'label',
          text: value,
          frameAnchor: 'right',
          textAnchor: 'end',
          dx: 10,
          dy: -15,
          fill: 'var(--ink)',
          fontWeight: 600,
        }),
      ];
}
