import { axisX, axisY, gridX, gridY, line, text } from '@observablehq/plot';
import type { Curve } from '../report.ts';
import { curvePercents } from '../report.ts';
import { axisTime, draw } from './draw.ts';

export interface PercentilePlotOptions {
  readonly label: string;
  readonly curves: readonly { readonly curve: Curve; readonly name: string; readonly colour: string; readonly dashed?: boolean | undefined }[];
}

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
  const ends = spread(drawn.flatMap(({ points, name, colour }) => (points.length === 0 ? [] : [{ ...(points.at(-1) ?? { x: 0, us: 1 }), name, colour }])));
  const last = Math.max(1, ...ends.map(({ x }) => x));
  return draw(label, {
    width: 920,
    height: 400,
    marginLeft: 64,
    marginRight: 190,
    marginTop: 12,
    marginBottom: 40,
    x: { domain: [0, last], label: null },
    y: { type: 'log', label: null },
    marks: [
      gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 4 }),
      gridX(shown.map(nines).filter((x) => x <= last), { stroke: 'var(--grid)', strokeOpacity: 1 }),
      axisY({ tickFormat: axisTime, tickSize: 0, ticks: 4, color: 'var(--quiet)' }),
      axisX(shown.map(nines).filter((x) => x <= last), { tickFormat: (x: number) => `p${Number((100 * (1 - 10 ** -x)).toFixed(2))}`, tickSize: 0, color: 'var(--quiet)' }),
      ...drawn.map(({ points, colour, dashed }) => line(points, { x: 'x', y: 'us', stroke: colour, strokeWidth: 2.25, ...(dashed === true && { strokeDasharray: '5 4' }), curve: 'monotone-x' })),
      ...ends.map((end) => text([end], { x: 'x', y: 'us', dy: end.shift, dx: 8, text: 'name', textAnchor: 'start', fill: end.colour, fontWeight: 600 })),
    ],
  });
}

/** Labels that would stand on one another are moved apart: pixels to move each by. */
function spread<End extends { readonly us: number }>(ends: readonly End[]): (End & { readonly shift: number })[] {
  const sorted = ends.toSorted((a, b) => b.us - a.us);
  const [most, least] = [sorted[0]?.us ?? 1, sorted.at(-1)?.us ?? 1];
  // The curves' own ends lie within a part of the height that is not known here; an estimate is enough to keep lines apart.
  const perDecade = Math.min(180, 280 / Math.max(1, Math.log10(most / least) + 0.8));
  let bottom = -Infinity;
  return sorted.map((end) => {
    const y = Math.log10(most / end.us) * perDecade;
    const at = Math.max(y, bottom + 15);
    bottom = at;
    return { ...end, shift: at - y };
  });
}
