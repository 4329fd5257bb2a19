import { axisX, axisY, gridX, gridY, line, text } from '@observablehq/plot';
import type { Curve } from '../report.ts';
import { curvePercents } from '../report.ts';
import { axisTime, draw, logTicks } from './draw.ts';

export interface PercentilePlotOptions {
  readonly label: string;
  readonly curves: readonly { readonly curve: Curve; readonly name: string; readonly colour: string; readonly dashed?: boolean | undefined }[];
}

const [height, marginTop, marginBottom] = [400, 12, 30];

interface Point {
  readonly x: number;
  readonly us: number;
  readonly name: string;
}

/** How many nines: 0 is the least, 1 is p90, 2 is p99. */
const nines = (percent: number): number => -Math.log10(1 - percent / 100);
const shown = [50, 90, 99, 99.9];
/** A percentile is drawn where at least so many samples lie beyond it. */
const beyond = 2;

/** Latency over percentiles, both stretched so that the tail has as much room as the middle; names stand at the ends of the curves. */
export function percentilePlot({ label, curves }: PercentilePlotOptions): string {
  const drawn = curves.map((each) => ({
    ...each,
    points: curvePercents.flatMap((percent, index): Point[] => {
      const us = each.curve.valuesUs[index];
      return us === undefined || each.curve.samples * (1 - percent / 100) < beyond ? [] : [{ x: nines(percent), us, name: each.name }];
    }),
  }));
  const all = drawn.flatMap(({ points }) => points.map(({ us }) => us));
  const [low, high] = [Math.min(...all) / 1.15, Math.max(...all) * 1.15];
  const pixel = (us: number): number => ((Math.log(high) - Math.log(us)) / (Math.log(high) - Math.log(low))) * (height - marginTop - marginBottom);
  const ends = spread(drawn.flatMap(({ points, name, colour }) => points.slice(-1).map(({ x, us }) => ({ x, us, name, colour }))), pixel);
  const last = Math.max(1, ...ends.map(({ x }) => x));
  const ticks = logTicks(low, high);
  return draw(label, {
    width: 920,
    height,
    marginLeft: 64,
    marginRight: 190,
    marginTop,
    marginBottom,
    x: { domain: [0, last], label: null },
    y: { type: 'log', domain: [low, high], label: null },
    marks: [
      gridY(ticks, { stroke: 'var(--grid)', strokeOpacity: 1 }),
      gridX(shown.map(nines).filter((x) => x <= last), { stroke: 'var(--grid)', strokeOpacity: 1 }),
      axisY(ticks, { tickFormat: axisTime, tickSize: 0, color: 'var(--quiet)' }),
      axisX(shown.map(nines).filter((x) => x <= last), { tickFormat: (x: number) => `p${Number((100 * (1 - 10 ** -x)).toFixed(2))}`, tickSize: 0, color: 'var(--quiet)' }),
      ...drawn.map(({ points, colour, dashed }) => line(points, { x: 'x', y: 'us', stroke: colour, strokeWidth: 2.25, ...(dashed === true && { strokeDasharray: '5 4' }), curve: 'monotone-x' })),
      ...ends.map((end) => text([end], { x: last, y: 'us', dy: end.shift, dx: 8, text: 'name', textAnchor: 'start', fill: end.colour, fontWeight: 600 })),
    ],
  });
}

/** Labels that would stand on one another are moved apart: pixels to move each by. */
function spread<End extends { readonly us: number }>(ends: readonly End[], pixel: (us: number) => number): (End & { readonly shift: number })[] {
  let bottom = -Infinity;
  return ends
    .toSorted((a, b) => b.us - a.us)
    .map((end) => {
      const at = Math.max(pixel(end.us), bottom + 16);
      bottom = at;
      return { ...end, shift: at - pixel(end.us) };
    });
}
