import type { Markish } from '@observablehq/plot';
import { axisX, axisY, gridX, gridY, line, link, text } from '@observablehq/plot';
import type { Curve } from '../report.ts';
import { curvePercents } from '../report.ts';
import type { Size } from './draw.ts';
import { axisTime, draw, logTicks, widths } from './draw.ts';
import { escape } from './markup.ts';

export interface PercentilePlotOptions {
  readonly label: string;
  readonly curves: readonly {
    readonly curve: Curve;
    readonly name: string;
    readonly colour: string;
  }[];
}

const [height, marginTop, marginBottom] = [420, 26, 46];

interface Point {
  readonly x: number;
  readonly us: number;
  readonly name: string;
}

/** How many nines: 0 is the least, 1 is p90, 2 is p99. */
const nines = (percent: number): number => -Math.log10(1 - percent / 100);
const shown = [50, 90, 99, 99.9];
/** How to read one. */
export const percentileKey =
  'The fastest orders at the left; every nine has as much room as the one before. A curve ends where fewer than two orders lie beyond.';
/** A percentile is drawn where at least so many samples lie beyond it. */
const beyond = 2;

/** Latency over percentiles, both stretched so that the tail has as much room as the middle; names stand at the ends of the curves, or above all on a narrow one. */
export function percentilePlot({ label, curves }: PercentilePlotOptions, size: Size): string {
  const drawn = curves.map((each) => ({
    ...each,
    points: curvePercents.flatMap((percent, index): Point[] => {
      const us = each.curve.valuesUs[index];
      return us === undefined || each.curve.samples * (1 - percent / 100) < beyond
        ? []
        : [{ x: nines(percent), us, name: each.name }];
    }),
  }));
  const all = drawn.flatMap(({ points }) => points.map(({ us }) => us));
  const [low, high] = [Math.min(...all) / 1.15, Math.max(...all) * 1.15];
  const pixels = (height - marginTop - marginBottom) / Math.log(high / low);
  const ends = spread(
    drawn.flatMap(({ points, name, colour }) =>
      points.slice(-1).map(({ x, us }) => ({ x, us, name, colour })),
    ),
    pixels,
  );
  const last = Math.max(1, ...ends.map(({ x }) => x));
  // Upright there is room on a narrow one too.
  const ticks = logTicks(low, high, 'wide');
  const isWide = size === 'wide';
  const legend = isWide
    ? ''
    : `<p class="legend">${ends.map(({ name, colour }) => `<span style="color:${colour}">${escape(name)}</span>`).join('')}</p>`;
  const drawing = draw(label, {
    width: widths[size],
    height,
    marginLeft: isWide ? 64 : 50,
    marginRight: isWide ? 190 : 16,
    marginTop,
    marginBottom,
    x: { domain: [0, last], label: null },
    y: { type: 'log', domain: [low, high], label: null },
    marks: [
      ...axes(ticks, last),
      ...drawn.map(({ points, colour }) =>
        line(points, { x: 'x', y: 'us', stroke: colour, strokeWidth: 2.25, curve: 'monotone-x' }),
      ),
      ...(isWide ? namesOf(ends, last) : []),
    ],
  });
  return legend + drawing;
}

function axes(ticks: readonly number[], last: number): Markish[] {
  return [
    gridY(ticks, { stroke: 'var(--grid)', strokeOpacity: 1 }),
    gridX(
      shown.map(nines).filter((x) => x <= last),
      { stroke: 'var(--grid)', strokeOpacity: 1 },
    ),
    axisY(ticks, {
      text: axisTime,
      tickSize: 0,
      color: 'var(--quiet)',
      label: 'time, logarithmic',
      labelAnchor: 'top',
      labelArrow: 'up',
    }),
    axisX(
      shown.map(nines).filter((x) => x <= last),
      {
        tickFormat: (x: number) => `p${Number((100 * (1 - 10 ** -x)).toFixed(2))}`,
        tickSize: 0,
        color: 'var(--quiet)',
        label: 'so many of the orders are no slower',
        labelAnchor: 'right',
        labelArrow: 'right',
      },
    ),
  ];
}

type NamedEnd = Point & { readonly colour: string; readonly nameUs: number };

/** At each curve's name, and from the end of a curve to a name that could not stand right there. */
function namesOf(ends: readonly NamedEnd[], last: number): Markish[] {
  return [
    ...ends
      .filter(({ x }) => x < last - 0.01)
      .map((end) =>
        link([end], {
          x1: 'x',
          y1: 'us',
          x2: last,
          y2: 'nameUs',
          stroke: end.colour,
          strokeWidth: 1,
          strokeOpacity: 0.5,
          strokeDasharray: '2 4',
        }),
      ),
    ...ends.map((end) =>
      text([end], {
        x: last,
        y: 'nameUs',
        dx: 8,
        text: 'name',
        textAnchor: 'start',
        fill: end.colour,
        fontWeight: 600,
      }),
    ),
  ];
}

/** Names that would stand on one another are moved apart: at which time of the axis each stands. `pixels`: for a factor of e. */
function spread<End extends { readonly us: number }>(
  ends: readonly End[],
  pixels: number,
): (End & { readonly nameUs: number })[] {
  let above = Infinity;
  return ends
    .toSorted((a, b) => b.us - a.us)
    .map((end) => {
      above = Math.min(end.us, above * Math.exp(-16 / pixels));
      return { ...end, nameUs: above };
    });
}
