import type { Curve, Report, Row } from '../report.ts';
import { busySection, farSection, memorySection, troubleSection } from './hard-times.ts';
import { machineSection } from './machine-section.ts';
import { escape, figure } from './markup.ts';
import { headline } from './headline.ts';
import { distributionPlot } from './distribution-plot.ts';
import { percentileKey, percentilePlot } from './percentile-plot.ts';
import { colourOf } from './client-colours.ts';
import { rangeKey, rangePlot } from './range-plot.ts';
import { style } from './style.ts';
import { targetTable } from './target-table.ts';

const told = [
  'raw socket',
  'whole, fast executor',
  'undici dispatch',
  'node:http keep-alive',
  'whole, fallback executor',
  'fetch and JSON',
  'axios',
  'got',
];

/** One page with everything in it: no script, no font, nothing from elsewhere. */
export function renderPage(report: Report, curves: readonly Curve[]): string {
  const { machine } = report;
  const sections = [
    headline(report),
    targetsSection(report),
    oneAtATimeSection(report, curves),
    computingSection(report),
    atOnceSection(report),
    busySection(report, curves),
    farSection(report),
    troubleSection(report),
    simulatorSection(report),
    memorySection(report),
    machineSection(report),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Hotpath measured, ${escape(machine.date.slice(0, 10))}</title><style>${style}</style></head>
<body><main>${sections.join('\n')}</main></body></html>
`;
}

function targetsSection({ ratios }: Report): string {
  return `<section id="targets"><h2>What is aimed at, and what was measured</h2><p>A ratio compares two things in one run against the same server. The bar is what was measured, the upright line the target: a bar should end before the line at a ≤ and reach it at a ≥.</p>${targetTable(ratios)}</section>`;
}

function nameOf({ name, journal }: Row): string {
  return journal === 'none' ? name : `${name}, ${journal === 'memory' ? 'no file' : journal}`;
}

function oneAtATimeSection({ rows }: Report, curves: readonly Curve[]): string {
  const plots = (['http', 'https'] as const).map((transport) => {
    const chosen = rows.filter(
      (row) => row.load === 'one at a time' && row.transport === transport,
    );
    return chosen.length === 0
      ? ''
      : figure(
          `Over ${transport.toUpperCase()}, from the call to the end of the answer`,
          rangeKey,
          (size) =>
            rangePlot(
              { label: `Latency of each client over ${transport}`, rows: chosen, nameOf },
              size,
            ),
        );
  });
  const secure = told.flatMap(
    (name) =>
      curves.find(
        ({ label }) =>
          label.load === 'one at a time' &&
          label.transport === 'https' &&
          label.name === name &&
          label.journal !== 'file' &&
          label.journal !== 'file, fsync',
      ) ?? [],
  );
  if (secure.length === 0) return '';
  return `<section id="one"><h2>One order at a time</h2><p>The same bytes by every client, on warm connections of their own, against a server that does next to nothing. The raw socket only waits for the end of the answer: nothing in this runtime can be faster. <em>Whole</em> is <code>placeOrder</code> with everything a broker does: ids, checks, limits, routing, budget, journal, decoding, outcome.</p>
${plots.join('')}
${figure('The tail, over HTTPS', percentileKey, (size) => percentilePlot({ label: 'Latency over percentiles', curves: secure.map((curve) => ({ curve, name: curve.label.name, colour: colourOf(curve.label.name) })) }, size))}
${figure('Where the orders lie, over HTTPS', 'Each ridge is one client’s orders, as high as its commonest time.', (size) => distributionPlot('Distribution of latency for each client', secure, size))}</section>`;
}

function computingSection({ rows }: Report): string {
  const chosen = rows.filter(
    ({ load, transport }) => load.startsWith('caller computes') && transport === 'http',
  );
  if (chosen.length === 0) return '';
  return `<section id="computing"><h2>The strategy goes on computing</h2><p>A bot calls, and its strategy computes for 20 ms more in the same tick. This is when the order is at the server: the fast executor writes before the method returns, every other HTTP client of Node when the tick has ended.</p>
${figure('From the call to the arrival at the server, over HTTP', `Both processes read the machine’s one clock. ${rangeKey}`, (size) => rangePlot({ label: 'Arrival while the caller computes', rows: chosen, nameOf }, size))}</section>`;
}

function atOnceSection({ rows }: Report): string {
  const plots = [16, 64].map((count) => {
    const chosen = rows.filter(
      ({ load, transport }) => load === `${count} at once` && transport === 'https',
    );
    return chosen.length === 0
      ? ''
      : figure(
          `${count} orders in one tick, over HTTPS`,
          `From the call of each to the end of its answer. ${rangeKey}`,
          (size) =>
            rangePlot({ label: `Latency of ${count} orders at once`, rows: chosen, nameOf }, size),
        );
  });
  return plots.join('') === ''
    ? ''
    : `<section id="at-once"><h2>Many at once</h2><p>All orders are called for in one tick, and every client has a connection for each. What one core of the client and one of the server have to do is in the time of the last.</p>${plots.join('')}</section>`;
}

function simulatorSection({ rows }: Report): string {
  const chosen = rows.filter(
    ({ load, transport }) => load === 'one at a time, at the simulator' && transport === 'https',
  );
  if (chosen.length === 0) return '';
  const named = chosen.map((row) => ({
    ...row,
    label: `${row.operation}, ${row.name.slice('whole, '.length, -' executor'.length)}, ${row.journal === 'memory' ? 'no file' : row.journal}`,
  }));
  return `<section id="simulator"><h2>Place, modify and cancel at a venue</h2><p>Against the simulator, which keeps books and tells the hubs of everything: the server’s own work is in these times.</p>
${figure('Every executor and journal, over HTTPS', `A limit order placed, changed and cancelled. “fsync” forces each journal line to the disk before the order leaves. ${rangeKey}`, (size) => rangePlot({ label: 'Latency of place, modify and cancel', rows: named, nameOf: (row) => ('label' in row ? String(row.label) : row.name), sorted: false }, size))}</section>`;
}
