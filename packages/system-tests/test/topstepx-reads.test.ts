import { afterEach, describe, expect, it } from 'vitest';
import type { GatewayOptions } from '@hotpath/gateway-sim';
import type { OrderId } from '@hotpath/core';
import type { ConnectedAdapter, Trial } from './topstepx-trial.ts';
import { mnq, startTrial } from './topstepx-trial.ts';

let trial: Trial;
afterEach(() => trial.stop());
async function connect(options: GatewayOptions = {}): Promise<ConnectedAdapter> {
  trial = await startTrial(options);
  return trial.connect();
}
const hourMs = 3_600_000;
const count = ({ paths }: ConnectedAdapter, path: string): number =>
  paths.filter((sent) => sent === `/api/${path}`).length;
const without = (...endpoints: string[]): GatewayOptions => ({
  faults: endpoints.map((endpoint) => ({
    endpoint,
    fault: { kind: 'status' as const, status: 404 },
  })),
});
const resting = { type: 1, limitPrice: 23_000 };

describe('bars', () => {
  it('come oldest first over more than one page, without a hole or a double', async () => {
    const connected = await connect();
    const contract = connected.adapter.contract(mnq);
    if (!contract) throw new Error('there is no MNQ');
    const to = trial.clock.now();
    const from = to - 8 * hourMs;
    const bars =
      (await connected.adapter.reads.bars?.({ symbol: mnq, contract, from, to, unit: 'second' })) ??
      [];
    expect(count(connected, 'History/retrieveBars')).toBe(2);
    expect(bars.length).toBeGreaterThan(20_000);
    expect(bars.at(-1)?.at).toBeGreaterThan(to - 10_000);
    for (let index = 1; index < bars.length; index += 1)
      expect(bars[index]?.at).toBe((bars[index - 1]?.at ?? 0) + 1000);
    expect(bars[0]).toMatchObject({
      at: from,
      open: expect.any(Number),
      volume: expect.any(Number),
    });
  });

  it('in a span without trading are none, and a missing list is an error', async () => {
    const connected = await connect();
    const contract = connected.adapter.contract(mnq);
    if (!contract) throw new Error('there is no MNQ');
    const span = {
      symbol: mnq,
      contract,
      from: trial.clock.now() - 3 * hourMs,
      to: trial.clock.now() - 2 * hourMs,
      unit: 'minute',
      unitCount: 5,
    } as const;
    expect(await connected.adapter.reads.bars?.(span)).toHaveLength(12);
    const saturday = Date.UTC(2026, 8, 19, 12);
    expect(
      await connected.adapter.reads.bars?.({ ...span, from: saturday, to: saturday + hourMs }),
    ).toEqual([]);
    trial.gateway.faults.add({
      endpoint: 'History/retrieveBars',
      fault: { kind: 'body', form: 'missing-payload' },
    });
    await expect(connected.adapter.reads.bars?.(span)).rejects.toMatchObject({
      code: 'UNREADABLE',
    });
  });

  it('keep to their own bucket of the rate limit, and wait for it', async () => {
    const connected = await connect({ rateLimit: { everythingElse: 'off' } });
    const contract = connected.adapter.contract(mnq);
    if (!contract) throw new Error('there is no MNQ');
    let done = 0;
    const reads = Array.from({ length: 70 }, async () => {
      await connected.adapter.reads.bars?.({
        symbol: mnq,
        contract,
        from: trial.clock.now() - hourMs,
        to: trial.clock.now(),
        unit: 'hour',
      });
      done += 1;
    });
    await trial.until(() => done === 70, 1000);
    await Promise.all(reads);
    expect(connected.throttled).toEqual([]);
  });
});

describe('orders', () => {
  it('that are open come over several pages, suspended legs among them', async () => {
    const connected = await connect({
      accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }],
    });
    for (let placed = 0; placed < 120; placed += 1) await trial.place(resting);
    await trial.place({
      ...resting,
      stopLossBracket: { ticks: -40, type: 4 },
      takeProfitBracket: { ticks: 60, type: 1 },
    });
    const open = await connected.adapter.reads.openOrders();
    expect(open).toHaveLength(123);
    expect(new Set(open.map(({ orderId }) => orderId)).size).toBe(123);
    expect(open.filter(({ status }) => status === 'suspended')).toHaveLength(2);
    expect(count(connected, 'Order/v2/query')).toBe(2);
  });

  it('are had from the older operations where the newer ones answer 404, which is asked once', async () => {
    const connected = await connect(without('Order/v2/query', 'Order/searchById'));
    await trial.place({ ...resting, customTag: 'old' });
    const [order] = await connected.adapter.reads.openOrders();
    expect(order).toMatchObject({ clientOrderId: 'old', status: 'working' });
    expect(await connected.adapter.reads.orders({ from: trial.clock.now() - hourMs })).toHaveLength(
      1,
    );
    const find = (orderId: string) =>
      connected.adapter.find(
        { by: 'order-id', orderId: orderId as OrderId },
        { lane: 'read', timeoutMs: 2000 },
      );
    expect(await find(order?.orderId ?? '')).toMatchObject({
      is: 'found',
      order: { clientOrderId: 'old' },
    });
    expect(await find('3400009999')).toEqual({ is: 'not-found' });
    expect(count(connected, 'Order/v2/query')).toBe(1);
    expect(count(connected, 'Order/searchById')).toBe(1);
  });

  it('created in a span are those, of every state', async () => {
    const connected = await connect();
    await trial.place();
    await trial.pass(60_000);
    const from = trial.clock.now();
    await trial.place({ ...resting, customTag: 'second' });
    await trial.pass(60_000);
    await trial.place();
    expect(await connected.adapter.reads.orders({ from, to: from + 30_000 })).toMatchObject([
      { clientOrderId: 'second' },
    ]);
    expect(await connected.adapter.reads.orders({ from: from - 61_000 })).toHaveLength(3);
  });

  it('that the venue refuses to tell of are not said to be absent', async () => {
    const connected = await connect();
    trial.gateway.faults.add({
      endpoint: 'Order/searchById',
      fault: { kind: 'answer', errorCode: 5 },
    });
    expect(
      await connected.adapter.find(
        { by: 'order-id', orderId: '3400000001' as OrderId },
        { lane: 'read', timeoutMs: 2000 },
      ),
    ).toMatchObject({ is: 'unreachable' });
  });
});

describe('lists', () => {
  it.each([
    ['Order/v2/query', ({ adapter }: ConnectedAdapter) => adapter.reads.openOrders()],
    ['Position/searchOpen', ({ adapter }: ConnectedAdapter) => adapter.reads.positions()],
    ['Trade/search', ({ adapter }: ConnectedAdapter) => adapter.reads.trades({ from: 0 })],
    ['Account/search', ({ adapter }: ConnectedAdapter) => adapter.reads.accounts()],
    ['Contract/search', ({ adapter }: ConnectedAdapter) => adapter.reads.searchContracts('MNQ')],
  ] as const)('of %s that are missing or null are no empty ones', async (endpoint, read) => {
    const connected = await connect();
    await expect(read(connected)).resolves.toBeInstanceOf(Array);
    for (const form of [
      'missing-payload',
      'null-payload',
      'empty',
      'truncated',
      'html',
      'wrong-types',
    ] as const) {
      const id = trial.gateway.faults.add({ endpoint, fault: { kind: 'body', form } });
      await expect(read(connected)).rejects.toMatchObject({ code: 'UNREADABLE' });
      trial.gateway.faults.remove(id);
    }
  });
});
