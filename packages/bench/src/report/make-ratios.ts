import type { Measured } from '../measure/measured-case.ts';
import { round } from '../measure/percentiles.ts';
import { CaseRatios, fallback, fast } from './case-ratios.ts';
import type { RatioName, Ratios } from './targets.ts';
import { jsonRatios, moreRatios } from './targets.ts';

/** What the cases come to beside each other. */
export function makeRatios(
  measured: readonly Measured[],
  figures: Readonly<Record<string, number>>,
): Ratios {
  const values = { ...betweenCases(new CaseRatios(measured)), ...ofFigures(figures) };
  const entries = [...jsonRatios, ...moreRatios].map((name): [RatioName, number | null] => [
    name,
    Number.isFinite(values[name]) ? round(values[name], 3) : null,
  ]);
  return Object.fromEntries(entries) as Record<RatioName, number | null>;
}

type OfFigures = 'memoryGrowth' | 'routeUs' | 'toWireUs' | 'toWireUsTls';

function betweenCases(cases: CaseRatios): Record<Exclude<RatioName, OfFigures>, number> {
  return {
    arrivalWhileComputingMs: cases.arrival('http'),
    arrivalWhileComputingMsTls: cases.arrival('https'),
    wholeOverRawSocket: cases.byRounds(cases.whole('http'), cases.one('http', 'raw socket')),
    wholeOverRawSocketTls: cases.byRounds(cases.whole('https'), cases.one('https', 'raw socket')),
    wholeOverRawSocketFileJournal: cases.byRounds(
      cases.whole('http', 'file'),
      cases.one('http', 'raw socket'),
    ),
    wholeOverRawSocketFileJournalTls: cases.byRounds(
      cases.whole('https', 'file'),
      cases.one('https', 'raw socket'),
    ),
    wholeOverDispatch: cases.byRounds(cases.whole('http'), cases.one('http', 'undici dispatch')),
    wholeOverDispatchTls: cases.byRounds(
      cases.whole('https'),
      cases.one('https', 'undici dispatch'),
    ),
    fetchOverWhole: cases.byRounds(cases.one('http', 'fetch and JSON'), cases.whole('http')),
    fetchOverWholeTls: cases.byRounds(cases.one('https', 'fetch and JSON'), cases.whole('https')),
    fallbackOverWhole: cases.byRounds(
      cases.one('http', fallback, { journal: 'memory' }),
      cases.whole('http'),
    ),
    fallbackOverWholeTls: cases.byRounds(
      cases.one('https', fallback, { journal: 'memory' }),
      cases.whole('https'),
    ),
    coldTlsOverWhole: cases.byRounds(
      cases.one('https', 'new TLS connection each'),
      cases.whole('https'),
    ),
    rtt20P50: cases.far('https', 'p50Us'),
    rtt20P99: cases.far('https', 'p99Us'),
    rtt20P50Http: cases.far('http', 'p50Us'),
    rtt20P99Http: cases.far('http', 'p99Us'),
    rtt20IdleP50: cases.far('https', 'p50Us', "after idling past the server's keep-alive"),
    rtt20IdleP99: cases.far('https', 'p99Us', "after idling past the server's keep-alive"),
    rtt20TenMinutesP50: cases.far('https', 'p50Us', 'after ten idle minutes'),
    rtt20TenMinutesP99: cases.far('https', 'p99Us', 'after ten idle minutes'),
    busyOverIdleP99: cases.busy(fast, 5_000),
    busy20kOverIdleP99: cases.busy(fast, 20_000),
    busyRawOverIdleP99: cases.busy('raw socket', 5_000),
    restExtraUs: cases.rested('http'),
    restExtraUsTls: cases.rested('https'),
    stalledOverAlone: cases.pooled(
      cases.stalled('while another order is stalled for 60 ms'),
      cases.stalled('beside no stalled order'),
      'p50Us',
    ),
    deliverOverRawSocket: cases.byRounds(
      cases.one('http', 'fast executor alone'),
      cases.one('http', 'raw socket'),
    ),
    deliverOverRawSocketTls: cases.byRounds(
      cases.one('https', 'fast executor alone'),
      cases.one('https', 'raw socket'),
    ),
    deliverOverDispatch: cases.byRounds(
      cases.one('http', 'fast executor alone'),
      cases.one('http', 'undici dispatch'),
    ),
    deliverOverDispatchTls: cases.byRounds(
      cases.one('https', 'fast executor alone'),
      cases.one('https', 'undici dispatch'),
    ),
  };
}

function ofFigures(figures: Readonly<Record<string, number>>): Record<OfFigures, number> {
  return {
    memoryGrowth: figures['memoryGrowth'] ?? Number.NaN,
    routeUs: figures['routeUs'] ?? Number.NaN,
    toWireUs: figures['toWireUs'] ?? Number.NaN,
    toWireUsTls: figures['toWireUsTls'] ?? Number.NaN,
  };
}
