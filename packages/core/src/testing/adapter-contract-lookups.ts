import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Adapter, Sought } from '../adapter.ts';
import type { OrderId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import { systemClock } from '../clock.ts';
import { AdapterError } from '../errors/adapter-error.ts';
import { ReadError } from '../errors/read-error.ts';
import type { RunAdapterTrial } from './adapter-contract.ts';
import type { ContractVenue } from './adapter-trial.ts';
import { startAdapterTrial } from './adapter-trial.ts';
import { contractId } from './contract-id.ts';

const options = { lane: 'resolve', timeoutMs: 2_000 } as const;
const byTag = (id: string): Sought => ({
  by: 'client-order-id',
  clientOrderId: toClientOrderId(id),
  since: systemClock.now(),
});

/** Lookups settle what is unknown: what they say must hold, and "I could not ask" must never read as "it is not there". */
export function describeLookups(
  run: RunAdapterTrial,
  startVenue: () => Promise<ContractVenue>,
): void {
  describe('lookups and reads', () => {
    describeFinding(run);
    describeListing(run);
    describeNobodyAnswers(run);
    describeRenewal(run);
    describeLockedOut(startVenue);
  });
}

function describeFinding(run: RunAdapterTrial): void {
  it('finds an order by either id, its tag without case, and says when it finds none', async () => {
    await run(async ({ venue, adapter, broker }) => {
      const id = contractId(adapter, 'Contract-Find');
      const placed = await broker.placeLimitOrder({
        symbol: venue.symbol,
        side: 'buy',
        quantity: 2,
        limitPrice: venue.prices.restingBuyLimit,
        clientOrderId: id,
      });
      if (placed.kind !== 'accepted') throw new Error(placed.message);
      for (const sought of [
        byTag(id),
        byTag(id.toLowerCase()),
        { by: 'order-id', orderId: placed.orderId } as const,
      ]) {
        const finding = await adapter.find(sought, options);
        strictEqual(finding.is, 'found');
        if (finding.is !== 'found') continue;
        const { orderId, clientOrderId, side, type, status, quantity, limitPrice } = finding.order;
        deepStrictEqual(
          [orderId, clientOrderId, side, type, status, quantity, limitPrice],
          [placed.orderId, id, 'buy', 'limit', 'working', 2, venue.prices.restingBuyLimit],
        );
      }
      strictEqual(
        (await adapter.find(byTag(contractId(adapter, 'contract-nobody')), options)).is,
        'not-found',
      );
      strictEqual(
        (await adapter.find({ by: 'order-id', orderId: '987654321' as OrderId }, options)).is,
        'not-found',
      );
    });
  });
}

function describeListing(run: RunAdapterTrial): void {
  it('lists open orders, history and trades as they are', async () => {
    await run(async ({ venue, adapter, broker }) => {
      const [open, traded] = [
        contractId(adapter, 'contract-open'),
        contractId(adapter, 'contract-traded'),
      ];
      await broker.placeLimitOrder({
        symbol: venue.symbol,
        side: 'buy',
        quantity: 1,
        limitPrice: venue.prices.restingBuyLimit,
        clientOrderId: open,
      });
      await broker.placeMarketOrder({
        symbol: venue.symbol,
        side: 'buy',
        quantity: 1,
        clientOrderId: traded,
      });
      deepStrictEqual(
        (await broker.getOpenOrders()).map(({ clientOrderId }) => clientOrderId),
        [open],
      );
      const history = await broker.getOrderHistory({ from: 0 });
      deepStrictEqual(
        history.map(({ clientOrderId }) => String(clientOrderId)).toSorted(),
        [open, traded].toSorted(),
      );
      deepStrictEqual(
        (await broker.getTrades({ from: 0 })).map(({ quantity, side }) => [quantity, side]),
        [[1, 'buy']],
      );
    });
  });
}

function describeNobodyAnswers(run: RunAdapterTrial): void {
  it('says unreachable, and rejects reads, when nobody answers; never "not found", never an empty list', async () => {
    await run(async ({ venue, adapter, broker }) => {
      await venue.stop();
      for (const sought of [
        byTag(contractId(adapter, 'contract-find')),
        { by: 'order-id', orderId: '1' as OrderId } as const,
      ])
        strictEqual((await adapter.find(sought, options)).is, 'unreachable');
      for (const read of [
        () => broker.getOpenOrders(),
        () => broker.getPositions(),
        () => broker.getTrades({ from: 0 }),
        () => broker.getOrderHistory({ from: 0 }),
        () => broker.getAccounts(),
      ]) {
        await rejects(read(), (error) => ReadError.is(error));
      }
    });
  });
}

function describeRenewal(run: RunAdapterTrial): void {
  it('renews a token once, however many ask, and not again for one that was replaced', async () => {
    await run(async ({ adapter }) => {
      const before = generation(adapter);
      if (before === undefined) return;
      await Promise.all([
        adapter.renewAuthorization(before),
        adapter.renewAuthorization(before),
        adapter.renewAuthorization(before),
      ]);
      const after = generation(adapter);
      strictEqual(after, before + 1);
      await adapter.renewAuthorization(before);
      strictEqual(generation(adapter), after);
    });
  });
}

function describeLockedOut(startVenue: () => Promise<ContractVenue>): void {
  it('refuses an account that can not trade', async () => {
    const venue = await startVenue();
    try {
      const { lockedOut } = venue;
      if (lockedOut)
        await rejects(
          startAdapterTrial(venue, lockedOut),
          (error) => AdapterError.is(error) && error.code === 'ACCOUNT_CANNOT_TRADE',
        );
    } finally {
      await venue.stop();
    }
  });
}

/** The generation of the token that the next request would carry; undefined when requests carry none. */
function generation(adapter: Adapter): number | undefined {
  const encoded = adapter.encode({ operation: 'cancel', orderId: '1' as OrderId });
  ok(encoded.ready);
  return encoded.request.authorization?.generation;
}
