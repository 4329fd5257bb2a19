import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientOrderId, OrderId } from '../brand.ts';
import { fileJournal } from '../journal/file-journal.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { ScriptedBroker, ScriptedBrokerOptions } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import type { DeliveryScript } from '../testing/scripted-executor.ts';
import { answered, silent } from '../testing/scripted-executor.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
let folder: string;
let path: string;
let clock: ManualClock;
let open: ScriptedBroker[];
let venue: { orders: Order[]; away: boolean; reads: number };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recovery-'));
  path = join(folder, 'orders.journal');
  clock = createManualClock();
  open = [];
  venue = { orders: [], away: false, reads: 0 };
});
afterEach(async () => {
  for (const { broker } of open) await closed(broker.close());
  rmSync(folder, { recursive: true });
});

async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 250) {
    clock.advance(250);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
async function closed(closing: Promise<void>): Promise<void> {
  await Promise.all([closing, pass(12_000)]);
}
async function start(
  fast: DeliveryScript = () => answered({ is: 'accepted', orderId: '77' }),
  options: Partial<ScriptedBrokerOptions> = {},
): Promise<ScriptedBroker> {
  const scripted = await scriptedBroker({
    clock,
    fast,
    ...options,
    journal: fileJournal(path),
    adapter: {
      orders: () => {
        venue.reads += 1;
        if (venue.away) throw new Error('away');
        return venue.orders;
      },
      ...options.adapter,
    },
  });
  open.push(scripted);
  return scripted;
}
/** The journal as a process leaves it that is killed in the middle of a place, `answers` before it. */
async function leaveBehind(...lost: string[]): Promise<void> {
  const { broker } = await start((delivery) =>
    lost.some((id) => delivery.request.body.includes(id))
      ? silent('RESET')
      : answered({ is: 'accepted', orderId: '5' }),
  );
  await broker.placeMarketOrder({ ...market, clientOrderId: 'done' });
  for (const clientOrderId of lost) await broker.placeMarketOrder({ ...market, clientOrderId });
  const killed = readFileSync(path, 'utf8');
  await closed(broker.close());
  open.pop();
  // Without the word that an outcome was unknown: the kill came before it.
  writeFileSync(
    path,
    killed
      .split('\n')
      .filter((line) => !line.includes('"outcome":"unknown"'))
      .join('\n'),
  );
}
const row = (clientOrderId: string, fields: Partial<Order> = {}): Order =>
  testOrder({
    orderId: '9' as OrderId,
    clientOrderId: clientOrderId as ClientOrderId,
    status: 'working',
    ...fields,
  });

describe('after a crash', () => {
  it('settles what was open, tells so, and only then lets places in', async () => {
    await leaveBehind('lost');
    venue.away = true;
    const { broker } = await start();
    const told: unknown[] = [];
    broker.on('broker.recovered', (recovered) => void told.push(recovered));
    broker.on('order.resolved', (end) => void told.push([end.kind, end.clientOrderId]));
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'RECOVERING',
    });
    expect(broker.intents({ open: true })).toMatchObject([
      { clientOrderId: 'lost', state: 'unknown' },
    ]);
    await pass(3000);
    venue.away = false;
    venue.orders = [row('lost')];
    await pass(5000);
    await broker.whenRecovered();
    expect(told).toEqual([['accepted', 'lost'], { settled: ['lost'], open: [], found: [] }]);
    expect(broker.getIntent('lost')).toMatchObject({ state: 'accepted', orderId: '9' });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
  });

  it('lets exits pass meanwhile', async () => {
    await leaveBehind('lost');
    venue.away = true;
    const { broker, fast } = await start();
    await broker.cancelOrder({ orderId: '5' });
    expect(fast.deliveries.map(({ request }) => request.template.operation)).toEqual(['cancel']);
  });

  it('knows the ids of before: the same call joins, another content is refused', async () => {
    await leaveBehind();
    const { broker, fast } = await start();
    await broker.whenRecovered();
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'DONE' })).toMatchObject({
      kind: 'accepted',
      orderId: '5',
    });
    expect(
      await broker.placeMarketOrder({ ...market, clientOrderId: 'done', quantity: 2 }),
    ).toMatchObject({ kind: 'not-sent', code: 'CLIENT_ORDER_ID_IN_USE' });
    expect(fast.deliveries).toEqual([]);
  });

  it('goes on looking for what the venue does not show, until it is absent', async () => {
    await leaveBehind('lost');
    const { broker } = await start();
    await broker.whenRecovered();
    const ends: unknown[] = [];
    broker.on(
      'order.resolved',
      (end) => void ends.push(end.kind === 'unknown' ? end.code : end.kind),
    );
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'other' })).toMatchObject({
      kind: 'accepted',
    });
    await pass(50_000);
    expect(ends).toEqual(['ABSENT']);
  });

  it('counts against the limits what is still open', async () => {
    await leaveBehind('lost');
    const { broker } = await start(undefined, { limits: { maxContracts: 2 } });
    await broker.whenRecovered();
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'UNKNOWN_OPEN',
    });
    await pass(50_000);
    expect(broker.getIntent('lost')?.outcome).toMatchObject({ code: 'ABSENT' });
    expect(await broker.placeMarketOrder({ ...market, quantity: 2 })).toMatchObject({
      kind: 'accepted',
    });
  });

  it('says again of an id that was in use and not to be found that it is in use', async () => {
    const { broker } = await start(() =>
      answered({ is: 'client-order-id-in-use', message: 'tag already in use' }),
    );
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'taken' })).toMatchObject({
      code: 'IN_USE_NOT_FOUND',
    });
    await closed(broker.close());
    open.pop();
    const { broker: next, fast } = await start();
    await pass(50_000);
    expect(await next.placeMarketOrder({ ...market, clientOrderId: 'taken' })).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'IN_USE_NOT_FOUND',
      retry: 'no',
    });
    expect(fast.deliveries).toEqual([]);
  });

  it('goes on looking for what the venue has said to have, and never calls it absent', async () => {
    const { broker } = await start(() =>
      answered({ is: 'ambiguous', code: 'VENUE_PENDING', message: 'pending', arrived: true }),
    );
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'pending' })).toMatchObject({
      kind: 'unknown',
      final: false,
    });
    await closed(broker.close());
    open.pop();
    const { broker: next } = await start();
    await pass(60_000);
    expect(next.getIntent('pending')?.outcome).toMatchObject({ kind: 'unknown', final: false });
    venue.orders = [row('pending')];
    await pass(11_000);
    expect(next.getIntent('pending')?.outcome).toMatchObject({ kind: 'accepted', orderId: '9' });
  });

  it('knows an order again by the modify of it, where a full disk had no room for the word that it was accepted', async () => {
    const { broker } = await start();
    await closed(broker.close());
    open.pop();
    const { prefix, scope } = JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '') as {
      readonly prefix: string;
      readonly scope: string;
    };
    const [at, executor] = [clock.now(), 'fast'];
    const content = {
      contractId: testContract({ root: 'MNQ' }).id,
      type: 'limit',
      symbol: 'MNQ',
      side: 'buy',
      quantity: 1,
      limitPrice: 100,
    };
    const lines = [
      { kind: 'journal', version: 1, prefix, scope },
      { kind: 'intent', at, operation: 'place', clientOrderId: 'moved', executor, content },
      {
        kind: 'intent',
        at,
        operation: 'modify',
        clientOrderId: 'moved',
        orderId: '5',
        executor,
        content: { limitPrice: 101 },
      },
      {
        kind: 'outcome',
        at,
        operation: 'modify',
        clientOrderId: 'moved',
        orderId: '5',
        outcome: 'accepted',
      },
    ];
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    // The wall clock of the earlier process went two minutes ahead of the venue's, so the row looks older than its call.
    venue.orders = [
      row('moved', {
        orderId: '5' as OrderId,
        type: 'limit',
        limitPrice: 101,
        createdAt: at - 120_000,
        status: 'cancelled',
      }),
    ];
    const { broker: next } = await start();
    await pass(1_000);
    await next.whenRecovered();
    expect(next.getIntent('moved')?.outcome).toMatchObject({ kind: 'accepted', orderId: '5' });
  });

  it('knows ids that are older than a day, as long as there are no 100,000 after them', async () => {
    await leaveBehind();
    clock.advance(3 * 24 * 3_600_000);
    const { broker, fast } = await start();
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'done' })).toMatchObject({
      kind: 'accepted',
      orderId: '5',
    });
    expect(fast.deliveries).toEqual([]);
  });

  it('takes no id from a generateId that begins anew at every start, however long ago it had given it', async () => {
    await leaveBehind();
    for (const days of [0, 3]) {
      clock.advance(days * 24 * 3_600_000);
      const { broker, fast } = await start(undefined, { generateId: () => 'done' });
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'not-sent',
        code: 'INVALID_ORDER',
        field: 'generateId',
        message: 'generateId gave "done", the id of another order of this bot',
      });
      expect(fast.deliveries).toEqual([]);
      await closed(broker.close());
      open.pop();
    }
  });

  it('lets nothing enter a contract whose close was on its way, for as long as it may still run', async () => {
    let positions: Position[] = [
      {
        contractId: testContract({ root: 'MNQ' }).id,
        side: 'buy',
        quantity: 1,
        averagePrice: 1,
        openedAt: 0,
        asOf: 0,
      },
    ];
    const held = { positions: () => positions };
    const { broker } = await start(() => silent('RESET'), { adapter: held });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({ kind: 'unknown' });
    const killed = readFileSync(path, 'utf8');
    await closed(broker.close());
    open.pop();
    writeFileSync(path, killed);
    positions = [];
    const { broker: next } = await start(undefined, { adapter: held });
    expect(await next.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'CLOSE_UNSETTLED',
    });
    await pass(16_000);
    expect(await next.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
  });

  it('lets orders enter where the close of before had its end', async () => {
    let positions: Position[] = [
      {
        contractId: testContract({ root: 'MNQ' }).id,
        side: 'buy',
        quantity: 1,
        averagePrice: 1,
        openedAt: 0,
        asOf: 0,
      },
    ];
    const held = { positions: () => positions };
    const { broker } = await start(
      () => {
        positions = [];
        return answered({ is: 'accepted' });
      },
      { adapter: held },
    );
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({ became: 'flat' });
    await closed(broker.close());
    open.pop();
    const { broker: next } = await start(undefined, { adapter: held });
    expect(await next.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
  });

  it('names orders that bear its ids and that it does not know', async () => {
    await leaveBehind('lost');
    const { prefix } = JSON.parse(readFileSync(path, 'utf8').split('\n', 1)[0] ?? '{}') as {
      prefix: string;
    };
    venue.orders = [
      row('lost'),
      row(`${prefix}-1-aaaa`, { orderId: '12' as OrderId }),
      row('somebody', { orderId: '13' as OrderId }),
    ];
    const { broker } = await start();
    const found: unknown[] = [];
    broker.on(
      'broker.recovered',
      (recovered) => void found.push(recovered.found.map(({ orderId }) => orderId)),
    );
    await pass(1000);
    await broker.whenRecovered();
    expect(found).toEqual([['12']]);
  });

  it('asks nothing when nothing was open', async () => {
    await leaveBehind();
    venue.reads = 0;
    const { broker } = await start();
    await broker.whenRecovered();
    expect(venue.reads).toBe(0);
  });
});

describe('an id of the journal that is not at hand any more', () => {
  const minted = async ({ broker }: ScriptedBroker): Promise<string> => {
    const placed = await broker.placeMarketOrder({ ...market, quantity: 2 });
    for (let count = 0; count < 8_001; count += 1) await broker.placeMarketOrder(market);
    return String(placed.clientOrderId);
  };
  let orders = 0;
  const counting: DeliveryScript = () =>
    answered({ is: 'accepted', orderId: String((orders += 1)) });

  it('gets its own outcome before any other check, one that was minted and is behind thousands of others', async () => {
    orders = 0;
    const scripted = await start(counting);
    const { broker, fast } = scripted;
    const clientOrderId = await minted(scripted);
    await Promise.all([broker.halt(), pass(1_000)]);
    const deliveries = fast.deliveries.length;
    const [again, also] = await Promise.all([
      broker.placeMarketOrder({ ...market, quantity: 2, clientOrderId }),
      broker.placeMarketOrder({
        ...market,
        quantity: 2,
        clientOrderId: clientOrderId.toUpperCase(),
      }),
    ]);
    expect(again).toMatchObject({ kind: 'accepted', orderId: '1', clientOrderId });
    expect(also).toBe(again);
    expect(await broker.placeMarketOrder({ ...market, quantity: 3, clientOrderId })).toMatchObject({
      kind: 'not-sent',
      code: 'CLIENT_ORDER_ID_IN_USE',
      existing: { orderId: '1' },
    });
    expect(fast.deliveries).toHaveLength(deliveries);
  });

  it('is free when the journal knows nothing of it', async () => {
    const { broker, fast } = await start(counting);
    const { prefix } = JSON.parse(readFileSync(path, 'utf8').split('\n', 1)[0] ?? '{}') as {
      prefix: string;
    };
    const request = { ...market, clientOrderId: `${prefix}-own-1` };
    const placing = broker.placeMarketOrder(request);
    request.clientOrderId = 'changed';
    expect(await placing).toMatchObject({ kind: 'accepted', clientOrderId: `${prefix}-own-1` });
    expect(fast.deliveries).toHaveLength(1);
  });
});

describe('the lock', () => {
  it('keeps a second broker off the account, and ends with the first', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' });
    await closed(first.broker.close());
    open = [];
    await start();
  });
});
