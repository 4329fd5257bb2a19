import type { Broker, EventMap } from '@hotpath/core';
import type { GatewayOptions } from '@hotpath/gateway-sim';
import { afterEach, describe, expect, it } from 'vitest';
import type { SimulatedWorld } from '../src/world/simulated-world.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';

let world: SimulatedWorld;
let broker: Broker<'fast' | 'fallback'>;
afterEach(() => world.close());

type Row = Readonly<Record<string, unknown>>;
const accountId = 700_001;

async function start(options: GatewayOptions = {}): Promise<void> {
  world = await simulatedWorld({
    rateLimit: { everythingElse: 'off' },
    accounts: [{ id: accountId, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }],
    ...options,
  });
  broker = await world.connect({}, { rateLimit: 'off' });
  const synced = new Promise<void>((resolve) => broker.once('stream.synced', () => resolve()));
  await world.during(synced);
}
/** Places an order as another program of the same user would. */
async function elsewhere(path: string, body: object): Promise<Row> {
  const post = async (where: string, fields: object, token = ''): Promise<Row> => {
    const response = await fetch(`${world.gateway.url}/api/${where}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(fields),
    });
    return (await response.json()) as Row;
  };
  const { token } = await post('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' });
  return post(path, { accountId, ...body }, String(token));
}
const contractId = async (): Promise<string> => String((await broker.getContract('MNQ'))?.id);
const market = async (fields: object = {}): Promise<Row> =>
  elsewhere('Order/place', {
    contractId: await contractId(),
    type: 2,
    side: 0,
    size: 1,
    ...fields,
  });

/** What the venue holds, in the state's words. */
function venue(): { readonly open: string[]; readonly positions: string[] } {
  const { orders, positions } = world.gateway.truth();
  return {
    open: orders
      .filter(({ status }) => [1, 6, 8].includes(status))
      .map(({ id, fillVolume, limitPrice }) => `${id} ${fillVolume} ${limitPrice ?? '-'}`)
      .toSorted(),
    positions: (positions as readonly Row[])
      .map(
        ({ contractId: id, type, size, averagePrice }) =>
          `${String(id)} ${type === 1 ? 'buy' : 'sell'} ${String(size)} ${String(averagePrice)}`,
      )
      .toSorted(),
  };
}
async function state(): Promise<ReturnType<typeof venue>> {
  const [orders, positions] = [await broker.getOpenOrders(), await broker.getPositions()];
  return {
    open: orders
      .map(
        ({ orderId, filledQuantity, limitPrice }) =>
          `${orderId} ${filledQuantity} ${limitPrice ?? '-'}`,
      )
      .toSorted(),
    positions: positions
      .map(
        ({ contractId: id, side, quantity, averagePrice }) =>
          `${id} ${side} ${quantity} ${averagePrice}`,
      )
      .toSorted(),
  };
}
const isTrue = async (): Promise<boolean> =>
  JSON.stringify(await state()) === JSON.stringify(venue());

describe('the state', () => {
  it('follows what this bot and others do, without a request of its own', async () => {
    await start();
    const asked = world.gateway.truth().orders.length;
    expect(asked).toBe(0);
    await world.during(
      broker.placeLimitOrder({ symbol: 'MNQ', side: 'buy', quantity: 2, limitPrice: 23_000 }),
    );
    await market();
    await market({
      size: 2,
      stopLossBracket: { ticks: -40, type: 4 },
      takeProfitBracket: { ticks: 60, type: 1 },
    });
    expect(await world.until(isTrue, 5000)).toBeLessThanOrEqual(1000);
    expect(
      (await broker.getOpenOrders())
        .map(({ foreign, status }) => `${status} ${foreign}`)
        .toSorted(),
    ).toEqual(['working false', 'working true', 'working true']);
  });

  it('is true again within five seconds of the reconnect after two minutes without the hub, fills inside', async () => {
    await start();
    const filled: EventMap<string>['order.filled'][] = [];
    broker.on('order.filled', (fill) => void filled.push(fill));
    const mine = await world.during(
      broker.placeLimitOrder({ symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 23_999 }),
    );
    // Nobody gets in while the hub is away, and the bot's own connection is cut.
    const away = world.gateway.faults.add({
      endpoint: 'hubs/user',
      fault: { kind: 'status', status: 503 },
    });
    const live: number[] = [];
    broker.on('stream.synced', ({ at }) => void live.push(at));
    world.gateway.dropHubs('user');
    await world.pass(30_000);
    for (let step = 0; step < 40; step += 1) world.gateway.stepPrices();
    await market({ side: 1, size: 3 });
    await market({ type: 1, limitPrice: 23_500, size: 4 });
    await world.pass(90_000);
    expect(live).toEqual([]);
    world.gateway.faults.remove(away);
    await world.until(() => live.length > 0, 40_000);
    expect(await world.until(isTrue, 5000)).toBeLessThanOrEqual(5000);
    const told = filled.map(({ trade }) => trade.tradeId);
    expect(new Set(told).size).toBe(told.length);
    expect(told.toSorted()).toEqual(
      (world.gateway.truth().fills as readonly Row[]).map(({ id }) => String(id)).toSorted(),
    );
    expect(await broker.getOrder({ clientOrderId: mine.clientOrderId ?? '' })).toMatchObject({
      foreign: false,
    });
  });

  it('is true in the end whatever happens to the events', async () => {
    await start();
    for (const fault of [
      { kind: 'event-duplicate' },
      { kind: 'event-reorder' },
      { kind: 'event-delay', byMs: 800 },
    ] as const)
      world.gateway.faults.add({ hub: 'user', probability: 0.4, fault });
    for (let count = 0; count < 12; count += 1) {
      await market({ side: count % 3 === 0 ? 1 : 0, size: 1 + (count % 4) });
      await market({ type: 1, side: 0, limitPrice: 23_000 + count });
      await world.pass(200, 100);
    }
    world.gateway.faults.clear();
    // The event that was held for the next one comes with it.
    await market();
    expect(await world.until(isTrue, 10_000)).toBeLessThanOrEqual(10_000);
  });

  it('waits for a fill that the stream tells', async () => {
    await start();
    const placed = await world.during(
      broker.placeLimitOrder({ symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 23_999 }),
    );
    const waiting = broker.waitForFill(
      { orderId: placed.kind === 'accepted' ? placed.orderId : '' },
      { timeoutMs: 60_000 },
    );
    for (let step = 0; step < 400; step += 1) world.gateway.stepPrices();
    expect(await world.during(waiting)).toMatchObject({
      status: 'filled',
      filledQuantity: 1,
      foreign: false,
    });
  });

  it('says which contract follows which', async () => {
    await start();
    const rolls: string[] = [];
    broker.on('contract.rolled', ({ from, to }) => void rolls.push(`${from.id} ${to.id}`));
    const before = await contractId();
    const next = world.gateway.rollContract('MNQ');
    expect(
      await world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 })),
    ).toMatchObject({ kind: 'rejected', code: 'CONTRACT_NOT_ACTIVE' });
    await world.until(() => rolls.length > 0, 60_000);
    expect(rolls).toEqual([`${before} ${next}`]);
    expect(
      await world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 })),
    ).toMatchObject({ kind: 'accepted' });
  });
});

describe('getting out', () => {
  it('halts with orders working and suspended, positions open and answers lost, and is flat at the venue', async () => {
    await start();
    await market({
      size: 3,
      stopLossBracket: { ticks: -40, type: 4 },
      takeProfitBracket: { ticks: 60, type: 1 },
    });
    await world.during(
      broker.placeLimitOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        limitPrice: 23_000,
        bracket: { stopLossTicks: 10 },
      }),
    );
    await world.during(
      broker.placeLimitOrder({ symbol: 'MES', side: 'sell', quantity: 2, limitPrice: 9000 }),
    );
    world.gateway.faults.add({
      endpoint: 'Order/cancel',
      nth: 2,
      fault: { kind: 'status', status: 502, at: 'after-accepting' },
    });
    world.gateway.faults.add({
      endpoint: 'Position/closeContract',
      nth: 1,
      fault: { kind: 'status', status: 500 },
    });
    const report = await world.during(broker.halt());
    expect(report).toMatchObject({ complete: true, left: { orders: [], positions: [] } });
    expect(venue()).toEqual({ open: [], positions: [] });
    expect(
      await world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 })),
    ).toMatchObject({ kind: 'not-sent', code: 'HALTED' });
  });

  it('tells of an entry whose stop was taken away', async () => {
    await start();
    const alarms: unknown[] = [];
    broker.on('position.unprotected', ({ contractId: id }) => void alarms.push(id));
    const entry = await world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        bracket: { stopLossTicks: 40, takeProfitTicks: 60 },
      }),
    );
    await world.pass(5000);
    expect(alarms).toEqual([]);
    await elsewhere('Order/cancel', {
      orderId: Number(entry.kind === 'accepted' ? entry.orderId : 0) + 1,
    });
    await world.pass(5000);
    expect(alarms).toHaveLength(1);
  });

  it('closes a position and takes its legs with it', async () => {
    await start();
    await world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        bracket: { stopLossTicks: 40, takeProfitTicks: 60 },
      }),
    );
    await world.pass(2000, 100);
    expect(await world.during(broker.closePosition({ symbol: 'MNQ' }))).toMatchObject({
      kind: 'accepted',
      became: 'flat',
    });
    expect(venue()).toEqual({ open: [], positions: [] });
  });
});

describe('limits', () => {
  it('hold the venue to what the author allows, fills and lost answers included', async () => {
    world = await simulatedWorld({ rateLimit: { everythingElse: 'off' } });
    broker = await world.connect(
      { limits: { maxContracts: 4, whileUnknown: 'count' } },
      { rateLimit: 'off' },
    );
    await world.during(
      new Promise<void>((resolve) => broker.once('stream.synced', () => resolve())),
    );
    world.gateway.faults.add({
      endpoint: 'Order/place',
      probability: 0.3,
      fault: { kind: 'reset', at: 'after-accepting' },
    });
    for (let count = 0; count < 40; count += 1) {
      await world.during(
        broker.placeMarketOrder({
          symbol: count % 2 === 0 ? 'MNQ' : 'MES',
          side: 'buy',
          quantity: 1 + (count % 2),
        }),
      );
      const held = (world.gateway.truth().positions as readonly Row[]).reduce(
        (sum, { size }) => sum + Number(size),
        0,
      );
      expect(held).toBeLessThanOrEqual(4);
    }
    expect(world.gateway.truth().positions).not.toEqual([]);
  });
});
