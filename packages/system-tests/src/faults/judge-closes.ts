import type { IntentHistory } from './intent-history.ts';
import type { MarkIt } from './counts.ts';
import type { PositionStep, VenueRecord } from './venue-record.ts';
import { wasFlat } from './venue-record.ts';

/** The venue's times and the claims' come from one machine, in whole milliseconds. */
const clockGrainMs = 5;

export function judgeClose(history: IntentHistory, record: VenueRecord, mark: MarkIt): void {
  if (history.calls[0]?.claim.operation === 'reduce') return judgeReduce(history, record, mark);
  const { intent, calls, lastWord } = history;
  const from = (calls[0]?.claim.at ?? 0) - clockGrainMs;
  if (!lastWord) return;
  const to = lastWord.at + clockGrainMs;
  const acted = record.steps.some(
    ({ at, madeAt, by }) => by === 'close' && madeAt >= from && at <= to,
  );
  if (lastWord.outcome === 'accepted') {
    const flat = lastWord.became === 'flat' || lastWord.became === 'already-flat';
    if (flat && !wasFlat(record.steps, from, to))
      mark('falseSuccesses', intent, `${lastWord.became}, and the position never was`);
  } else if (lastWord.outcome !== 'unknown' && acted)
    mark('falseFailures', intent, `${lastWord.outcome} ${lastWord.code}, and the venue closed`);
}

function judgeReduce(
  { intent, calls, lastWord }: IntentHistory,
  record: VenueRecord,
  mark: MarkIt,
): void {
  const orders = record.accepted.get(intent) ?? [];
  if (orders.length > 1) mark('duplicates', intent, `reduced ${orders.length} times`);
  if (lastWord?.outcome === 'accepted' && lastWord.became === 'reduced' && orders.length === 0)
    mark('falseSuccesses', intent, 'reduced, and the venue never did');
  // Each call is an attempt of its own; one that a kill cut off was told nothing, and may have acted.
  const mayHaveActed = calls.some(({ words }) => {
    const end = words.at(-1);
    return end === undefined || end.outcome === 'accepted' || end.outcome === 'unknown';
  });
  if (lastWord && !mayHaveActed && orders.length > 0)
    mark('falseFailures', intent, `${lastWord.outcome} ${lastWord.code}, order ${orders[0]?.id}`);
}

/** A close that turned the position round, or that acted when every close before it had been told done: it closed what was opened since. */
export function judgeLateCloses(
  histories: readonly IntentHistory[],
  record: VenueRecord,
  ends: ReadonlyMap<number, number>,
  lateMs: number,
  mark: MarkIt,
): void {
  for (const step of record.steps) {
    if (step.by === 'entry') continue;
    // On the far side of flat, also where the order had traded as far as flat before.
    const turned =
      step.after !== 0 && Math.sign(step.after) === Math.sign(step.after - step.before);
    if (turned) {
      const other = crossing(step, histories, record, ends, lateMs);
      if (other)
        mark(
          'crossed',
          `${step.by} at ${step.at}`,
          `from ${step.before} to ${step.after}; nobody was told the end of ${other.intent}`,
        );
      else mark('duplicates', `${step.by} at ${step.at}`, `from ${step.before} to ${step.after}`);
    }
    if (step.by === 'close' && !mayAct(histories, step.madeAt, ends, lateMs))
      mark('duplicates', `close at ${step.at}`, 'no close was open or unknown');
  }
}

/**
 * The exit of a killed process that was still at work beside this order, one of the two made after the restart: the bot was told no end of it, and getting out waits for nobody.
 * Two orders of one process, or of one call, are none: of those it knew.
 */
function crossing(
  step: PositionStep,
  histories: readonly IntentHistory[],
  { steps }: VenueRecord,
  ends: ReadonlyMap<number, number>,
  lateMs: number,
): IntentHistory | undefined {
  const beside = steps.filter(
    ({ by, at, madeAt }) =>
      by !== 'entry' && madeAt !== step.madeAt && madeAt <= step.at && at >= step.madeAt,
  );
  return histories.find(({ calls }) =>
    calls.some(({ claim, words }) => {
      const killedAt = ends.get(Number.parseInt(claim.call, 10));
      if (
        (claim.operation !== 'close' && claim.operation !== 'reduce') ||
        words.length > 0 ||
        killedAt === undefined
      )
        return false;
      return beside.some(({ madeAt }) => {
        const [first, second] = [Math.min(madeAt, step.madeAt), Math.max(madeAt, step.madeAt)];
        return first >= claim.at - clockGrainMs && first <= killedAt + lateMs && second >= killedAt;
      });
    }),
  );
}

/** One that ended without the bot's knowing may act for as long as a request may be late: after its process was killed, or its last word was said. */
function mayAct(
  histories: readonly IntentHistory[],
  at: number,
  ends: ReadonlyMap<number, number>,
  lateMs: number,
): boolean {
  return histories.some(({ calls }) =>
    calls.some(({ claim, words }) => {
      if (claim.operation !== 'close' || claim.at - clockGrainMs > at) return false;
      const end = words.at(-1);
      if (end === undefined)
        return at <= (ends.get(Number.parseInt(claim.call, 10)) ?? Infinity) + lateMs;
      if (end.outcome === 'unknown') return !end.final || at <= end.at + lateMs;
      return end.at + clockGrainMs >= at;
    }),
  );
}
