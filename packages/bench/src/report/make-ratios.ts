import type { CaseLabel, Measured } from '../measure/measured-case.ts';
import { median, percentilesOf, round } from '../measure/percentiles.ts';
import type { RatioName, Ratios } from './targets.ts';
import { jsonRatios, moreRatios } from './targets.ts';

const idle = 'open loop 400/s, hubs idle';
const oneAtATime = { load: 'one at a time', rttMs: 0, operation: 'place' } as const;
const afterRest = { load: 'one at a time, after 1.5 ms of rest' } as const;
const throughProxy = 'one at a time, through the delay proxy';
const fast = 'whole, fast executor';
const fallback = 'whole, fallback executor';

/** What the cases come to beside each other. */
export function makeRatios(
  measured: readonly Measured[],
  figures: Readonly<Record<string, number>>,
): Ratios {
  const find = (wanted: Partial<CaseLabel>): Measured | undefined =>
    measured.find(({ label }) =>
      Object.entries(wanted).every(([key, value]) => label[key as keyof CaseLabel] === value),
    );
  const one = (
    transport: 'http' | 'https',
    name: string,
    more: Partial<CaseLabel> = {},
  ): Measured | undefined => find({ ...oneAtATime, transport, name, ...more });
  const whole = (
    transport: 'http' | 'https',
    journal: CaseLabel['journal'] = 'memory',
  ): Measured | undefined => one(transport, fast, { journal });
  const byRounds = (above: Measured | undefined, below: Measured | undefined): number =>
    compareRounds(above, below, (a, b) => a / b);
  const pooled = (
    above: Measured | undefined,
    below: Measured | undefined,
    at: 'p50Us' | 'p99Us',
  ): number =>
    above && below
      ? percentilesOf(above.rounds.flat())[at] / percentilesOf(below.rounds.flat())[at]
      : Number.NaN;
  const arrival = (transport: 'http' | 'https'): number =>
    median(
      (
        find({ name: fast, transport, load: 'caller computes for 20 ms: to its arrival' })
          ?.rounds ?? []
      ).flat(),
    ) / 1_000;
  const rested = (transport: 'http' | 'https'): number => {
    const added = (name: string, journal: CaseLabel['journal']): number =>
      compareRounds(
        one(transport, name, { ...afterRest, journal }),
        one(transport, name, { journal }),
        (a, b) => a - b,
      );
    return added(fast, 'memory') - added('raw socket', 'none');
  };
  const far = (transport: 'http' | 'https', at: 'p50Us' | 'p99Us', load = throughProxy): number =>
    pooled(
      find({ name: fast, transport, rttMs: 20, load }),
      find({ name: 'raw socket', transport, rttMs: 20, load: throughProxy }),
      at,
    );
  // By rounds, since one stop of the process for a quarter of a second is the p99 of all rounds together.
  const busy = (name: string, rate: number): number =>
    compareRounds(
      find({ name, load: `open loop 400/s, ${rate} hub events/s` }),
      find({ name, load: idle }),
      (a, b) => a / b,
      (taken) => percentilesOf(taken).p99Us,
    );
  const stalled = (load: string): Measured | undefined => find({ name: fast, load });
  const values: Record<RatioName, number> = {
    arrivalWhileComputingMs: arrival('http'),
    arrivalWhileComputingMsTls: arrival('https'),
    wholeOverRawSocket: byRounds(whole('http'), one('http', 'raw socket')),
    wholeOverRawSocketTls: byRounds(whole('https'), one('https', 'raw socket')),
    wholeOverRawSocketFileJournal: byRounds(whole('http', 'file'), one('http', 'raw socket')),
    wholeOverRawSocketFileJournalTls: byRounds(whole('https', 'file'), one('https', 'raw socket')),
    wholeOverDispatch: byRounds(whole('http'), one('http', 'undici dispatch')),
    wholeOverDispatchTls: byRounds(whole('https'), one('https', 'undici dispatch')),
    fetchOverWhole: byRounds(one('http', 'fetch and JSON'), whole('http')),
    fetchOverWholeTls: byRounds(one('https', 'fetch and JSON'), whole('https')),
    fallbackOverWhole: byRounds(one('http', fallback, { journal: 'memory' }), whole('http')),
    fallbackOverWholeTls: byRounds(one('https', fallback, { journal: 'memory' }), whole('https')),
    coldTlsOverWhole: byRounds(one('https', 'new TLS connection each'), whole('https')),
    rtt20P50: far('https', 'p50Us'),
    rtt20P99: far('https', 'p99Us'),
    rtt20P50Http: far('http', 'p50Us'),
    rtt20P99Http: far('http', 'p99Us'),
    rtt20IdleP50: far('https', 'p50Us', "after idling past the server's keep-alive"),
    rtt20IdleP99: far('https', 'p99Us', "after idling past the server's keep-alive"),
    rtt20TenMinutesP50: far('https', 'p50Us', 'after ten idle minutes'),
    rtt20TenMinutesP99: far('https', 'p99Us', 'after ten idle minutes'),
    busyOverIdleP99: busy(fast, 5_000),
    busy20kOverIdleP99: busy(fast, 20_000),
    busyRawOverIdleP99: busy('raw socket', 5_000),
    restExtraUs: rested('http'),
    restExtraUsTls: rested('https'),
    stalledOverAlone: pooled(
      stalled('while another order is stalled for 60 ms'),
      stalled('beside no stalled order'),
      'p50Us',
    ),
    deliverOverRawSocket: byRounds(one('http', 'fast executor alone'), one('http', 'raw socket')),
    deliverOverRawSocketTls: byRounds(
      one('https', 'fast executor alone'),
      one('https', 'raw socket'),
    ),
    deliverOverDispatch: byRounds(
      one('http', 'fast executor alone'),
      one('http', 'undici dispatch'),
    ),
    deliverOverDispatchTls: byRounds(
      one('https', 'fast executor alone'),
      one('https', 'undici dispatch'),
    ),
    memoryGrowth: figures['memoryGrowth'] ?? Number.NaN,
    routeUs: figures['routeUs'] ?? Number.NaN,
    toWireUs: figures['toWireUs'] ?? Number.NaN,
    toWireUsTls: figures['toWireUsTls'] ?? Number.NaN,
  };
  const entries = [...jsonRatios, ...moreRatios].map((name): [RatioName, number | null] => [
    name,
    Number.isFinite(values[name]) ? round(values[name], 3) : null,
  ]);
  return Object.fromEntries(entries) as Record<RatioName, number | null>;
}

/** Median over the rounds of what `compare` makes of what two cases had in a round: of their medians, unless `of` says otherwise. */
export function compareRounds(
  above: Measured | undefined,
  below: Measured | undefined,
  compare: (above: number, below: number) => number,
  of: (taken: readonly number[]) => number = median,
): number {
  const compared = (above?.rounds ?? []).flatMap((taken, index) => {
    const under = below?.rounds[index];
    return under ? [compare(of(taken), of(under))] : [];
  });
  return median(compared);
}
