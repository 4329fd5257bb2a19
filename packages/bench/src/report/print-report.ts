import type { Report, Row } from './report.ts';
import type { RatioName } from './targets.ts';
import { isMet, jsonRatios, moreRatios, targets } from './targets.ts';

/** The whole report as text. */
export function printReport({ machine, rows, ratios, figures, memory, loops }: Report): string {
  const lines = [
    `${machine.mode} run of ${machine.date}, seed ${machine.seed}, ${machine.seconds} s, ${machine.node} on ${machine.cpus} × ${machine.model}, load before ${machine.loadBefore}${machine.place ? `, client on processor ${machine.place.client}, servers on ${machine.place.server}` : ''}`,
    'Servers in processes of their own; µs from the call, or from the due time, to the end of the answer.',
  ];
  const loads = [
    ...new Set(
      rows.map(({ load, rttMs }) => `${load}${rttMs > 0 ? `, ${rttMs} ms of round trip` : ''}`),
    ),
  ];
  for (const load of loads) {
    lines.push('', load);
    for (const row of rows.filter(
      (each) => `${each.load}${each.rttMs > 0 ? `, ${each.rttMs} ms of round trip` : ''}` === load,
    ))
      lines.push(rowLine(row));
  }
  lines.push('', 'figures');
  for (const [name, value] of Object.entries(figures))
    lines.push(`  ${name.padEnd(36)}${String(value).padStart(10)}`);
  for (const { orders, usedMb, residentMb } of memory)
    lines.push(
      `  after ${String(orders).padStart(9)} orders ${usedMb.toFixed(1).padStart(8)} MB in use, ${residentMb.toFixed(0)} MB resident`,
    );
  lines.push('', 'the client’s event loop and garbage collector');
  for (const {
    part,
    seconds,
    delayP50Ms,
    delayP99Ms,
    delayMaxMs,
    collections,
    collectionMs,
    longestCollectionMs,
  } of loops) {
    lines.push(
      `  ${part.padEnd(36)}${seconds.toFixed(1).padStart(6)} s  loop late p50 ${delayP50Ms.toFixed(2)} p99 ${delayP99Ms.toFixed(2)} max ${delayMaxMs.toFixed(1)} ms  ${collections} collections, ${collectionMs.toFixed(0)} ms in all, longest ${longestCollectionMs.toFixed(1)} ms`,
    );
  }
  lines.push('', 'ratios');
  for (const name of [...jsonRatios, ...moreRatios]) lines.push(ratioLine(name, ratios[name]));
  return lines.join('\n');
}

function rowLine({
  name,
  operation,
  transport,
  journal,
  p50Us,
  p95Us,
  p99Us,
  p999Us,
  samples,
}: Row): string {
  const cell = (value: number): string => value.toFixed(0).padStart(7);
  return `  ${transport.padEnd(6)}${name.padEnd(30)}${operation.padEnd(7)}${(journal === 'none' ? '' : journal).padEnd(12)}p50${cell(p50Us)}  p95${cell(p95Us)}  p99${cell(p99Us)}  p99.9${cell(p999Us)}  n ${samples}`;
}

function ratioLine(name: RatioName, value: number | null): string {
  const target = targets.find(({ ratio }) => ratio === name);
  const aim =
    target && value !== null
      ? `  target ${target.bound} ${target.value}${isMet(target, value) ? '' : '  NOT MET'}`
      : '';
  return `  ${name.padEnd(36)}${(value === null ? 'not run' : String(value)).padStart(10)}${aim}`;
}
