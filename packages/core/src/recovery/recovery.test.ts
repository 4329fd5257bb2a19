import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { Position } from '../position.ts';
import { testContract } from '../testing/scripted-adapter.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import type { DeliveryScript } from '../testing/scripted-executor.ts';
import { answered, silent } from '../testing/scripted-executor.ts';
import { RecoveryTrial, row } from '../testing/recovery-trial.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const trial = new RecoveryTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

describe('after a crash', () => {
  it('settles what was open, tells so, and only then lets places in', async () => {
    await trial.leaveBehind('lost');
    trial.venue.away = true;
    const { broker } = await trial.start();
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
    await trial.pass(3000);
    trial.venue.away = false;
    trial.venue.orders = [row('lost')];
    await trial.pass(5000);
    await broker.whenRecovered();
    expect(told).toEqual([['accepted', 'lost'], { settled: ['lost'], open: [], found: [] }]);
    expect(broker.getIntent('lost')).toMatchObject({ state: 'accepted', orderId: '9' });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
  });

  it('lets exits pass meanwhile', async () => {
    await trial.leaveBehind('lost');
    trial.venue.away = true;
    const { broker, fast } = await trial.start();
    await broker.cancelOrder({ orderId: '5' });
    expect(fast.deliveries.map(({ request }) => request.template.operation)).toEqual(['cancel']);
  });

  it('knows the ids of before: the same call joins, another content is refused', async () => {
    await trial.leaveBehind();
    const { broker, fast } = await trial.start();
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
    await trial.leaveBehind('lost');
    const { broker } = await trial.start();
    await broker.whenRecovered();
    const ends: unknown[] = [];
    broker.on(
      'order.resolved',
      (end) => void ends.push(end.kind === 'unknown' ? end.code : end.kind),
    );
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'other' })).toMatchObject({
      kind: 'accepted',
    });
    await trial.pass(50_000);
    expect(ends).toEqual(['ABSENT']);
  });

  it('counts against the limits what is still open', async () => {
    await trial.leaveBehind('lost');
    const { broker } = await trial.start(undefined, { limits: { maxContracts: 2 } });
    await broker.whenRecovered();
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'UNKNOWN_OPEN',
    });
    await trial.pass(50_000);
    expect(broker.getIntent('lost')?.outcome).toMatchObject({ code: 'ABSENT' });
    expect(await broker.placeMarketOrder({ ...market, quantity: 2 })).toMatchObject({
      kind: 'accepted',
    });
  });

  it('says again of an id that was in use and not to be found that it is in use', async () => {
    const { broker } = await trial.start(() =>
      answered({ is: 'client-order-id-in-use', message: 'tag already in use' }),
    );
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'taken' })).toMatchObject({
      code: 'IN_USE_NOT_FOUND',
    });
    await trial.closed(broker.close());
    trial.open.pop();
    const { broker: next, fast } = await trial.start();
    await trial.pass(50_000);
    expect(await next.placeMarketOrder({ ...market, clientOrderId: 'taken' })).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'IN_USE_NOT_FOUND',
      retry: 'no',
    });
    expect(fast.deliveries).toEqual([]);
  });

  it('goes on looking for what the venue has said to have, and never calls it absent', async () => {
    const { broker } = await trial.start(() =>
      answered({ is: 'ambiguous', code: 'VENUE_PENDING', message: 'pending', arrived: true }),
    );
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'pending' })).toMatchObject({
      kind: 'unknown',
      final: false,
    });
    await trial.closed(broker.close());
    trial.open.pop();
    const { broker: next } = await trial.start();
    await trial.pass(60_000);
    expect(next.getIntent('pending')?.outcome).toMatchObject({ kind: 'unknown', final: false });
    trial.venue.orders = [row('pending')];
    await trial.pass(11_000);
    expect(next.getIntent('pending')?.outcome).toMatchObject({ kind: 'accepted', orderId: '9' });
  });

  it('knows an order again by the modify of it, where a full disk had no room for the word that it was accepted', async () => {
    const { broker } = await trial.start();
    await trial.closed(broker.close());
    trial.open.pop();
    const { prefix, scope } = JSON.parse(readFileSync(trial.path, 'utf8').split('\n')[0] ?? '') as {
      readonly prefix: string;
      readonly scope: string;
    };
    const [at, executor] = [trial.clock.now(), 'fast'];
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
    writeFileSync(trial.path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    // The wall clock of the earlier process went two minutes ahead of the venue's, so the row looks older than its call.
    trial.venue.orders = [
      row('moved', {
        orderId: '5' as OrderId,
        type: 'limit',
        limitPrice: 101,
        createdAt: at - 120_000,
        status: 'cancelled',
      }),
    ];
    const { broker: next } = await trial.start();
    await trial.pass(1_000);
    await next.whenRecovered();
    expect(next.getIntent('moved')?.outcome).toMatchObject({ kind: 'accepted', orderId: '5' });
  });

  it('knows ids that are older than a day, as long as there are no 100,000 after them', async () => {
    await trial.leaveBehind();
    trial.clock.advance(3 * 24 * 3_600_000);
    const { broker, fast } = await trial.start();
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'done' })).toMatchObject({
      kind: 'accepted',
      orderId: '5',
    });
    expect(fast.deliveries).toEqual([]);
  });

  it('takes no id from a generateId that begins anew at every start, however long ago it had given it', async () => {
    await trial.leaveBehind();
    for (const days of [0, 3]) {
      trial.clock.advance(days * 24 * 3_600_000);
      const { broker, fast } = await trial.start(undefined, { generateId: () => 'done' });
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'not-sent',
        code: 'INVALID_ORDER',
        field: 'generateId',
        message: 'generateId gave "done", the id of another order of this bot',
      });
      expect(fast.deliveries).toEqual([]);
      await trial.closed(broker.close());
      trial.open.pop();
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
    const { broker } = await trial.start(() => silent('RESET'), { adapter: held });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({ kind: 'unknown' });
    const killed = readFileSync(trial.path, 'utf8');
    await trial.closed(broker.close());
    trial.open.pop();
    writeFileSync(trial.path, killed);
    positions = [];
    const { broker: next } = await trial.start(undefined, { adapter: held });
    expect(await next.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'CLOSE_UNSETTLED',
    });
    await trial.pass(16_000);
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
    const { broker } = await trial.start(
      () => {
        positions = [];
        return answered({ is: 'accepted' });
      },
      { adapter: held },
    );
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({ became: 'flat' });
    await trial.closed(broker.close());
    trial.open.pop();
    const { broker: next } = await trial.start(undefined, { adapter: held });
    expect(await next.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
  });

  it('names orders that bear its ids and that it does not know', async () => {
    await trial.leaveBehind('lost');
    const { prefix } = JSON.parse(readFileSync(trial.path, 'utf8').split('\n', 1)[0] ?? '{}') as {
      prefix: string;
    };
    trial.venue.orders = [
      row('lost'),
      row(`${prefix}-1-aaaa`, { orderId: '12' as OrderId }),
      row('somebody', { orderId: '13' as OrderId }),
    ];
    const { broker } = await trial.start();
    const found: unknown[] = [];
    broker.on(
      'broker.recovered',
      (recovered) => void found.push(recovered.found.map(({ orderId }) => orderId)),
    );
    await trial.pass(1000);
    await broker.whenRecovered();
    expect(found).toEqual([['12']]);
  });

  it('asks nothing when nothing was open', async () => {
    await trial.leaveBehind();
    trial.venue.reads = 0;
    const { broker } = await trial.start();
    await broker.whenRecovered();
    expect(trial.venue.reads).toBe(0);
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
    const scripted = await trial.start(counting);
    const { broker, fast } = scripted;
    const clientOrderId = await minted(scripted);
    await Promise.all([broker.halt(), trial.pass(1_000)]);
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
    const { broker, fast } = await trial.start(counting);
    const { prefix } = JSON.parse(readFileSync(trial.path, 'utf8').split('\n', 1)[0] ?? '{}') as {
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
    const first = await trial.start();
    await expect(trial.start()).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' });
    await trial.closed(first.broker.close());
    trial.open = [];
    await trial.start();
  });
});
