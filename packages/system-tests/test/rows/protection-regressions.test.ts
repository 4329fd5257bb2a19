import type { GatewayOptions } from '@hotpath/gateway-sim';
import { afterEach, describe, expect, it } from 'vitest';
import type { Key, RowWorld } from './row-world.ts';
import { endOf, executors, market, orderIdOf, rowWorld } from './row-world.ts';

// Positions that were left without their stop: what users of other clients met, by the threads in which they told of it.

let row: RowWorld;
afterEach(() => row.close());
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);
const bracket = { stopLossTicks: 20, takeProfitTicks: 40 } as const;
const protectedEntry = { ...market, clientOrderId: 'entry-1', bracket } as const;
const working = 1;

const quotes = (prices: readonly number[]): string =>
  `bid,ask,last\n${prices.map((bid) => `${bid},${bid + 0.25},${bid}`).join('\n')}\n`;
const still: GatewayOptions = { replay: { MNQ: { kind: 'ticks', csv: quotes([24_000]) } } };
/** An account that refuses the venue's brackets, as most do: the broker keeps stop and target itself. */
const plainAccount: GatewayOptions = {
  ...still,
  accounts: [{ id: 700_001, name: 'PRAC-V2-1001' }],
};
const stops = (): readonly unknown[] =>
  row.orders().filter(({ type, status }) => type === 4 && status === working);
const targets = (): readonly unknown[] =>
  row.orders().filter(({ type, status }) => type === 1 && status === working);

describe.each(executors)('over %s first', (first: Key) => {
  it('project-x-py #100: an entry whose fill no event tells of has its stop and its target, and is not called failed', async () => {
    row = await rowWorld(first, {
      gateway: plainAccount,
      stream: false,
      broker: { ownOco: { whenUnprotected: 'leave' } },
    });
    const outcome = await during(row.broker.placeMarketOrder(protectedEntry));
    expect(await during(endOf(outcome))).toMatchObject({ kind: 'accepted' });
    await row.until(() => stops().length === 1 && targets().length === 1, 60_000);
    expect([row.held(), row.orders().length]).toEqual([1, 3]);
    expect(await during(row.broker.getOrder({ clientOrderId: 'entry-1' }))).toMatchObject({
      status: 'filled',
    });
  });

  it('project-x-py PR#51: a stop whose place ends in a 5xx, refused or taken, stands once', async () => {
    row = await rowWorld(first, {
      gateway: plainAccount,
      broker: { ownOco: { whenUnprotected: 'leave' } },
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 2,
      fault: { kind: 'status', status: 502, at: 'after-accepting' },
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 3,
      fault: { kind: 'status', status: 503 },
    });
    orderIdOf(await during(row.broker.placeMarketOrder(protectedEntry)));
    await row.until(() => stops().length === 1 && targets().length === 1, 60_000);
    await row.world.pass(30_000, 100);
    expect([stops().length, targets().length, row.held()]).toEqual([1, 1, 1]);
    expect(row.world.gateway.truth().duplicateTags).toEqual({});
  });

  it('project-x-py PR#51: an entry whose stop the venue refuses is told, and is out again where its author chose so', async () => {
    row = await rowWorld(first, {
      gateway: plainAccount,
      broker: { ownOco: { whenUnprotected: 'close' } },
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 2,
      fault: { kind: 'answer', errorCode: 2, errorMessage: 'Invalid stop price' },
    });
    orderIdOf(await during(row.broker.placeMarketOrder({ ...protectedEntry, quantity: 2 })));
    await row.until(() => row.of('position.unprotected').length > 0 && row.held() === 0, 60_000);
    expect(row.of('position.unprotected')).toMatchObject([
      { message: expect.stringContaining('entry-1') },
    ]);
    expect([stops(), targets()]).toEqual([[], []]);
  });

  it('project-x-py PR#51: an entry that fills in parts is protected for each of them', async () => {
    row = await rowWorld(first, {
      gateway: {
        ...plainAccount,
        largestFill: 1,
        replay: { MNQ: { kind: 'ticks', csv: quotes([24_000, 24_000, 24_000]) } },
      },
      broker: { ownOco: { whenUnprotected: 'leave' } },
    });
    orderIdOf(await during(row.broker.placeMarketOrder({ ...protectedEntry, quantity: 3 })));
    for (const filled of [1, 2, 3]) {
      await row.until(
        () =>
          row.held() === filled &&
          row
            .orders()
            .some(({ type, size, status }) => type === 4 && size === filled && status === working),
        10_000,
      );
      expect(stops()).toHaveLength(1);
      row.world.gateway.stepPrices();
    }
    expect(row.of('position.unprotected')).toEqual([]);
  });

  it('project-x-py PR#51: a position whose bracket lost its stop at the venue is told of', async () => {
    row = await rowWorld(first, { gateway: still });
    orderIdOf(await during(row.broker.placeMarketOrder(protectedEntry)));
    await row.until(() => stops().length === 1, 10_000);
    const stop = row.orders().find(({ type }) => type === 4);
    await row.elsewhere('Order/cancel', { orderId: stop?.id });
    await row.until(() => row.of('position.unprotected').length === 1, 10_000);
    expect(row.of('position.unprotected')).toMatchObject([{ position: { quantity: 1 } }]);
  });
});
