import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, Journal } from '@hotpath/core';
import { fileJournal, memoryJournal } from '@hotpath/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mortalBroker } from '../../src/world/mortal-broker.ts';
import type { Key, RowOptions, RowWorld } from './row-world.ts';
import { endOf, executors, market, orderIdOf, resting, rowWorld, times } from './row-world.ts';

let row: RowWorld;
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-rows-'));
  path = join(folder, 'orders.journal');
});
afterEach(async () => {
  await row.close();
  rmSync(folder, { recursive: true });
});
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);
async function start(first: Key, options?: RowOptions): Promise<void> {
  row = await rowWorld(first, options);
}
async function closed(broker: Broker<Key>): Promise<void> {
  await during(broker.close());
}
const hour = 3_600_000;
const entry = { ...resting, clientOrderId: 'entry-1' } as const;

describe.each(executors)('over %s first', (first) => {
  it('J01 without its line nothing enters, and everything gets out', async () => {
    const disk = { isFull: false };
    const inner = memoryJournal();
    const journal: Journal = {
      ...inner,
      append(record) {
        if (disk.isFull) throw new Error('no space left on device');
        inner.append(record);
      },
    };
    await start(first, { broker: { journal } });
    const working = orderIdOf(await during(row.broker.placeLimitOrder(resting)));
    await during(row.broker.placeMarketOrder(market));
    disk.isFull = true;
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'JOURNAL_FAILED',
      deliveries: 0,
    });
    expect(await during(row.broker.modifyOrder({ orderId: working, quantity: 2 }))).toMatchObject({
      kind: 'not-sent',
      code: 'JOURNAL_FAILED',
    });
    expect(row.held()).toBe(1);
    expect(await during(row.broker.cancelOrder({ orderId: working }))).toMatchObject({
      kind: 'accepted',
      became: 'cancelled',
    });
    expect(await during(row.broker.closePosition({ symbol: 'MNQ' }))).toMatchObject({
      kind: 'accepted',
      became: 'flat',
    });
    expect(await during(row.broker.halt())).toMatchObject({ complete: true });
    expect(row.of('journal.failed').length).toBeGreaterThan(0);
  });

  it('J02 a torn last line is cut, a damaged one elsewhere stops the start', async () => {
    await start(first, { broker: { journal: fileJournal(path) } });
    const placed = orderIdOf(await during(row.broker.placeLimitOrder(entry)));
    await closed(row.broker);
    const whole = readFileSync(path, 'utf8');
    appendFileSync(path, '{"kind":"intent","at":1789999200000,"opera');
    const broker = await row.connect({ journal: fileJournal(path) });
    expect(await during(broker.placeLimitOrder(entry))).toMatchObject({
      kind: 'accepted',
      orderId: placed,
    });
    expect(readFileSync(path, 'utf8')).toBe(whole);
    const later = orderIdOf(
      await during(broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-2' })),
    );
    await closed(broker);
    const next = await row.connect({ journal: fileJournal(path) });
    expect(
      await during(next.placeLimitOrder({ ...resting, clientOrderId: 'entry-2' })),
    ).toMatchObject({ kind: 'accepted', orderId: later });
    await closed(next);
    const lines = whole.split('\n');
    writeFileSync(path, [lines[0], 'damaged', ...lines.slice(1)].join('\n'));
    const starting = row.connect({ journal: fileJournal(path) });
    await expect(starting).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringContaining('Line 2'),
    });
    const lenient = await row.connect({ journal: fileJournal(path, { damagedLines: 'skip' }) });
    expect(await during(lenient.placeLimitOrder(entry))).toMatchObject({
      kind: 'accepted',
      orderId: placed,
    });
    expect(row.orders()).toHaveLength(2);
  });

  it('J03 a rotated journal keeps what is open and what is watched', async () => {
    await start(first, { broker: { journal: fileJournal(path, { rotateAtBytes: 3_000 }) } });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(
      await during(
        endOf(await during(row.broker.placeLimitOrder({ ...entry, deadlineMs: 1_000 }))),
      ),
    ).toMatchObject({ code: 'ABSENT' });
    // A day and more later other orders fill the file.
    await row.world.pass(26 * hour, hour);
    for (let count = 0; count < 30; count += 1)
      await during(row.broker.placeLimitOrder({ ...resting, limitPrice: 19_000 + count }));
    await expect.poll(() => existsSync(`${path}.old`), { timeout: 10_000 }).toBe(true);
    await closed(row.broker);
    const broker = await row.connect({ journal: fileJournal(path) });
    const contradicted: unknown[] = [];
    broker.on('order.contradicted', (event) => void contradicted.push(event));
    expect(broker.getIntent('entry-1')?.outcome).toMatchObject({ code: 'ABSENT' });
    // No token lives as long as that request was on its way, so it comes from elsewhere.
    await row.elsewhere('Order/place', {
      contractId: 'CON.F.US.MNQ.Z26',
      type: 1,
      side: 0,
      size: 1,
      limitPrice: 20_000,
      customTag: 'entry-1',
    });
    await row.until(() => contradicted.length > 0, 90_000);
    await row.until(
      () => row.orders().find(({ customTag }) => customTag === 'entry-1')?.status === 3,
      10_000,
    );
  });

  it('J04 two brokers can not trade one account from one machine', async () => {
    await start(first, { broker: { journal: fileJournal(path) } });
    await expect(
      row.connect({ journal: fileJournal(join(folder, 'other.journal')) }),
    ).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' });
    await closed(row.broker);
    const broker = await row.connect({ journal: fileJournal(join(folder, 'other.journal')) });
    expect(await during(broker.placeMarketOrder(market))).toMatchObject({ kind: 'accepted' });
    expect(await during(broker.getOpenOrders())).toEqual([]);
  });

  it('J05 closing refuses what is new, waits for answers, and leaves the rest open in the journal', async () => {
    await start(first, {
      broker: { journal: fileJournal(path), closeWithinMs: 500, outcomeWithinMs: 300 },
      stream: false,
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 3_000, answer: 'wait' },
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'stall', at: 'after-accepting', forMs: 200 },
    });
    const lost = row.broker.placeLimitOrder(entry);
    const answered = row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-2' });
    const closing = row.broker.close();
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'BROKER_CLOSED',
    });
    expect(await during(answered)).toMatchObject({ kind: 'accepted' });
    const told = await during(lost);
    expect(told.kind).toBe('unknown');
    await during(closing);
    expect(await endOf(told)).toMatchObject({ kind: 'unknown', final: true, code: 'CLOSED' });
    // Nothing was cancelled, and the next start settles what was left.
    await row.world.pass(4_000, 100);
    expect(
      row
        .orders()
        .map(({ customTag, status }) => `${customTag} ${status}`)
        .toSorted(),
    ).toEqual(['entry-1 1', 'entry-2 1']);
    const broker = await row.connect({ journal: fileJournal(path) });
    await during(broker.whenRecovered());
    await row.until(() => broker.getIntent('entry-1')?.outcome?.kind === 'accepted', 20_000);
  });

  it("J06 orders with the journal's prefix that it does not know are taken in and announced", async () => {
    await start(first, { broker: { journal: fileJournal(path) } });
    const { prefix } = JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '') as {
      readonly prefix: string;
    };
    await closed(row.broker);
    // Something is open in the journal, so that the venue is asked; another order bears an id of this journal that its lines do not have.
    const adapter = topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: row.proxy.url,
      rateLimit: 'off',
    });
    const mortal = await mortalBroker(row.world, {
      ...times,
      adapter,
      journal: fileJournal(path),
      dieAt: (name) => name === 'after intent place',
    });
    void mortal.broker.placeLimitOrder(entry).catch(() => undefined);
    await row.until(() => mortal.isDead, 5_000);
    const contractId = 'CON.F.US.MNQ.Z26';
    await row.elsewhere('Order/place', {
      contractId,
      type: 1,
      side: 0,
      size: 1,
      limitPrice: 19_500,
      customTag: `${prefix}-lost-1`,
    });
    await row.elsewhere('Order/place', {
      contractId,
      type: 1,
      side: 0,
      size: 1,
      limitPrice: 19_600,
      customTag: 'foreign-1',
    });
    const recovered: {
      readonly found: readonly { readonly clientOrderId: string | undefined }[];
    }[] = [];
    const broker = await row.connect({ journal: fileJournal(path) }, {}, (made) =>
      made.on('broker.recovered', (event) => void recovered.push(event)),
    );
    await during(broker.whenRecovered());
    await row.until(() => recovered.length > 0, 5_000);
    expect(recovered.map(({ found }) => found.map(({ clientOrderId }) => clientOrderId))).toEqual([
      [`${prefix}-lost-1`],
    ]);
    expect(
      (await during(broker.getOpenOrders()))
        .map(({ clientOrderId, foreign }) => `${clientOrderId} ${foreign}`)
        .toSorted(),
    ).toEqual(['foreign-1 true', `${prefix}-lost-1 false`].toSorted());
  });

  it("J06 orders with the journal's prefix that it does not know are taken in and announced: at a start with nothing open, and after a gap, once each", async () => {
    await start(first, { broker: { journal: fileJournal(path) } });
    const { prefix } = JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '') as {
      readonly prefix: string;
    };
    const known = await during(row.broker.placeLimitOrder(resting));
    await closed(row.broker);
    // Older than what is taken up at a start, and named in the journal all the same.
    await row.world.pass(26 * hour, hour);
    const elsewhere = (tag: string): Promise<unknown> =>
      row.elsewhere('Order/place', {
        contractId: 'CON.F.US.MNQ.Z26',
        type: 1,
        side: 0,
        size: 1,
        limitPrice: 19_500,
        customTag: tag,
      });
    await elsewhere(`${prefix}-lost-1`);
    const found: (string | undefined)[][] = [];
    const broker = await row.connect({ journal: fileJournal(path) }, {}, (made) =>
      made.on(
        'broker.recovered',
        (event) => void found.push(event.found.map(({ clientOrderId }) => clientOrderId)),
      ),
    );
    await row.until(() => found.length > 0, 20_000);
    await row.world.pass(2_000, 50);
    row.world.gateway.dropHubs('user');
    await elsewhere(`${prefix}-lost-2`);
    await row.until(() => found.length > 1, 60_000);
    await row.world.pass(2_000, 50);
    expect(found).toEqual([[`${prefix}-lost-1`], [`${prefix}-lost-2`]]);
    expect(
      await during(
        broker.placeLimitOrder({ ...resting, clientOrderId: String(known.clientOrderId) }),
      ),
    ).toMatchObject({ kind: 'accepted', orderId: orderIdOf(known) });
    expect(row.requests('Order/place')).toBe(3);
  });
});
