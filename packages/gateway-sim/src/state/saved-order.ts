import * as z from 'zod';
import type { OrderRecord } from '../exchange/order-record.ts';
import { orderType } from '../exchange/order-record.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';

const ticks = z.number().optional();
const status = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(8),
]);

type Record = Omit<OrderRecord, 'contract' | 'legs'>;
type Undefinable = {
  [Key in keyof Record]: undefined extends Record[Key] ? Key : never;
}[keyof Record];

/** An order as a line of the state file: without what it is tied to. */
export type SavedOrder = Omit<Record, Undefinable> &
  Partial<Pick<Record, Undefinable>> & { readonly contractId: string };

export const savedOrderSchema: z.ZodType<SavedOrder> = z.object({
  id: z.int(),
  accountId: z.int(),
  contractId: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  status,
  type: z.union([
    z.literal(1),
    z.literal(2),
    z.literal(3),
    z.literal(4),
    z.literal(5),
    z.literal(6),
    z.literal(7),
  ]),
  side: z.union([z.literal(0), z.literal(1)]),
  size: z.number(),
  limitTicks: ticks,
  stopTicks: ticks,
  trailTicks: ticks,
  fillVolume: z.number(),
  filledTicks: z.number(),
  customTag: z.string().optional(),
  parentOrderId: z.int().optional(),
  linkedOrderId: z.int().optional(),
  bracketTicks: ticks,
  madeByClose: z.literal(true).optional(),
  shownAsMarket: z.literal(true).optional(),
  states: z.array(z.object({ status, at: z.number() })),
  requests: z.array(z.object({ at: z.number(), path: z.string(), body: z.string() })),
});

export function savedOrder(order: OrderRecord): object {
  return { ...order, contract: undefined, legs: undefined, contractId: order.contract.id };
}

/** The orders again, with entries, legs and siblings tied together. */
export function restoredOrders(
  saved: Iterable<SavedOrder>,
  contractOf: (contractId: string) => SimulatedContract | undefined,
): OrderRecord[] {
  const orders: OrderRecord[] = [];
  for (const { contractId, ...fields } of saved) {
    const contract = contractOf(contractId);
    if (!contract)
      throw new TypeError(
        `order ${fields.id} is in ${contractId}, which is no contract of the simulator`,
      );
    const {
      limitTicks,
      stopTicks,
      trailTicks,
      customTag,
      parentOrderId,
      linkedOrderId,
      bracketTicks,
      madeByClose,
      shownAsMarket,
    } = fields;
    orders.push({
      ...fields,
      contract,
      limitTicks,
      stopTicks,
      trailTicks,
      customTag,
      parentOrderId,
      linkedOrderId,
      bracketTicks,
      madeByClose,
      shownAsMarket,
      legs: undefined,
    });
  }
  orders.sort((a, b) => a.id - b.id);
  const byId = new Map(orders.map((order) => [order.id, order]));
  const legsOf = new Map<
    OrderRecord,
    { stopLoss: OrderRecord | undefined; takeProfit: OrderRecord | undefined }
  >();
  for (const leg of orders) {
    const entry = leg.parentOrderId === undefined ? undefined : byId.get(leg.parentOrderId);
    if (!entry) continue;
    const legs = legsOf.get(entry) ?? { stopLoss: undefined, takeProfit: undefined };
    legsOf.set(
      entry,
      leg.type === orderType.limit ? { ...legs, takeProfit: leg } : { ...legs, stopLoss: leg },
    );
  }
  for (const [entry, legs] of legsOf) {
    entry.legs = legs;
    if (legs.stopLoss) legs.stopLoss.legs = { stopLoss: undefined, takeProfit: legs.takeProfit };
    if (legs.takeProfit) legs.takeProfit.legs = { stopLoss: legs.stopLoss, takeProfit: undefined };
  }
  return orders;
}
