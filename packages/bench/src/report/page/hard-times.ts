import type { Curve, Report, Row } from '../report.ts';
import { colourOf } from './client-colours.ts';
import { microseconds } from './draw.ts';
import { escape, figure, table } from './markup.ts';
import { memoryPlot } from './memory-plot.ts';
import { percentileKey, percentilePlot } from './percentile-plot.ts';
import { rangeKey, rangePlot } from './range-plot.ts';

/** Orders while the hubs of the same process are busy. */
export function busySection({ figures, rows }: Report, curves: readonly Curve[]): string {
  const styles = [
    { rate: 'hubs idle', colour: 'var(--floor)', name: 'hubs idle' },
    { rate: '5000 hub events/s', colour: 'var(--undici)', name: '5,000 events a second' },
    { rate: '20000 hub events/s', colour: 'var(--ours)', name: '20,000 events a second' },
  ];
  const drawn = styles.flatMap(({ rate, ...look }) =>
    curves
      .filter(({ label }) => label.name === 'whole, fast executor' && label.load.endsWith(rate))
      .map((curve) => ({ curve, ...look })),
  );
  if (drawn.length === 0) return '';
  const open = rows.filter(({ load }) => /^open loop \d+\/s$/u.test(load));
  const steady =
    open.length === 0
      ? ''
      : figure(
          'Orders at a fixed rate, over HTTPS',
          `Each from the moment it was due, whether or not the one before was answered. ${rangeKey}`,
          (size) =>
            rangePlot(
              {
                label: 'Open loop latency',
                rows: open,
                nameOf: ({ name, load }) => `${name}, ${load.slice('open loop '.length)}`,
                sorted: false,
              },
              size,
            ),
        );
  return `<section id="busy"><h2>While market data pours in</h2><p>The hubs deliver their events in bursts ten times a second, every one of them read and told to listeners in the process that sends the orders${figures['hubEventsSent'] === undefined ? '' : `: ${figures['hubEventsSent'].toLocaleString('en-GB')} in this run, ${figures['hubGaps'] === 0 ? 'none dropped' : `with ${figures['hubGaps'] ?? 0} gaps told`}`}. Orders come at a fixed rate and count from when they were due.</p>
${figure('Whole placeOrder, 400 orders a second', `From the due time to the end of the answer. ${percentileKey}`, (size) => percentilePlot({ label: 'Latency under hub events', curves: drawn }, size))}${steady}</section>`;
}

/** Orders over networks of several lengths, and after idling. */
export function farSection({ rows }: Report): string {
  const far = rows.filter(({ rttMs, transport }) => rttMs === 20 && transport === 'https');
  if (far.length === 0) return '';
  const words = ({ name, load }: Row): string =>
    `${name}${load.startsWith('after idling') ? ', after idling' : load.startsWith('after ten') ? ', after ten minutes' : ''}`;
  return `<section id="far"><h2>Twenty milliseconds away</h2><p>Through a proxy that delays every byte, and the setting up of connections too. On warm connections all clients come close together; what differs is how often a client finds no warm connection.</p>
${figure('One order over HTTPS, 20 ms of round trip', `“After idling”: the server has closed every connection that was idle for a second before the order comes. ${rangeKey}`, (size) => rangePlot({ label: 'Latency at 20 ms of round trip', rows: far, nameOf: words }, size))}
${distances(rows)}</section>`;
}

/** Median and p99 of each client at every round trip. */
function distances(rows: readonly Row[]): string {
  const through = rows.filter(({ load }) => load.includes('delay proxy'));
  const roundTrips = [...new Set(through.map(({ rttMs }) => rttMs))].toSorted((a, b) => a - b);
  const lines = [
    'raw socket',
    'whole, fast executor',
    'fetch and JSON',
    'new TLS connection each',
  ].flatMap((name) => (['http', 'https'] as const).map((transport) => ({ name, transport })));
  const cells = lines.flatMap(({ name, transport }) => {
    const found = roundTrips.map((rttMs) =>
      through.find(
        (row) => row.name === name && row.transport === transport && row.rttMs === rttMs,
      ),
    );
    const text = (row: Row | undefined): string =>
      row
        ? `${(row.p50Us / 1_000).toFixed(2)} <span class="quiet">${(row.p99Us / 1_000).toFixed(2)}</span>`
        : '';
    return found.some((row) => row !== undefined)
      ? [
          [
            `<span style="color:${colourOf(name)}">${escape(name)}</span>`,
            transport.toUpperCase(),
            ...found.map(text),
          ],
        ]
      : [];
  });
  return `<h3>Milliseconds at each round trip: p50, and p99 beside it</h3>${table([{ head: 'Client' }, { head: 'Over' }, ...roundTrips.map((rttMs) => ({ head: `${rttMs} ms`, isNumber: true }))], cells, 'distances')}`;
}

/** Connections that stall or end. */
export function troubleSection({ rows, figures }: Report): string {
  const stalled = rows.filter(
    ({ load }) => load.startsWith('while another') || load.startsWith('beside no'),
  );
  if (stalled.length === 0) return '';
  const closed = figures['closedOrders'];
  const count = (name: string): string => (figures[name] ?? 0).toLocaleString('en-GB');
  const told =
    closed === undefined
      ? ''
      : `<p>The server closed every idle connection within 0.6 ms of an order, ${closed} times. Accepted: ${count('closedAccepted')}. Lost the race and called <code>unknown</code> until the venue said that there is no such order: ${count('closedUnknownAbsent')}. Told wrongly: ${count('closedWronglyTold')}. Duplicates: ${count('closedDuplicates')}. Of as many orders by fetch ${count('closedFetchErrors')} ended in an error that does not say whether the order lives.</p>`;
  const pairs = [...new Set(stalled.map(({ name }) => name))].map((name) => {
    const [alone, beside] = ['beside no', 'while another'].map((load) =>
      stalled.find((row) => row.name === name && row.load.startsWith(load)),
    );
    return [escape(name), microseconds(alone?.p50Us ?? 0), microseconds(beside?.p50Us ?? 0)];
  });
  return `<section id="trouble"><h2>When a connection fails</h2><p>An order that the server is silent to for 60 ms, and another one in the same tick. On a client of one connection the second waits for the first; ours takes another connection.</p>${table([{ head: 'Client' }, { head: 'Beside an answered order, p50', isNumber: true }, { head: 'Beside a stalled order, p50', isNumber: true }], pairs)}${told}</section>`;
}

export function memorySection({ memory, ratios }: Report): string {
  if (memory.length < 2) return '';
  const last = memory.at(-1)?.orders ?? 0;
  return `<section id="memory"><h2>Memory</h2>${figure(`In use over ${last.toLocaleString('en-GB')} orders${ratios.memoryGrowth === null ? '' : `: ${ratios.memoryGrowth.toFixed(2)} × what it was after 10,000`}`, 'A broker with file journal whose hubs tell of every order; heap and buffers after a full collection. Orders, fills and ids are kept up to fixed numbers.', (size) => memoryPlot('Memory in use over orders', memory, size))}</section>`;
}
