import { describe, expect, it } from 'vitest';
import type { BrokerParts } from './broker-parts.ts';
import { connectBroker } from '../create-broker.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { scriptedAdapter, testContract } from '../testing/scripted-adapter.ts';
import { answered, scriptedExecutor } from '../testing/scripted-executor.ts';

const boom = (): never => {
  throw new Error('boom');
};
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;

/** A broker of which a part fails by a fault of ours. */
async function withFault(spoil: (parts: BrokerParts<'only'>) => void, options: object = {}) {
  let delivered = 0;
  const executor = scriptedExecutor(() =>
    answered({ is: 'accepted', orderId: String((delivered += 1)) }),
  );
  const position = {
    contractId: 'CON.F.US.MNQ.Z26',
    side: 'buy',
    quantity: 1,
    averagePrice: 1,
    openedAt: 0,
    asOf: 0,
  } as never;
  const broker = await connectBroker<'only'>(
    {
      adapter: scriptedAdapter({
        contracts: [testContract({ root: 'MNQ' })],
        positions: () => (delivered === 0 ? [position] : []),
      }),
      executors: { only: executor },
      routing: { version: 1, salt: 's', default: { only: 100 } },
      journal: memoryJournal(),
      outcomeWithinMs: 0,
      ...options,
    },
    spoil,
  );
  return { broker, executor };
}

describe('a fault of ours', () => {
  it('before a place is handed over leaves it unsent, and its id free', async () => {
    let isBroken = true;
    const { broker, executor } = await withFault((parts) =>
      Object.assign(parts.closeGuard, { heldForMs: () => (isBroken ? boom() : 0) }),
    );
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'mine' })).toMatchObject({
      kind: 'not-sent',
      code: 'NOT_READY',
      message: 'The place failed by itself: boom',
    });
    expect([executor.deliveries, broker.intents()]).toEqual([[], []]);
    isBroken = false;
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'mine' })).toMatchObject({
      kind: 'accepted',
    });
    await broker.close();
  });

  it('in a place is told, and never thrown', async () => {
    const { broker } = await withFault((parts) => Object.assign(parts, { recall: boom }));
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'mine' })).toMatchObject({
      kind: 'not-sent',
      code: 'NOT_READY',
      clientOrderId: 'mine',
      message: 'The place failed by itself: boom',
    });
    await broker.close();
  });

  it('behind the write of a place leaves it unknown', async () => {
    const { broker } = await withFault((parts) => Object.assign(parts.state, { expect: boom }));
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'unknown',
      code: 'NOT_CONFIRMED',
      message: 'What became of it could not be settled: boom',
    });
    await broker.close();
  });

  it('behind the write of a close leaves it unknown, and a way out says that it failed', async () => {
    const { broker } = await withFault(
      (parts) => Object.assign(parts.exposure ?? {}, { flat: boom }),
      { limits: { maxContracts: 5 } },
    );
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'unknown',
      code: 'NOT_CONFIRMED',
      message: 'The close failed by itself: boom',
    });
    await broker.close();
  });

  it('in a cancel is told, and never thrown', async () => {
    const { broker } = await withFault((parts) =>
      Object.assign(parts.book, { findByOrderId: boom }),
    );
    expect(await broker.cancelOrder({ orderId: '7' })).toMatchObject({
      kind: 'not-sent',
      operation: 'cancel',
      code: 'NOT_READY',
      message: 'The cancel failed by itself: boom',
    });
    await broker.close();
  });

  it('in a way out is told, and never thrown', async () => {
    let isBroken = false;
    const { broker } = await withFault((parts) =>
      Object.assign(parts.book, { unsettled: () => (isBroken ? boom() : []) }),
    );
    isBroken = true;
    expect(await broker.cancelAllOrders()).toMatchObject({
      complete: false,
      left: { unread: 'it failed by itself: boom' },
    });
    isBroken = false;
    await broker.close();
  });
});
