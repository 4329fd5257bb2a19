import type { Order } from '@hotpath/core';
import { isFinal, nearestTicks, priceOfTicks } from '@hotpath/core';
import type { HostParts } from './host-parts.ts';
import { settle } from './settle.ts';
import type { CommitRecord, SignalRecord } from './signal-record.ts';

/** A venue may round its times. */
const marginMs = 60_000;

export type Leg = 'stop' | 'target';

/** The bracket's legs of a signal in every state: the venue's, which name the entry, and those that the broker keeps, whose ids begin with the entry's. Rejects when the venue can't be asked. */
export async function legsOf({ settings }: HostParts, record: SignalRecord): Promise<Order[]> {
  const [first] = record.entries;
  const entry =
    first === undefined ? undefined : await settings.broker.getOrder({ orderId: first });
  if (entry === undefined) return [];
  // From the entry's own time, by the venue's clock: ours may differ.
  const orders = await settings.broker.getOrderHistory({ from: entry.createdAt - marginMs });
  return orders.filter((order) => isLegOf(record, order));
}

export async function workingLegsOf(
  { settings }: HostParts,
  record: SignalRecord,
): Promise<Order[]> {
  return (await settings.broker.getOpenOrders()).filter(
    (order) => isLegOf(record, order) && !isFinal(order.status),
  );
}

function isLegOf(record: SignalRecord, { parentOrderId, clientOrderId }: Order): boolean {
  if (parentOrderId !== undefined) return record.entries.includes(parentOrderId);
  if (clientOrderId === undefined) return false;
  const ids = [
    record.clientOrderId,
    ...record.commits.filter(({ kind }) => kind === 'avg').map((commit) => commit.clientOrderId),
  ];
  return ids.some(
    (id) =>
      /^_[st]\d+$/i.test(clientOrderId.toLowerCase().slice(id.length)) &&
      clientOrderId.toLowerCase().startsWith(id.toLowerCase()),
  );
}

export function legKind({ type }: Order): Leg {
  return type === 'limit' ? 'target' : 'stop';
}

/** Moves the working stops, or targets, to a price of the engine's. Gives a sentence when the venue did not take it. */
export async function moveLegs(
  parts: HostParts,
  record: SignalRecord,
  leg: Leg,
  price: number,
): Promise<string | undefined> {
  const { broker, clock, settleWithinMs } = parts.settings;
  const wanted = priceOfTicks(nearestTicks(price, record.tickSize), record.tickSize);
  const legs = (await workingLegsOf(parts, record)).filter((order) => legKind(order) === leg);
  if (legs.length === 0) return `No ${leg} of signal ${record.signalId} works.`;
  for (const order of legs) {
    if ((leg === 'stop' ? order.stopPrice : order.limitPrice) === wanted) continue;
    const change = leg === 'stop' ? { stopPrice: wanted } : { limitPrice: wanted };
    const outcome = await settle(
      await broker.modifyOrder({ orderId: order.orderId, ...change }),
      clock,
      settleWithinMs,
    );
    if (outcome.kind !== 'accepted')
      return `The ${leg} was not moved to ${wanted}: ${outcome.message}`;
  }
  return undefined;
}

/** Makes the legs protect `quantity` contracts in all, before or after the position becomes that: none when 0. Gives a sentence when the venue did not take it. */
export async function resizeLegs(
  parts: HostParts,
  record: SignalRecord,
  quantity: number,
): Promise<string | undefined> {
  const { broker, clock, settleWithinMs } = parts.settings;
  const legs = await workingLegsOf(parts, record);
  for (const kind of ['stop', 'target'] as const) {
    let left = quantity;
    for (const order of legs.filter((one) => legKind(one) === kind)) {
      const size = Math.min(order.quantity, left);
      left -= size;
      if (size === order.quantity) continue;
      const calling =
        size === 0
          ? broker.cancelOrder({ orderId: order.orderId })
          : broker.modifyOrder({ orderId: order.orderId, quantity: size });
      const outcome = await settle(await calling, clock, settleWithinMs);
      if (outcome.kind !== 'accepted')
        return `A ${kind} could not be made ${size}: ${outcome.message}`;
    }
  }
  return undefined;
}

/** Makes the legs protect what is held, where a change left them otherwise: a part whose end stayed unknown, for one. They are left alone while one fills, or a change is under way. */
export async function fitLegs(parts: HostParts, record: SignalRecord): Promise<void> {
  if (
    record.held === 0 ||
    parts.changing.has(record.clientOrderId) ||
    parts.closing.has(record.contractId)
  )
    return;
  if (record.commits.some((commit) => commit.state === 'sent' && isUnderWay(parts, commit))) return;
  if ((await workingLegsOf(parts, record)).some(({ filledQuantity }) => filledQuantity > 0)) return;
  await resizeLegs(parts, record, record.held);
  await restoreLegs(parts, record);
}

/** One of an earlier process has been asked about at the start; what is absent by then is not coming any more, as far as anybody can tell. */
function isUnderWay({ settings }: HostParts, { clientOrderId }: CommitRecord): boolean {
  const intent = settings.broker.getIntent(clientOrderId);
  if (intent === undefined) return false;
  return (
    intent.outcome === undefined ||
    intent.outcome.kind === 'accepted' ||
    (intent.outcome.kind === 'unknown' && !intent.outcome.final)
  );
}

/** The legs back to what is held, after a part was refused. */
export async function restoreLegs(parts: HostParts, record: SignalRecord): Promise<void> {
  const { broker } = parts.settings;
  const legs = await workingLegsOf(parts, record);
  for (const kind of ['stop', 'target'] as const) {
    const [order] = legs.filter((one) => legKind(one) === kind);
    const total = legs
      .filter((one) => legKind(one) === kind)
      .reduce((sum, one) => sum + one.quantity, 0);
    if (order !== undefined && total < record.held)
      await broker.modifyOrder({
        orderId: order.orderId,
        quantity: order.quantity + record.held - total,
      });
  }
}
