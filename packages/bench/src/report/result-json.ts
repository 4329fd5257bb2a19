import type { Measured } from '../measure/measured-case.ts';
import { round } from '../measure/percentiles.ts';
import type { Machine } from './machine.ts';
import type { Report, Row } from './report.ts';
import { jsonRatios } from './targets.ts';

/** What `--json` writes. */
export interface ResultJson {
  readonly machine: Machine;
  readonly rows: readonly Row[];
  readonly ratios: Readonly<Record<(typeof jsonRatios)[number], number | null>>;
}

export function resultJson({ machine, rows, ratios }: Report): ResultJson {
  const chosen = jsonRatios.map((name) => [name, ratios[name]]);
  return { machine, rows, ratios: Object.fromEntries(chosen) as ResultJson['ratios'] };
}

/** What `--samples` writes: each case with every sample of every round, in µs. */
export function samplesJson(measured: readonly Measured[]): object[] {
  return measured.map(
    ({ label: { name, operation, transport, journal, rttMs, load }, rounds }) => ({
      name,
      operation,
      transport,
      journal,
      rttMs,
      load,
      roundsUs: rounds.map((taken) => taken.map((us) => round(us, 1))),
    }),
  );
}
