import { accountNumber } from './bot-settings.ts';
import { judgeClose, judgeLateCloses } from './judge-closes.ts';
import { judgeChange } from './judge-changes.ts';
import { judgePlace } from './judge-places.ts';
import type { Claim } from './claims.ts';
import type { Counts, Mark, MarkIt } from './counts.ts';
import type { IntentHistory } from './intent-history.ts';
import { intentHistories, isTold } from './intent-history.ts';
import { lostOrders } from './lost-orders.ts';
import type { Recorded } from './venue-record.ts';
import { venueRecord } from './venue-record.ts';

export interface Verdict extends Counts {
  /** Intents that became orders, or were meant to. */
  readonly places: number;
  readonly marks: readonly Mark[];
  /** Of places told `accepted` by the venue's answer, call to outcome, in microseconds. */
  readonly latenciesUs: readonly number[];
}

/** Compares what one bot was told with what the venue recorded. `lateMs`: how late the venue may carry a request out. */
export function judge(
  claims: readonly Claim[],
  truth: Recorded,
  botIndex: number,
  lateMs: number,
): Verdict {
  const histories = intentHistories(claims);
  const record = venueRecord(truth, accountNumber(botIndex), histories.keys());
  const marks: Mark[] = [];
  const mark: MarkIt = (count, intent, because) => void marks.push({ count, intent, because });
  const latenciesUs: number[] = [];
  let places = 0;
  const lastSession = Math.max(
    1,
    ...claims.flatMap((claim) => (claim.kind === 'start' ? [claim.session] : [])),
  );
  const announced = new Set(
    claims.flatMap((claim) =>
      claim.kind === 'contradicted' ? [claim.clientOrderId.toLowerCase()] : [],
    ),
  );
  for (const history of histories.values()) {
    judgeEnd(history, lastSession, mark);
    const operation = history.calls[0]?.claim.operation;
    if (operation === 'place') {
      places += 1;
      judgePlace(history, record, announced, mark);
      for (const { words } of history.calls)
        for (const { outcome, recovered, us } of words)
          if (outcome === 'accepted' && recovered !== true && us !== undefined)
            latenciesUs.push(us);
    } else if (operation === 'modify' || operation === 'cancel') judgeChange(history, record, mark);
    else judgeClose(history, record, mark);
  }
  // A session ends, at the latest, where the next one begins.
  const ends = new Map(
    claims.flatMap((claim): [number, number][] =>
      claim.kind === 'start' ? [[claim.session - 1, claim.at]] : [],
    ),
  );
  judgeLateCloses([...histories.values()], record, ends, lateMs, mark);
  for (const { because, intent } of lostOrders(claims, histories, record))
    mark('lost', intent, because);
  for (const claim of claims)
    if (claim.kind === 'open')
      for (const id of claim.clientOrderIds)
        mark('unresolved', id, 'the broker still held it open at the end');
  const count = (name: keyof Counts): number =>
    new Set(marks.filter((each) => each.count === name).map(({ intent }) => intent)).size;
  return {
    places,
    duplicates: count('duplicates'),
    lost: count('lost'),
    falseFailures: count('falseFailures'),
    falseSuccesses: count('falseSuccesses'),
    contradicted: count('contradicted'),
    unannounced: count('unannounced'),
    crossed: count('crossed'),
    unresolved: count('unresolved'),
    recovered: count('recovered'),
    marks,
    latenciesUs,
  };
}

/** A call that its process did not survive has its end where a later call of the intent has one. A reduce is never called again and has no id, so nobody can be told of one that was cut off. */
function judgeEnd(
  { intent, calls, lastWord }: IntentHistory,
  lastSession: number,
  mark: MarkIt,
): void {
  const last = calls.at(-1);
  if (
    !last ||
    (last.claim.operation === 'reduce' && Number.parseInt(last.claim.call, 10) < lastSession)
  )
    return;
  if (last.words.length === 0) mark('unresolved', intent, 'its last call has no word');
  else if (!isTold(lastWord))
    mark('unresolved', intent, `its last word is ${lastWord?.outcome} ${lastWord?.code ?? ''}`);
}
