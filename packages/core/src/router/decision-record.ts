import type { Assignment, ShareCut } from '../routing/routing-snapshot.ts';
import type { Decision, PassedBy } from './decision.ts';

/** Why another executor than the table's got a request, as a journal line keeps it. Absent fields cost nothing, and most lines have none of these. */
export interface DetourRecord {
  readonly passedBy?: readonly PassedBy[] | undefined;
  readonly lastResort?: true | undefined;
}

/** Why an executor got a request, as the line of its intent keeps it. Absent from journals that were written before it was kept. */
export interface DecisionRecord extends DetourRecord {
  readonly bucket?: number | undefined;
  readonly rule?: Assignment['rule'] | undefined;
  /** The executor that the table chose, where the request went to another. */
  readonly assigned?: string | undefined;
  readonly cut?: ShareCut | undefined;
}

export function decisionRecord(decision: Decision | undefined, executor: string): DecisionRecord {
  if (!decision) return {};
  const { bucket, rule, cut, passedBy, lastResort } = decision;
  return {
    bucket,
    rule,
    assigned: decision.executor === executor ? undefined : decision.executor,
    cut,
    passedBy,
    lastResort,
  };
}

/** Of a further attempt, beside what the intent's line says. */
export function detourRecord(decision: Decision | undefined): DetourRecord {
  return { passedBy: decision?.passedBy, lastResort: decision?.lastResort };
}

/** The decision that a line keeps; undefined when it is from before decisions were kept. */
export function decisionOf(
  { bucket, rule, assigned, cut, passedBy, lastResort }: DecisionRecord,
  executor: string,
): Decision | undefined {
  if (rule === undefined) return undefined;
  return {
    executor: assigned ?? executor,
    bucket,
    rule,
    version: 1,
    ...(cut && { cut }),
    ...(passedBy && { passedBy }),
    ...(lastResort && { lastResort }),
  };
}
