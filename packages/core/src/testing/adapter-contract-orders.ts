import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { OrderRequest, OrderType } from '../order-request.ts';
import type { RunAdapterTrial } from './adapter-contract.ts';
import { idProblem } from '../validation/validate-order.ts';
import type { AdapterTrial, ContractVenue, RecordedOrder } from './adapter-trial.ts';
import { startAdapterTrial } from './adapter-trial.ts';
import { contractId, longestId } from './contract-id.ts';

const orderTypes: readonly OrderType[] = [
  'market',
  'limit',
  'stop',
  'trailing-stop',
  'join-bid',
  'join-ask',
];

/** What arrives at the venue is what the bot asked for, once. */
export function describeOrders(run: RunAdapterTrial): void {
  describe('orders', () => {
    describeTypesAndIds(run);
    describeChanges(run);
    describeRepeats(run);
    describePositions(run);
  });
}

function describeTypesAndIds(run: RunAdapterTrial): void {
  it.each(orderTypes)(
    'a %s order is at the venue as it was asked for, once and under its id; or it is not offered, and nothing is there',
    async (type) => {
      await run(async ({ venue, adapter, broker }) => {
        const clientOrderId = contractId(adapter, `contract-${type}`);
        const outcome = await broker.placeOrder({ ...orderOf(type, venue), clientOrderId });
        const found = await venue.orders();
        if (!adapter.capabilities.orderTypes.includes(type)) {
          deepStrictEqual(
            [outcome.kind, 'code' in outcome && outcome.code, found],
            ['not-sent', 'UNSUPPORTED', []],
          );
          return;
        }
        strictEqual(outcome.kind, 'accepted', 'message' in outcome ? outcome.message : undefined);
        strictEqual(found.length, 1);
        const [order] = found;
        deepStrictEqual(
          [order?.clientOrderId, order?.type, order?.side, order?.quantity],
          [clientOrderId, type, sideOf(type), 2],
        );
        if (type === 'limit') strictEqual(order?.limitPrice, venue.prices.restingBuyLimit);
        if (type === 'stop') strictEqual(order?.stopPrice, venue.prices.buyStop);
      });
    },
  );

  it('the longest id that its capabilities allow is at the venue as it was given, and so is one that the broker mints', async () => {
    await run(async ({ venue, adapter, broker }) => {
      const longest = longestId(adapter);
      const ids: (string | undefined)[] = [];
      for (const clientOrderId of longest === undefined ? [undefined] : [longest, undefined]) {
        const placed = await broker.placeOrder({ ...orderOf('market', venue), clientOrderId });
        strictEqual(placed.kind, 'accepted', 'message' in placed ? placed.message : undefined);
        ids.push(placed.clientOrderId);
      }
      deepStrictEqual(
        (await venue.orders()).map(({ clientOrderId }) => clientOrderId),
        ids,
      );
      const tooLong = `${longest ?? ''}${'x'.repeat(49)}`;
      const refused = await broker.placeOrder({
        ...orderOf('market', venue),
        clientOrderId: tooLong,
      });
      deepStrictEqual(
        [refused.kind, 'code' in refused && refused.code, (await venue.orders()).length],
        ['not-sent', 'INVALID_ORDER', ids.length],
      );
    });
  });
}

function describeChanges(run: RunAdapterTrial): void {
  it('a modify changes the order in place, and a cancel ends it', async () => {
    await run(async ({ venue, adapter, broker }) => {
      const placed = await broker.placeOrder({
        ...orderOf('limit', venue),
        clientOrderId: contractId(adapter, 'contract-change'),
      });
      if (placed.kind !== 'accepted') throw new Error(placed.message);
      if (adapter.capabilities.modify === 'in-place') {
        const modified = await broker.modifyOrder({
          orderId: placed.orderId,
          limitPrice: venue.prices.otherBuyLimit,
          quantity: 3,
        });
        strictEqual(
          modified.kind,
          'accepted',
          'message' in modified ? modified.message : undefined,
        );
        const [order] = await venue.orders();
        deepStrictEqual(
          [order?.limitPrice, order?.quantity, order?.working],
          [venue.prices.otherBuyLimit, 3, true],
        );
      }
      const cancelled = await broker.cancelOrder({
        clientOrderId: contractId(adapter, 'contract-change'),
      });
      deepStrictEqual(
        [cancelled.kind, 'became' in cancelled && cancelled.became],
        ['accepted', 'cancelled'],
      );
      deepStrictEqual(
        (await venue.orders()).map(({ working }: RecordedOrder) => working),
        [false],
      );
    });
  });

  it('a cancel of an order that is filled tells of the fill', async () => {
    await run(async ({ venue, adapter, broker }) => {
      const clientOrderId = contractId(adapter, 'contract-filled');
      await broker.placeOrder({ ...orderOf('market', venue), clientOrderId });
      const cancelled = await broker.cancelOrder({ clientOrderId });
      deepStrictEqual(
        [
          cancelled.kind,
          'became' in cancelled && cancelled.became,
          'filledQuantity' in cancelled && cancelled.filledQuantity,
        ],
        ['accepted', 'filled', 2],
      );
    });
  });
}

function describeRepeats(run: RunAdapterTrial): void {
  it('a second process that places the same order under the same id is told of the first one', async () => {
    await run(async ({ venue, adapter, broker }) => {
      if (adapter.capabilities.clientOrderId.unique === 'not-checked') return;
      const id = contractId(adapter, 'contract-once');
      const first = await broker.placeOrder({ ...orderOf('limit', venue), clientOrderId: id });
      const { broker: other } = await startAdapterTrial(venue);
      const second = await other.placeOrder({ ...orderOf('limit', venue), clientOrderId: id });
      const third = await other.placeOrder({
        ...orderOf('market', venue),
        clientOrderId: otherCase(id, adapter),
      });
      await other.close();
      deepStrictEqual(
        [second.kind, 'orderId' in second && second.orderId],
        ['accepted', 'orderId' in first && first.orderId],
      );
      deepStrictEqual(
        [third.kind, 'code' in third && third.code],
        ['not-sent', 'CLIENT_ORDER_ID_IN_USE'],
      );
      strictEqual((await venue.orders()).length, 1);
    });
  });
}

function describePositions(run: RunAdapterTrial): void {
  it('positions and closing follow what was filled', async () => {
    await run(async ({ venue, adapter, broker }) => {
      if (!adapter.capabilities.closePosition) return;
      await broker.placeOrder({
        ...orderOf('market', venue),
        clientOrderId: contractId(adapter, 'contract-position'),
      });
      deepStrictEqual(
        (await broker.getPositions()).map(({ side, quantity }) => [side, quantity]),
        [['buy', 2]],
      );
      const closed = await broker.closePosition({ symbol: venue.symbol });
      deepStrictEqual([closed.kind, 'became' in closed && closed.became], ['accepted', 'flat']);
      deepStrictEqual(await broker.getPositions(), []);
    });
  });
}

/** Ids are compared without case, where the venue takes both. */
function otherCase(id: string, { capabilities }: AdapterTrial['adapter']): string {
  const other = id.replace(/[a-z]+$/, (letters) => letters.toUpperCase());
  return idProblem(other, capabilities) === undefined ? other : id;
}

const sideOf = (type: OrderType): 'buy' | 'sell' =>
  type === 'trailing-stop' || type === 'join-ask' ? 'sell' : 'buy';

function orderOf(type: OrderType, { symbol, prices }: ContractVenue): OrderRequest {
  const order = { symbol, side: sideOf(type), quantity: 2 } as const;
  switch (type) {
    case 'limit':
      return { ...order, type, limitPrice: prices.restingBuyLimit };
    case 'stop':
      return { ...order, type, stopPrice: prices.buyStop };
    case 'trailing-stop':
      return { ...order, type, trailPrice: prices.sellTrail };
    case 'market':
    case 'join-bid':
    case 'join-ask':
      return { ...order, type };
  }
}
