import type { NotSeen } from './check.ts';
import { notSeen } from './check.ts';
import { userHub } from './facts.ts';
import { farPrice, onTick } from './far-price.ts';
import type { Fields, HttpAnswer } from './gateway-http.ts';
import { isFields } from './gateway-http.ts';
import type { Run } from './run.ts';

/** An event of the user hub about the order. */
export interface OrderEvent {
  readonly at: number;
  readonly text: string;
  /** Undefined when the row is not wrapped. */
  readonly action: number | undefined;
  readonly wrapped: boolean;
  readonly row: Fields;
}

/** What one far limit order, moved once and cancelled, and two that must be refused have shown. */
export interface OrderTrial {
  readonly placed: HttpAnswer;
  readonly resting: {
    readonly events: readonly OrderEvent[];
    readonly open: Fields | undefined;
    readonly byId: HttpAnswer;
  };
  readonly moved: { readonly answer: HttpAnswer; readonly row: Fields | undefined };
  readonly duplicate: HttpAnswer;
  readonly misaligned: { readonly answer: HttpAnswer; readonly row: Fields | undefined };
  readonly cancelled: {
    readonly answer: HttpAnswer;
    readonly events: readonly OrderEvent[];
    readonly row: Fields | undefined;
    readonly again: HttpAnswer;
    readonly movedAfter: HttpAnswer;
  };
  readonly unknown: HttpAnswer;
}

const closedText = /active trading status|trading hours/i;

/** Once in a run, whichever check asks for it first. */
export function orderTrial(run: Run): Promise<OrderTrial | NotSeen> {
  return run.once('order trial', () => tryOrder(run));
}

async function tryOrder(run: Run): Promise<OrderTrial | NotSeen> {
  const { http, accountId, contract, guard, measured, settleMs } = run;
  const price = await farPrice(run);
  if (typeof price !== 'number') return price;
  const tap = await userHub(run);
  const eventsOf = (orderId: unknown, since: number): OrderEvent[] =>
    tap
      .events('GatewayUserOrder')
      .map(orderEvent)
      .filter(({ at, row }) => at >= since && row['id'] === orderId);
  const tag = guard.newTag();
  const order = { contractId: contract.id, type: 1, side: 0, size: 1, limitPrice: price };
  const startedAt = performance.now();
  const placed = await guard.place({ ...order, customTag: tag });
  const answeredAt = performance.now();
  const { orderId, errorMessage } = placed.fields;
  if (typeof errorMessage === 'string' && closedText.test(errorMessage))
    return notSeen('the market is closed');
  if (placed.fields['success'] !== true || typeof orderId !== 'number')
    return notSeen(
      `the order was refused: ${placed.status}, code ${String(placed.fields['errorCode'])}, ${String(errorMessage)}`,
    );
  run.scrub.hide(orderId, tag);
  await run.pause(settleMs);
  const rested = eventsOf(orderId, startedAt);
  measure(measured, 'place answer', answeredAt - startedAt);
  measure(measured, 'place event after its answer', (rested[0]?.at ?? Number.NaN) - answeredAt);

  const open = await openOrder(run, orderId);
  const byId = await http.post('Order/searchById', { accountId, orderId });
  const moved = await http.post('Order/modify', {
    accountId,
    orderId,
    limitPrice: onTick(Math.round(price / contract.tickSize) - 1, contract.tickSize),
  });
  await run.pause(settleMs);
  const movedRow = await openOrder(run, orderId);
  const duplicate = await guard.place({ ...order, customTag: tag });
  const refusedTag = guard.newTag();
  const misaligned = await guard.place({
    ...order,
    limitPrice: price + contract.tickSize / 2,
    customTag: refusedTag,
  });

  const { answer, events } = await cancel(run, orderId, eventsOf);
  const history = await http.rows('Order/search', 'orders', {
    accountId,
    startTimestamp: new Date(Date.now() - 600_000).toISOString(),
  });
  return {
    placed,
    resting: { events: rested, open, byId },
    moved: { answer: moved, row: movedRow },
    duplicate,
    misaligned: {
      answer: misaligned,
      row: history.find(({ customTag }) => customTag === refusedTag),
    },
    cancelled: {
      answer,
      events,
      row: history.find(({ id }) => id === orderId),
      again: await http.post('Order/cancel', { accountId, orderId }),
      movedAfter: await http.post('Order/modify', { accountId, orderId, limitPrice: price }),
    },
    unknown: await http.post('Order/cancel', { accountId, orderId: 1 }),
  };
}

async function openOrder({ http, accountId }: Run, orderId: number): Promise<Fields | undefined> {
  const rows = await http.rows('Order/searchOpen', 'orders', { accountId });
  return rows.find(({ id }) => id === orderId);
}

/** Cancels the order, and measures how long that takes. */
async function cancel(
  run: Run,
  orderId: number,
  eventsOf: (orderId: number, since: number) => OrderEvent[],
): Promise<Pick<OrderTrial['cancelled'], 'answer' | 'events'>> {
  const { http, accountId, measured, settleMs } = run;
  const cancelledAt = performance.now();
  const answer = await http.post('Order/cancel', { accountId, orderId });
  const answeredAt = performance.now();
  await run.pause(settleMs);
  const events = eventsOf(orderId, cancelledAt);
  measure(measured, 'cancel answer', answeredAt - cancelledAt);
  measure(
    measured,
    'cancel event after its answer',
    (events.find(({ row }) => row['status'] === 3)?.at ?? Number.NaN) - answeredAt,
  );
  return { answer, events };
}

function orderEvent({
  at,
  text,
  given: [first],
}: {
  readonly at: number;
  readonly text: string;
  readonly given: readonly unknown[];
}): OrderEvent {
  const payload = isFields(first) ? first : {};
  const { action, data } = payload;
  const wrapped = isFields(data) && typeof action === 'number';
  return { at, text, wrapped, action: wrapped ? action : undefined, row: wrapped ? data : payload };
}

function measure(measured: Map<string, number>, name: string, milliseconds: number): void {
  if (Number.isFinite(milliseconds)) measured.set(name, Math.round(milliseconds * 10) / 10);
}
