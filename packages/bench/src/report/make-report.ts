import type { Measured } from '../measure/measured-case.ts';
import { percentilesOf } from '../measure/percentiles.ts';
import type { AllParts } from '../run-parts.ts';
import type { Machine } from './machine.ts';
import { makeRatios } from './make-ratios.ts';
import type { Report } from './report.ts';

/** What a run found: `measured` are those cases of its parts of which there is something to tell. */
export function makeReport(
  machine: Machine,
  measured: readonly Measured[],
  { parts, memory }: AllParts,
): Report {
  const figures = Object.assign({}, ...parts.map((part) => part.figures ?? {})) as Record<
    string,
    number
  >;
  return {
    machine,
    rows: measured.map(
      ({ label: { name, operation, transport, journal, rttMs, load }, rounds }) => ({
        name,
        operation,
        transport,
        journal,
        rttMs,
        load,
        ...percentilesOf(rounds.flat()),
      }),
    ),
    ratios: makeRatios(measured, figures),
    figures,
    memory,
    loops: parts.map(({ part, loop }) => ({ part, ...loop })),
  };
}
