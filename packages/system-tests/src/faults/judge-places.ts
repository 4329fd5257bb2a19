import type { OrderTruth } from '@hotpath/gateway-sim';
import type { IntentHistory } from './intent-history.ts';
import type { MarkIt } from './counts.ts';
import type { VenueRecord } from './venue-record.ts';

const refused = new Set(['rejected', 'not-sent']);

export function judgePlace(
  { intent, calls, lastWord }: IntentHistory,
  record: VenueRecord,
  announced: ReadonlySet<string>,
  mark: MarkIt,
): void {
  const orders = record.accepted.get(intent) ?? [];
  if (orders.length > 1)
    mark(
      'duplicates',
      intent,
      `orders ${orders.map(({ id, customTag }) => `${id} (${customTag})`).join(', ')}`,
    );
  if (lastWord && refused.has(lastWord.outcome) && orders.length > 0)
    mark('falseFailures', intent, `${lastWord.outcome} ${lastWord.code}, order ${orders[0]?.id}`);
  if (lastWord?.outcome === 'accepted') {
    if (!orders.some(({ id }) => String(id) === lastWord.orderId))
      mark(
        'falseSuccesses',
        intent,
        `accepted as ${lastWord.orderId}, which the venue does not have for it`,
      );
    else if (lastWord.recovered === true) mark('recovered', intent, 'accepted by lookup');
  }
  for (const [id, ofId] of byClientOrderId(calls)) {
    const order = orders.find(({ customTag }) => customTag?.toLowerCase() === id);
    if (!order) continue;
    // Of one id alone: the intent may have gone on under another, which the bot was free to do only because this one was refused.
    const word = ofId.flatMap(({ words }) => words).at(-1);
    if (word && refused.has(word.outcome))
      mark('falseFailures', intent, `${id} was ${word.outcome} ${word.code}, order ${order.id}`);
    judgeAbsence(intent, ofId, order, announced.has(id), mark);
  }
}

function byClientOrderId(calls: IntentHistory['calls']): Map<string, IntentHistory['calls']> {
  const ids = new Map<string, IntentHistory['calls']>();
  for (const call of calls) {
    const id = call.claim.clientOrderId?.toLowerCase();
    if (id !== undefined) ids.set(id, [...(ids.get(id) ?? []), call]);
  }
  return ids;
}

/** An order that appeared before the next call under its id is that of a call which had been given up. */
function judgeAbsence(
  intent: string,
  calls: IntentHistory['calls'],
  order: OrderTruth,
  wasAnnounced: boolean,
  mark: MarkIt,
): void {
  const madeAt = order.states[0]?.at ?? 0;
  for (const [index, { words }] of calls.entries()) {
    const absent = words.find(({ code }) => code === 'ABSENT');
    if (!absent || madeAt >= (calls[index + 1]?.claim.at ?? Infinity)) continue;
    mark('contradicted', intent, `absent at ${absent.at}, order ${order.id} from ${madeAt}`);
    const toldLater = calls.some((call) =>
      call.words.some(({ at, orderId }) => at > absent.at && orderId === String(order.id)),
    );
    if (!wasAnnounced && !toldLater) mark('unannounced', intent, `order ${order.id}`);
    return;
  }
}
