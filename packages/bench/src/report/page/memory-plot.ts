import { areaY, axisX, axisY, gridY, lineY, ruleY, text } from '@observablehq/plot';
import type { MemoryPoint } from '../../cases/memory.ts';
import { draw } from './draw.ts';

/** Memory in use over the orders placed, and where a tenth more than at the first point lies. */
export function memoryPlot(label: string, memory: readonly MemoryPoint[]): string {
  const [base] = memory;
  const bound = (base?.usedMb ?? 0) * 1.1;
  return draw(label, {
    width: 920,
    height: 260,
    marginLeft: 64,
    marginRight: 100,
    marginBottom: 36,
    x: { label: null, domain: [0, Math.max(...memory.map(({ orders }) => orders))] },
    y: { label: null, domain: [0, Math.max(bound, ...memory.map(({ usedMb }) => usedMb)) * 1.15] },
    marks: [
      gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 4 }),
      axisY({ tickFormat: (megabytes: number) => `${megabytes} MB`, ticks: 4, tickSize: 0, color: 'var(--quiet)' }),
      axisX({ tickFormat: (orders: number) => (orders >= 1_000_000 ? `${orders / 1_000_000} million` : orders === 0 ? '0' : `${orders / 1_000} thousand`), ticks: 5, tickSize: 0, color: 'var(--quiet)' }),
      areaY(memory, { x: 'orders', y: 'usedMb', fill: 'var(--ours)', fillOpacity: 0.18 }),
      lineY(memory, { x: 'orders', y: 'usedMb', stroke: 'var(--ours)', strokeWidth: 2.25 }),
      ruleY([bound], { stroke: 'var(--missed)', strokeDasharray: '4 4' }),
      text([bound], { y: (value: number) => value, frameAnchor: 'right', dx: 8, textAnchor: 'start', text: () => '1.1 × the first', fill: 'var(--missed)' }),
    ],
  });
}
