import type { Clock, NotSent, Rejected, Unknown, Unsettled } from '@hotpath/core';
import { setPatientTimer } from '@hotpath/core';

type AnyOutcome<Done> = Done | Rejected | NotSent | Unknown<string, Done> | Unsettled;

/** Waits for the end of an outcome that is unknown so far, at most `withinMs`; then it is given as it is. */
export async function settle<Done extends { readonly kind: 'accepted' }>(
  outcome: AnyOutcome<Done>,
  clock: Clock,
  withinMs: number,
): Promise<AnyOutcome<Done>> {
  if (outcome.kind !== 'unknown' || outcome.final) return outcome;
  let timer: { cancel(): void } | undefined;
  const tooLong = new Promise<AnyOutcome<Done>>(
    (resolve) => void (timer = setPatientTimer(clock, withinMs, () => resolve(outcome))),
  );
  try {
    return await Promise.race([outcome.resolved, tooLong]);
  } finally {
    timer?.cancel();
  }
}
