import type { Report, Row } from './report.ts';
import type { RatioName, Target } from './targets.ts';
import { isMet, targets } from './targets.ts';

const begin = (name: string): string => `<!-- figures: ${name} -->`;
const end = '<!-- end of figures -->';

/** The document with what stands between its marks written anew. Throws for a mark that nothing is known of. */
export function withFigures(document: string, report: Report): string {
  return document.replace(
    /<!-- figures: ([\w-]+) -->\n[\s\S]*?<!-- end of figures -->/gu,
    (_, name: string) => {
      const write = tables[name];
      if (!write)
        throw new Error(`There are no figures "${name}", only ${Object.keys(tables).join(', ')}.`);
      return `${begin(name)}\n${write(report)}\n${end}`;
    },
  );
}

const tables: Readonly<Record<string, (report: Report) => string>> = {
  machine: ({ machine }) =>
    `${machine.mode === 'quick' ? 'Quick' : 'Full'} run of ${machine.date.slice(0, 16).replace('T', ' ')} UTC, seed ${machine.seed}, ${machine.seconds} s: ${machine.cpus} processors (${machine.model}), ${machine.memoryGb} GB, ${machine.kernel}, Node ${machine.node.slice(1)}, ${Object.entries(
      machine.versions,
    )
      .map(([name, version]) => `${name} ${version}`)
      .join(
        ', ',
      )}. Load of the minute before: ${machine.loadBefore}; at the end: ${machine.loadAfter}.`,
  targets: ({ ratios }) =>
    table(
      ['what', 'over', 'target', 'measured', '', '`npm run bench -- --only`'],
      targets.map((target) => targetRow(target, ratios[target.ratio] ?? null)),
    ),
  ratios: ({ ratios }) =>
    table(
      ['compared in one run, medians', 'HTTP', 'HTTPS'],
      quoted.flatMap(({ what, http, https }) =>
        ratioRow(what, http && ratios[http], https && ratios[https]),
      ),
    ),
  'one-at-a-time': ({ rows }) =>
    percentiles(
      rows.filter(
        ({ load }) =>
          load.startsWith('one at a time') &&
          !load.includes('proxy') &&
          !load.includes('simulator'),
      ),
    ),
  'while-computing': ({ rows }) =>
    percentiles(rows.filter(({ load }) => load.startsWith('caller computes'))),
  'at-once': ({ rows }) => percentiles(rows.filter(({ load }) => load.endsWith('at once'))),
  'open-loop': ({ rows }) => percentiles(rows.filter(({ load }) => load.startsWith('open loop'))),
  'far-away': ({ rows }) =>
    percentiles(
      rows.filter(({ load, rttMs }) => load.includes('proxy') || rttMs > 0),
      true,
    ),
  'ten-minutes': ({ rows }) =>
    percentiles(
      rows.filter(
        ({ load, rttMs, transport, name }) =>
          load.includes('ten idle') ||
          (load.includes('proxy') &&
            rttMs === 20 &&
            transport === 'https' &&
            name === 'raw socket'),
      ),
      true,
    ),
  trouble: ({ rows, figures }) =>
    `${percentiles(rows.filter(({ load }) => load.includes('stalled') || load.startsWith('as the server closes')))}\n\nOf ${figures['closedOrders'] ?? 0} orders just after the server closed its idle connections: ${figures['closedAccepted'] ?? 0} accepted, ${figures['closedNotSent'] ?? 0} not sent, ${figures['closedUnknownAbsent'] ?? 0} \`unknown\` and then not found at the venue, ${figures['closedWronglyTold'] ?? 0} told wrongly, ${figures['closedDuplicates'] ?? 0} duplicates. By \`fetch\`: ${figures['closedFetchErrors'] ?? 0} errors.`,
  simulator: ({ rows }) => percentiles(rows.filter(({ load }) => load.includes('simulator'))),
  memory: ({ memory }) =>
    table(
      ['orders', 'in use, MB', 'resident, MB'],
      memory.map(({ orders, usedMb, residentMb }) => [
        orders.toLocaleString('en-US'),
        usedMb.toFixed(1),
        residentMb.toFixed(0),
      ]),
    ),
  loops: ({ loops }) =>
    table(
      [
        'part',
        'seconds',
        'loop late p99, ms',
        'most, ms',
        'collections',
        'in all, ms',
        'longest, ms',
      ],
      loops.map(
        ({
          part,
          seconds,
          delayP99Ms,
          delayMaxMs,
          collections,
          collectionMs,
          longestCollectionMs,
        }) =>
          [
            part,
            seconds,
            delayP99Ms,
            delayMaxMs,
            collections,
            Math.round(collectionMs),
            longestCollectionMs,
          ].map(String),
      ),
    ),
};

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function targetRow(target: Target, measured: number | null): string[] {
  const { what, over, bound, value, unit, part } = target;
  const space = unit === '' ? '' : ` ${unit}`;
  return [
    what,
    over,
    `${bound} ${value}${space}`,
    measured === null
      ? '–'
      : `${measured < 10 ? measured.toFixed(2) : measured.toFixed(1)}${space}`,
    measured === null ? 'not run' : isMet(target, measured) ? 'met' : 'missed',
    `"${part}"`,
  ];
}

interface Quoted {
  readonly what: string;
  readonly http?: RatioName;
  readonly https?: RatioName;
}

/** What the README shows. */
const quoted: readonly Quoted[] = [
  {
    what: 'whole `placeOrder` over the fast executor ÷ the same bytes on a bare socket',
    http: 'wholeOverRawSocket',
    https: 'wholeOverRawSocketTls',
  },
  {
    what: 'the same with a journal on disk ÷ the same bytes on a bare socket',
    http: 'wholeOverRawSocketFileJournal',
    https: 'wholeOverRawSocketFileJournalTls',
  },
  {
    what: 'whole `placeOrder` over the fast executor ÷ undici’s `dispatch`',
    http: 'wholeOverDispatch',
    https: 'wholeOverDispatchTls',
  },
  {
    what: '`fetch` and JSON ÷ whole `placeOrder` over the fast executor',
    http: 'fetchOverWhole',
    https: 'fetchOverWholeTls',
  },
  {
    what: 'whole `placeOrder` over the fallback executor ÷ over the fast executor',
    http: 'fallbackOverWhole',
    https: 'fallbackOverWholeTls',
  },
  {
    what: 'a new TLS connection for each order ÷ whole `placeOrder` over the fast executor',
    https: 'coldTlsOverWhole',
  },
  {
    what: 'an order over 20 ms of round trip ÷ a bare socket over the same',
    http: 'rtt20P50Http',
    https: 'rtt20P50',
  },
];

/** A run made before a ratio was thought of has no row for it. */
function ratioRow(what: string, http?: number | null, https?: number | null): string[][] {
  const cell = (value?: number | null): string =>
    typeof value === 'number' ? (value < 10 ? value.toFixed(2) : value.toFixed(1)) : '–';
  return typeof http === 'number' || typeof https === 'number'
    ? [[what, cell(http), cell(https)]]
    : [];
}

function percentiles(rows: readonly Row[], isFar = false): string {
  const cell = (us: number): string =>
    us >= 1_000 ? `${(us / 1_000).toFixed(2)} ms` : `${us.toFixed(0)} µs`;
  const label = ({ load, rttMs }: Row): string => (isFar ? `${rttMs} ms, ${load}` : load);
  return table(
    ['load', 'over', 'client', 'operation', 'journal', 'p50', 'p95', 'p99', 'p99.9', 'orders'],
    rows.map((row) => [
      label(row),
      row.transport.toUpperCase(),
      row.name,
      row.operation,
      row.journal === 'none' ? '' : row.journal,
      cell(row.p50Us),
      cell(row.p95Us),
      cell(row.p99Us),
      cell(row.p999Us),
      row.samples.toLocaleString('en-US'),
    ]),
  );
}
