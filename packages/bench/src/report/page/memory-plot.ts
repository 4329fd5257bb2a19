import { areaY, axisX, axisY, gridY, lineY, ruleY, text } from '@observablehq/plot';
import type { MemoryPoint } from '../../cases/memory.ts';
import type { Size } from './draw.ts';
import { draw, widths } from './draw.ts';

/** Memory in use over the orders placed, and where a tenth more than at the first point lies. */
export function memoryPlot(label: string, memory: readonly MemoryPoint[], size: Size): string {
  const [base] = memory;
  const bound = (base?.usedMb ?? 0) * 1.1;
  return draw(label, {
    width: widths[size],
    height: 280,
    marginLeft: size === 'wide' ? 64 : 46,
    marginRight: 30,
    marginTop: 16,
    marginBottom: 46,
    x: {
      label: null,
      domain: [base?.orders ?? 0, Math.max(...memory.map(({ orders }) => orders))],
    },
    y: { label: null, domain: [0, Math.max(bound, ...memory.map(({ usedMb }) => usedMb)) * 1.15] },
    marks: [
      gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 4 }),
      axisY({
        tickFormat: (megabytes: number) => `${megabytes} MB`,
        ticks: 4,
        tickSize: 0,
        color: 'var(--quiet)',
      }),
      axisX({
        tickFormat: (orders: number) => orders.toLocaleString('en-GB'),
        ticks: size === 'wide' ? 6 : 3,
        tickSize: 0,
        color: 'var(--quiet)',
        label: 'orders placed',
        labelAnchor: 'right',
        labelArrow: 'right',
      }),
      areaY(memory, { x: 'orders', y: 'usedMb', fill: 'var(--ours)', fillOpacity: 0.18 }),
      lineY(memory, { x: 'orders', y: 'usedMb', stroke: 'var(--ours)', strokeWidth: 2.25 }),
      ruleY([bound], { stroke: 'var(--missed)', strokeDasharray: '4 4' }),
      text([bound], {
        y: (value: number) => value,
        frameAnchor: 'right',
        dy: -9,
        textAnchor: 'end',
        text: () => 'the aim: 1.1 × the first',
        fill: 'var(--missed)',
      }),
    ],
  });
}
