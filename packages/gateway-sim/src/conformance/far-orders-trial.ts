import type { NotSeen } from './check.ts';
import { notSeen } from './check.ts';
import { farPrice, onTick } from './far-price.ts';
import type { Fields, HttpAnswer } from './gateway-http.ts';
import { isFields } from './gateway-http.ts';
import type { Run } from './run.ts';

/** An order that was tried: what was answered, and its row where it became one. */
export interface TriedOrder {
  readonly answer: HttpAnswer;
  readonly row: Fields | undefined;
}

/** A far order with brackets, where the account takes them. */
export interface TriedBracket extends TriedOrder {
  /** Its legs while it rested, and the same behind its cancel. */
  readonly legs: readonly Fields[];
  readonly legsAfter: readonly Fields[];
  readonly legMoved: HttpAnswer | undefined;
  /** An order with the tag of its stop-loss leg, once that is gone. */
  readonly legTag: HttpAnswer | undefined;
}

/** What several orders show that are far from the market, or can't be orders at all; each is cancelled at once. */
export interface FarOrdersTrial {
  readonly longTag: TriedOrder;
  readonly longerTag: TriedOrder;
  readonly oddTag: TriedOrder;
  readonly otherCase: TriedOrder;
  readonly stopLimit: TriedOrder;
  readonly noSize: TriedOrder;
  readonly noContract: TriedOrder;
  /** Whether an order was there when the one that it named as linked had been cancelled; undefined when it was not taken. */
  readonly linkedStays: boolean | undefined;
  readonly bracket: TriedBracket;
}

const suspended = 8;
const legTicks = 40;

/** Once in a run, whichever check asks for it first. */
export function farOrdersTrial(run: Run): Promise<FarOrdersTrial | NotSeen> {
  return run.once('far orders trial', async () => {
    const price = await farPrice(run);
    return typeof price === 'number'
      ? tryOrders(run, {
          contractId: run.contract.id,
          type: 1,
          side: 0,
          size: 1,
          limitPrice: price,
        })
      : price;
  });
}

async function tryOrders(
  run: Run,
  order: Fields & { readonly limitPrice: number },
): Promise<FarOrdersTrial | NotSeen> {
  const { guard, contract } = run;
  const known = guard.newTag();
  const first = await tryOne(run, { ...order, customTag: known });
  if (first.answer.fields['success'] !== true)
    return notSeen(
      `a far order was refused: ${first.answer.status}, code ${String(first.answer.fields['errorCode'])}, ${String(first.answer.fields['errorMessage'])}`,
    );
  // Bought at 5 % above the market at the earliest, and then for 5 % below it: it can't trade.
  const above = onTick(Math.ceil((order.limitPrice * 1.11) / contract.tickSize), contract.tickSize);
  return {
    otherCase: await tryOne(run, { ...order, customTag: known.toUpperCase() }),
    longTag: await tryOne(run, { ...order, customTag: guard.newTag().padEnd(65, 'x') }),
    longerTag: await tryOne(run, { ...order, customTag: guard.newTag().padEnd(200, 'x') }),
    oddTag: await tryOne(run, { ...order, customTag: `${guard.newTag()} /"ü:` }),
    stopLimit: await tryOne(run, {
      ...order,
      type: 3,
      stopPrice: above,
      customTag: guard.newTag(),
    }),
    noSize: await tryOne(run, { ...order, size: 0, customTag: guard.newTag() }),
    noContract: await tryOne(run, {
      ...order,
      contractId: 'CON.F.US.NONE.Z26',
      customTag: guard.newTag(),
    }),
    linkedStays: await tryLinked(run, order),
    bracket: await tryBracket(run, order),
  };
}

/** Places, cancels what was taken, and looks for the order. */
async function tryOne(
  run: Run,
  order: Fields & { readonly customTag: string },
): Promise<TriedOrder> {
  const answer = await run.guard.place(order);
  await cancel(run, answer);
  return {
    answer,
    row: (await recentOrders(run)).find(({ customTag }) => customTag === order.customTag),
  };
}

async function tryLinked(run: Run, order: Fields): Promise<boolean | undefined> {
  const first = await run.guard.place({ ...order, customTag: run.guard.newTag() });
  const second = await run.guard.place({
    ...order,
    linkedOrderId: first.fields['orderId'],
    customTag: run.guard.newTag(),
  });
  await cancel(run, first);
  if (second.fields['success'] !== true) return undefined;
  await run.pause(run.settleMs);
  const stays = (
    await run.http.rows('Order/searchOpen', 'orders', { accountId: run.accountId })
  ).some(({ id }) => id === second.fields['orderId']);
  await cancel(run, second);
  return stays;
}

async function tryBracket(run: Run, order: Fields): Promise<TriedBracket> {
  const { guard, http, accountId, settleMs } = run;
  const customTag = guard.newTag();
  const answer = await guard.place({
    ...order,
    stopLossBracket: { ticks: -legTicks, type: 4 },
    takeProfitBracket: { ticks: legTicks, type: 1 },
    customTag,
  });
  if (answer.fields['success'] !== true)
    return {
      answer,
      row: (await recentOrders(run)).find((row) => row['customTag'] === customTag),
      legs: [],
      legsAfter: [],
      legMoved: undefined,
      legTag: undefined,
    };
  await run.pause(settleMs);
  const entryId = answer.fields['orderId'];
  const legsOf = async (): Promise<Fields[]> => {
    const { fields } = await http.post('Order/v2/query', {
      filter: { accountId, createdAfter: new Date(Date.now() - 600_000).toISOString() },
      sortDirection: 1,
    });
    const rows = Array.isArray(fields['orders']) ? fields['orders'].filter(isFields) : [];
    return rows.filter(
      ({ id, customTag: tag, parentOrderId }) =>
        id !== entryId && (parentOrderId === entryId || String(tag).startsWith(customTag)),
    );
  };
  const legs = await legsOf();
  const target = legs.find(({ type, status }) => type === 1 && status === suspended);
  const legMoved =
    target &&
    (await http.post('Order/modify', {
      accountId,
      orderId: target['id'],
      limitPrice: order['limitPrice'],
    }));
  await cancel(run, answer);
  await run.pause(settleMs);
  const legsAfter = await legsOf();
  const legTag = await guard.place({ ...order, customTag: `${customTag}-SL` });
  await cancel(run, legTag);
  return { answer, row: undefined, legs, legsAfter, legMoved, legTag };
}

async function cancel(
  { http, accountId, scrub }: Run,
  { fields: { success, orderId } }: HttpAnswer,
): Promise<void> {
  if (success !== true || typeof orderId !== 'number') return;
  scrub.hide(orderId);
  await http.post('Order/cancel', { accountId, orderId });
}

function recentOrders({ http, accountId }: Run): Promise<Fields[]> {
  return http.rows('Order/search', 'orders', {
    accountId,
    startTimestamp: new Date(Date.now() - 600_000).toISOString(),
  });
}
