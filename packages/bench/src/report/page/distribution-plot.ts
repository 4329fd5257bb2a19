import { areaY, axisX, gridX, lineY, text } from '@observablehq/plot';
import type { Curve } from '../report.ts';
import { colourOf } from './client-colours.ts';
import type { Size } from './draw.ts';
import { axisTime, draw, logTicks, widths } from './draw.ts';

const binsPerDecade = 36;

interface Bin {
  readonly us: number;
  readonly share: number;
  readonly name: string;
  readonly colour: string;
}

/** Where the orders of each client lie, one ridge a client, each as high as its commonest time. */
export function distributionPlot(label: string, curves: readonly Curve[], size: Size): string {
  const lows = curves.map(({ valuesUs }) => valuesUs[1] ?? 1);
  const highs = curves.map(({ valuesUs }) => valuesUs[20] ?? 1);
  const [first, last] = [
    Math.floor(Math.log10(Math.min(...lows)) * binsPerDecade) - 1,
    Math.ceil(Math.log10(Math.max(...highs)) * binsPerDecade) + 1,
  ];
  const bins = curves.flatMap((curve) => ridge(curve, first, last));
  const names = curves.map(({ label: { name } }) => name);
  const ticks = logTicks(10 ** (first / binsPerDecade), 10 ** (last / binsPerDecade), size);
  const isWide = size === 'wide';
  return draw(label, {
    width: widths[size],
    height: 70 + names.length * (isWide ? 52 : 62),
    marginLeft: isWide ? 190 : 8,
    marginRight: isWide ? 30 : 14,
    marginTop: 20,
    marginBottom: 46,
    x: {
      type: 'log',
      label: null,
      domain: [10 ** (first / binsPerDecade), 10 ** (last / binsPerDecade)],
    },
    y: { axis: null, domain: [0, isWide ? 1.15 : 1.5] },
    fy: { domain: names, label: null, axis: null, padding: 0.1 },
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
      ...names.flatMap((name) => {
        const own = bins.filter((bin) => bin.name === name);
        return [
          areaY(own, {
            x: 'us',
            y: 'share',
            fy: 'name',
            fill: colourOf(name),
            fillOpacity: 0.3,
            curve: 'basis',
          }),
          lineY(own, {
            x: 'us',
            y: 'share',
            fy: 'name',
            stroke: colourOf(name),
            strokeWidth: 1.5,
            curve: 'basis',
          }),
        ];
      }),
      text(names, {
        fy: (name: string) => name,
        text: (name: string) => name,
        frameAnchor: isWide ? 'bottom-left' : 'top-left',
        dx: isWide ? -184 : 0,
        dy: isWide ? -8 : 0,
        textAnchor: 'start',
        fill: 'var(--ink)',
      }),
    ],
  });
}

function ridge({ label: { name }, someUs }: Curve, first: number, last: number): Bin[] {
  const counts = new Map<number, number>();
  for (const us of someUs) {
    const bin = Math.floor(Math.log10(us) * binsPerDecade);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    us: 10 ** ((first + index + 0.5) / binsPerDecade),
    share: (counts.get(first + index) ?? 0) / most,
    name,
    colour: colourOf(name),
  }));
}
