import { describe, expect, it } from 'vitest';
import { answered, notWritten, silent } from '../testing/scripted-executor.ts';
import { testContract } from '../testing/scripted-adapter.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import type { FailureCode } from '../delivery.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const accepted = answered({ is: 'accepted', orderId: '3400000001' });

describe('invariant 2: evidence decides', () => {
  it.each<FailureCode>(['REFUSED', 'DNS', 'TLS', 'NO_CONNECTION'])(
    'P04: another executor takes over when no byte was written (%s)',
    async (code) => {
      const { broker, fallback } = await scriptedBroker({
        fast: () => notWritten(code),
        fallback: () => accepted,
      });
      const events: unknown[] = [];
      broker.on('executor.fallback', (event) => events.push(event));
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'accepted',
        executor: 'fallback',
        deliveries: 2,
      });
      expect(fallback.deliveries).toHaveLength(1);
      expect(events).toEqual([
        expect.objectContaining({
          from: 'fast',
          to: 'fallback',
          failure: expect.objectContaining({ code }),
        }),
      ]);
      await broker.close();
    },
  );

  it.each([
    ['maybe', 'RESET'],
    ['maybe', 'CLOSED'],
    ['all', 'TIMEOUT'],
    ['all', 'ANSWER_INCOMPLETE'],
    ['all', 'ANSWER_UNREADABLE'],
    ['all', 'SECOND_REQUEST'],
  ] as const)(
    'P05 to P07: nobody takes over once bytes are %s written (%s)',
    async (bytes, code) => {
      const { broker, fast, fallback } = await scriptedBroker({ fast: () => silent(code, bytes) });
      expect((await broker.placeMarketOrder(market)).kind).toBe('unknown');
      expect(fast.deliveries).toHaveLength(1);
      expect(fallback.deliveries).toHaveLength(0);
      await broker.close();
    },
  );

  it('says unreachable, as not-sent, when nobody could write a byte', async () => {
    const { broker } = await scriptedBroker({
      fast: () => notWritten(),
      fallback: () => notWritten('DNS'),
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'UNREACHABLE',
      deliveries: 2,
      retry: 'new-id',
    });
    await broker.close();
  });

  it.each<[FailureCode, string]>([
    ['DEADLINE', 'DEADLINE_PASSED'],
    ['ABORTED', 'ABORTED'],
  ])(
    'P03: %s before the first byte ends the intent, with nobody taking over',
    async (failure, code) => {
      const { broker, fallback } = await scriptedBroker({ fast: () => notWritten(failure) });
      expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'not-sent', code });
      expect(fallback.deliveries).toHaveLength(0);
      await broker.close();
    },
  );

  it.each([undefined, null, {}, { stage: 'sent' }, 'sent'])(
    'believes nothing of an executor that gives %j for a delivery',
    async (delivery) => {
      const { broker, fallback } = await scriptedBroker({ fast: () => delivery as never });
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'unknown',
        code: 'EXECUTOR_FAILED',
      });
      expect(fallback.deliveries).toHaveLength(0);
      await broker.close();
    },
  );

  it.each([undefined, null, {}, { is: 'fine' }])(
    'believes nothing of an adapter that gives %j for a verdict, or that throws',
    async (verdict) => {
      const { broker, fallback } = await scriptedBroker({
        fast: () => accepted,
        adapter: { decode: () => verdict as never },
      });
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'unknown',
        code: 'ANSWER_UNREADABLE',
      });
      expect(fallback.deliveries).toHaveLength(0);
      await broker.close();
    },
  );

  it('a deadline of months is no deadline of now', async () => {
    const { broker } = await scriptedBroker({
      fast: () => accepted,
      adapter: {
        prepare: (_missing, symbol, adapter) =>
          Promise.resolve(void adapter.contracts.set(symbol ?? '', testContract({ root: 'MES' }))),
      },
    });
    expect(
      await broker.placeMarketOrder({ ...market, symbol: 'MES', deadlineMs: 1e11 }),
    ).toMatchObject({ kind: 'accepted' });
    await broker.close();
  });

  it('believes nothing of an executor that throws', async () => {
    const { broker, fallback } = await scriptedBroker({
      fast: () => {
        throw new Error('a fault of its own');
      },
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'unknown',
      code: 'EXECUTOR_FAILED',
    });
    expect(fallback.deliveries).toHaveLength(0);
    await broker.close();
  });
});
