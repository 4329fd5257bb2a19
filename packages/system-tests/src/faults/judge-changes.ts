import type { IntentHistory } from './intent-history.ts';
import { isTold } from './intent-history.ts';
import type { MarkIt } from './counts.ts';
import type { VenueRecord } from './venue-record.ts';

const cancelled = 3;
const finalStatus: Readonly<Record<string, readonly number[]>> = {
  cancelled: [3],
  filled: [2],
  'already-final': [2, 3, 4, 5],
};

/** A modify or a cancel: nobody else changes the order, so how it ended is what the calls did. */
export function judgeChange(
  { intent, calls, lastWord }: IntentHistory,
  record: VenueRecord,
  mark: MarkIt,
): void {
  const claim = calls[0]?.claim;
  const order = record.byId.get(claim?.orderId ?? '');
  if (!claim || !lastWord) return;
  if (!order) {
    if (lastWord.outcome === 'accepted')
      mark('falseSuccesses', intent, `order ${claim.orderId} is not in the venue's record`);
    return;
  }
  const done =
    claim.operation === 'modify' ? order.limitPrice === claim.price : order.status === cancelled;
  if (lastWord.outcome === 'accepted') {
    const holds =
      claim.operation === 'modify'
        ? done
        : (finalStatus[lastWord.became ?? ''] ?? []).includes(order.status);
    if (!holds)
      mark(
        'falseSuccesses',
        intent,
        `accepted ${lastWord.became ?? ''}; order ${order.id} has status ${order.status}, price ${order.limitPrice}`,
      );
    else if (lastWord.recovered === true) mark('recovered', intent, 'accepted by lookup');
  } else if (lastWord.outcome !== 'unknown' && done && !isOfLastCallAlone(calls))
    mark(
      'falseFailures',
      intent,
      `${lastWord.outcome} ${lastWord.code}; order ${order.id} has status ${order.status}, price ${order.limitPrice}`,
    );
}

/**
 * A change that was asked for once more, after one whose end its bot never heard: that the order had ended by then (M02), or that no byte of it left, is true of the last call,
 * whatever the first one did.
 */
function isOfLastCallAlone(calls: IntentHistory['calls']): boolean {
  const last = calls.at(-1)?.words.at(-1);
  return (
    (last?.code === 'ALREADY_FINAL' || last?.outcome === 'not-sent') &&
    calls.slice(0, -1).some(({ words }) => !isTold(words.at(-1)))
  );
}
