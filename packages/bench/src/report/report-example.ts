import type { CaseLabel, Measured } from '../measure/measured-case.ts';
import { percentilesOf } from '../measure/percentiles.ts';
import { normal, seededChance } from '../measure/seeded-chance.ts';
import { makeRatios } from './make-ratios.ts';
import type { Report } from './report.ts';

// A report with a row for every part of the page, out of seeded chance and not out of measurements: for tests of what is made of reports.

const chance = seededChance(7);
const rounds = (medianUs: number): number[][] =>
  Array.from({ length: 10 }, () =>
    Array.from({ length: 60 }, () => medianUs * Math.exp(Math.abs(normal(chance)) * 0.3)),
  );
const label = (name: string, load: string, more: Partial<CaseLabel> = {}): CaseLabel => ({
  name,
  operation: 'place',
  transport: 'http',
  journal: name.startsWith('whole') ? 'memory' : 'none',
  rttMs: 0,
  load,
  ...more,
});
const ours = 'whole, fast executor';
const both = ['http', 'https'] as const;

const labels: readonly (readonly [CaseLabel, number])[] = [
  ...both.flatMap((transport) => [
    [label('raw socket', 'one at a time', { transport }), 50] as const,
    [label(ours, 'one at a time', { transport }), 60] as const,
    [label(ours, 'one at a time', { transport, journal: 'file' }), 70] as const,
    [label('undici dispatch', 'one at a time', { transport }), 75] as const,
    [label('fetch and JSON', 'one at a time', { transport }), 400] as const,
    [label(ours, 'caller computes for 20 ms: to its arrival', { transport }), 300] as const,
    [
      label('undici dispatch', 'caller computes for 20 ms: to its arrival', { transport }),
      20_500,
    ] as const,
    ...[16, 64].map(
      (count) => [label(ours, `${count} at once`, { transport }), count * 40] as const,
    ),
    [
      label('raw socket', 'one at a time, through the delay proxy', { transport, rttMs: 20 }),
      20_200,
    ] as const,
    [
      label(ours, 'one at a time, through the delay proxy', {
        transport,
        rttMs: 20,
        journal: 'file',
      }),
      20_300,
    ] as const,
  ]),
  [label('new TLS connection each', 'one at a time', { transport: 'https' }), 4_000],
  [
    label(ours, "after idling past the server's keep-alive", { transport: 'https', rttMs: 20 }),
    20_400,
  ],
  [
    label('fetch and JSON', "after idling past the server's keep-alive", {
      transport: 'https',
      rttMs: 20,
    }),
    81_000,
  ],
  ...[200, 1_000].map(
    (rate) => [label(ours, `open loop ${rate}/s`, { transport: 'https' }), 90] as const,
  ),
  ...['hubs idle', '5000 hub events/s', '20000 hub events/s'].map(
    (load, index) => [label(ours, `open loop 400/s, ${load}`), 80 * (1 + 4 * index)] as const,
  ),
  [label(ours, 'beside no stalled order'), 90],
  [label(ours, 'while another order is stalled for 60 ms'), 95],
  ...(['place', 'modify', 'cancel'] as const).map(
    (operation) =>
      [
        label(ours, 'one at a time, at the simulator', { transport: 'https', operation }),
        300,
      ] as const,
  ),
];

export const measuredExample: readonly Measured[] = labels.map(([each, medianUs]) => ({
  label: each,
  rounds: rounds(medianUs),
}));

const figures = {
  toWireUs: 20,
  hubEventsSent: 80_000,
  hubGaps: 0,
  closedOrders: 40,
  closedAccepted: 38,
  closedUnknownAbsent: 2,
  closedWronglyTold: 0,
  closedDuplicates: 0,
  closedFetchErrors: 3,
  memoryGrowth: 1.02,
};

export const reportExample: Report = {
  machine: {
    date: '2026-11-23T12:00:00.000Z',
    mode: 'quick',
    seed: 7,
    cpus: 2,
    model: 'Example',
    memoryGb: 24,
    kernel: 'linux 6',
    node: 'v20.20.2',
    versions: { undici: '7.30.2' },
    place: null,
    loadBefore: 0,
    loadAfter: 1,
    seconds: 40,
  },
  rows: measuredExample.map(({ label: each, rounds: taken }) => ({
    ...each,
    ...percentilesOf(taken.flat()),
  })),
  ratios: makeRatios(measuredExample, figures),
  figures,
  memory: [10_000, 20_000, 30_000].map((orders) => ({
    orders,
    usedMb: 45 + orders / 30_000,
    residentMb: 160,
  })),
  loops: [
    {
      part: 'one at a time',
      seconds: 10,
      delayP50Ms: 0,
      delayP99Ms: 1,
      delayMaxMs: 5,
      collections: 20,
      collectionMs: 40,
      longestCollectionMs: 4,
    },
  ],
};
