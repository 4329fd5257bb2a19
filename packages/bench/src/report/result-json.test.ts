import { expect, it } from 'vitest';
import { makeRatios } from './make-ratios.ts';
import { printReport } from './print-report.ts';
import { measuredExample, reportExample } from './report-example.ts';
import { resultJson, samplesJson } from './result-json.ts';

it('has the shape that others read', () => {
  const result = resultJson(reportExample);
  expect(Object.keys(result)).toEqual(['machine', 'rows', 'ratios']);
  expect(Object.keys(result.ratios)).toEqual([
    'arrivalWhileComputingMs',
    'wholeOverRawSocket',
    'wholeOverRawSocketFileJournal',
    'wholeOverDispatch',
    'fetchOverWhole',
    'coldTlsOverWhole',
    'rtt20P50',
    'rtt20P99',
    'rtt20IdleP50',
    'busyOverIdleP99',
    'memoryGrowth',
    'routeUs',
    'toWireUs',
  ]);
  for (const row of result.rows)
    expect(Object.keys(row)).toEqual([
      'name',
      'operation',
      'transport',
      'journal',
      'rttMs',
      'load',
      'p50Us',
      'p95Us',
      'p99Us',
      'p999Us',
      'samples',
    ]);
});

it('keeps every sample', () => {
  expect(samplesJson(measuredExample)).toHaveLength(measuredExample.length);
  expect(samplesJson(measuredExample)[0]).toMatchObject({
    name: 'raw socket',
    roundsUs: expect.arrayContaining([expect.any(Array)]),
  });
});

it('compares cases round by round, and says of what was not run that it was not', () => {
  const [raw, whole] = [
    measuredExample.find(({ label }) => label.name === 'raw socket' && label.transport === 'http'),
    measuredExample.find(
      ({ label }) =>
        label.name === 'whole, fast executor' &&
        label.transport === 'http' &&
        label.journal === 'memory',
    ),
  ];
  const doubled =
    whole && raw
      ? [{ ...whole, rounds: raw.rounds.map((taken) => taken.map((us) => us * 2)) }, raw]
      : [];
  expect(makeRatios(doubled, {})).toMatchObject({
    wholeOverRawSocket: 2,
    wholeOverDispatch: null,
    memoryGrowth: null,
  });
});

it('takes p99 under hub events by rounds: a process that stood still in one of them does not decide', () => {
  const label = {
    name: 'whole, fast executor',
    operation: 'place',
    transport: 'http',
    journal: 'memory',
    rttMs: 0,
  } as const;
  const round = (us: number): number[] => Array.from({ length: 100 }, () => us);
  const [calm, stopped] = [round(100), round(400_000)];
  const idle = {
    label: { ...label, load: 'open loop 400/s, hubs idle' },
    rounds: [calm, stopped, calm, calm, calm],
  };
  const busy = {
    label: { ...label, load: 'open loop 400/s, 5000 hub events/s' },
    rounds: [round(150), round(150), stopped, round(150), round(150)],
  };
  expect(makeRatios([idle, busy], {}).busyOverIdleP99).toBeCloseTo(1.5, 2);
});

it('prints every ratio beside its target', () => {
  const printed = printReport(reportExample);
  expect(printed).toMatch(/memoryGrowth +1\.02 {2}target ≤ 1\.1\n/u);
  expect(printed).toMatch(/rtt20TenMinutesP50 +not run/u);
  expect(printed).toContain('seed 7');
});
