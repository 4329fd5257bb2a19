import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileJournal } from '../journal/file-journal.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import { answered, notWritten } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const limit = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 24000 } as const;
const budget = { requests: 100, windowMs: 60_000, reserve: 10 };

describe('invariant 13: the same tick', () => {
  it('place, modify and cancel have reached the executor when the method returns, with routing, budget and a file journal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hotpath-tick-'));
    const path = join(folder, 'orders.journal');
    const { broker, fast } = await scriptedBroker({
      journal: fileJournal(path),
      fast: (_, index) => answered({ is: 'accepted', orderId: String(3400000001 + index) }),
      adapter: {
        capabilities: { rateLimit: budget },
        find: () => ({ is: 'found', order: testOrder({ status: 'cancelled' }) }),
      },
    });
    const lines = (): number => readFileSync(path, 'utf8').split('\n').length - 2;

    const placing = broker.placeOrder({ ...limit, type: 'limit' });
    expect([fast.deliveries.length, lines()]).toEqual([1, 1]);
    const placed = await placing;
    if (placed.kind !== 'accepted') throw new Error(placed.kind);

    const modifying = broker.modifyOrder({ orderId: placed.orderId, limitPrice: 24001 });
    expect([fast.deliveries.length, lines()]).toEqual([2, 3]);
    await modifying;

    const cancelling = broker.cancelOrder({ clientOrderId: placed.clientOrderId });
    expect([fast.deliveries.length, lines()]).toEqual([3, 5]);
    await cancelling;
    await broker.close();
    rmSync(folder, { recursive: true });
  });

  it('no event fires between the call and the write', async () => {
    const seen: string[] = [];
    const { broker } = await scriptedBroker({
      fast: () => {
        seen.push('deliver');
        return answered({ is: 'accepted', orderId: '1' });
      },
    });
    broker.on('order.sent', () => seen.push('order.sent'));
    broker.on('order.accepted', () => seen.push('order.accepted'));
    const placing = broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 });
    seen.push('returned');
    await placing;
    expect(seen).toEqual(['deliver', 'returned', 'order.sent', 'order.accepted']);
    await broker.close();
  });

  it('no event fires between a takeover and its write either', async () => {
    const seen: string[] = [];
    const { broker } = await scriptedBroker({
      fast: () => notWritten(),
      fallback: () => {
        seen.push('deliver');
        return answered({ is: 'accepted', orderId: '1' });
      },
    });
    broker.on('executor.fallback', () => seen.push('executor.fallback'));
    await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 });
    expect(seen).toEqual(['deliver', 'executor.fallback']);
    await broker.close();
  });

  it('what is cold goes another way: prepare, then again', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: () => answered({ is: 'accepted', orderId: '1' }),
      adapter: {
        prepare: (missing, symbol, adapter) => {
          if (missing === 'contract' && symbol === 'MES')
            adapter.contracts.set('MES', testContract({ root: 'MES' }));
          return Promise.resolve();
        },
      },
    });
    const placing = broker.placeMarketOrder({ symbol: 'MES', side: 'buy', quantity: 1 });
    expect(fast.deliveries).toHaveLength(0);
    expect((await placing).kind).toBe('accepted');
    expect(
      await broker.placeMarketOrder({ symbol: 'XYZ', side: 'buy', quantity: 1 }),
    ).toMatchObject({ kind: 'not-sent', code: 'UNKNOWN_CONTRACT', field: 'symbol' });
    await broker.close();
  });
});
