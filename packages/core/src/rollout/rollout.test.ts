import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { RolloutChanged } from '../events/event-map.ts';
import { fileJournal } from '../journal/file-journal.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import { answered, notWritten } from '../testing/scripted-executor.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import type { Key, Table } from '../testing/rollout-trial.ts';
import { RolloutTrial, editable, market, table } from '../testing/rollout-trial.ts';

const ramp = {
  executor: 'fast',
  steps: [1, 5, 10, 25, 50, 100],
  minDwell: '30m',
  minSamples: 59,
} as const;

let folder: string;
let journalPath: string;
const trials: RolloutTrial[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-rollout-'));
  journalPath = join(folder, 'orders.journal');
});
afterEach(async () => {
  for (const { made } of trials.splice(0)) await made?.broker.close();
  rmSync(folder, { recursive: true });
});

async function trial(
  routing: AsyncIterable<Table> | Table,
  from?: RolloutTrial,
): Promise<RolloutTrial> {
  const made = new RolloutTrial();
  if (from) made.clock.advance(from.clock.now() - made.clock.now());
  trials.push(made);
  await made.start(routing, fileJournal(journalPath, { random: seededRandom(3) }));
  made.begun.push(...made.hearStart());
  return made;
}

async function journaled(): Promise<object[]> {
  const journal = fileJournal(journalPath);
  const lines: object[] = [];
  for await (const record of journal.read()) if (record.kind === 'rollout') lines.push(record);
  return lines;
}

describe('a rollout on a fake clock', () => {
  it('goes from 1 % to 100 % by ramp, back by a slow server, up again, and back by lost answers: all in events and journal', async () => {
    const run = await trial(table(100, { ramp }));
    expect(run.broker.metrics().rollout).toMatchObject({
      weights: { fast: 1, fallback: 99 },
      ramp: { executor: 'fast', state: { is: 'running', percent: 1 } },
      latches: [],
    });
    expect(run.begun).toMatchObject([{ cause: 'begun', fromPercent: 100, toPercent: 1 }]);
    const steps = [];
    for (let step = 0; step < 4; step += 1) steps.push(await run.untilChange());
    expect(steps.map((change) => [change?.cause, change?.fromPercent, change?.toPercent])).toEqual([
      ['advanced', 1, 5],
      ['advanced', 5, 10],
      ['advanced', 10, 25],
      ['advanced', 25, 50],
    ]);
    run.slow = 2;
    expect(await run.untilChange()).toMatchObject({
      cause: 'guard',
      fromPercent: 50,
      toPercent: 25,
      because: expect.stringMatching(/^The p95 of total is/),
      evidence: { guard: 'total-p95', verdict: 'bad' },
    });
    run.slow = 1;
    expect([(await run.untilChange())?.toPercent, (await run.untilChange())?.toPercent]).toEqual([
      50, 100,
    ]);
    expect(await run.trade()).toBe('fast');
    run.lost = 0.3;
    expect(await run.untilChange()).toMatchObject({
      cause: 'guard',
      fromPercent: 100,
      toPercent: 50,
      evidence: { guard: 'unknown' },
    });
    run.lost = 1;
    expect(await run.untilChange()).toMatchObject({
      cause: 'tripped',
      fromPercent: 50,
      toPercent: 25,
      because: expect.stringMatching(/^Its breaker tripped: 5 deliveries in a row failed/),
    });
    expect(run.health).toEqual(['fast place tripped']);
    expect(await run.trade()).toBe('fallback');
    const told = run.changes.map(({ cause, fromPercent, toPercent, because }) => ({
      cause,
      fromPercent,
      toPercent,
      because,
    }));
    expect(await journaled()).toMatchObject([
      { cause: 'begun', fromPercent: 100, toPercent: 1 },
      ...told,
    ]);
    // Days of orders in virtual time: the machine has other things to do as well.
  }, 60_000);

  it('goes from 1 % to 100 % and back by editing the table, and says so', async () => {
    const { tables, edit } = editable(table(1));
    const run = await trial(tables);
    for (const fast of [25, 100]) {
      await edit(table(fast));
      await run.trade();
    }
    expect(await run.trade()).toBe('fast');
    await edit(table(60, { rules: [{ match: { symbol: 'nobody' }, weights: { fast: 10 } }] }));
    expect(await run.trade()).toBe('fast');
    await edit(table(0));
    expect(await run.trade()).toBe('fallback');
    const moves = run.changes
      .filter(({ executor }) => executor === 'fast')
      .map(({ cause, fromPercent, toPercent }) => [cause, fromPercent, toPercent]);
    expect(moves).toEqual([
      ['table', 1, 25],
      ['table', 25, 100],
      ['table', 100, 0],
    ]);
    expect(await journaled()).toMatchObject(
      run.changes.map(({ executor, toPercent }) => ({ executor, toPercent })),
    );
  });

  it('the table is the ceiling: the ramp holds below it, and a lower table takes the share down at once', async () => {
    const { tables, edit } = editable(table(10, { ramp: { ...ramp, steps: [5, 25, 100] } }));
    const run = await trial(tables);
    expect(await run.untilChange()).toMatchObject({ toPercent: 25 });
    expect(run.broker.metrics().rollout.weights).toEqual({ fast: 10, fallback: 90 });
    expect(await run.untilChange(2_000)).toBeUndefined();
    await edit(table(2, { ramp: { ...ramp, steps: [5, 25, 100] } }));
    expect(run.changes.at(-2)).toMatchObject({
      executor: 'fast',
      cause: 'table',
      fromPercent: 10,
      toPercent: 2,
    });
  });

  it('goes on after a restart where it was: step, time and deliveries', async () => {
    const routing = table(100, { ramp: { ...ramp, steps: [10, 50, 100] } });
    const first = await trial(routing);
    await first.untilChange();
    for (let index = 0; index < 100; index += 1) await first.trade();
    const before = first.broker.metrics().rollout.ramp?.state;
    await first.broker.close();
    const second = await trial(routing, first);
    const after = second.broker.metrics().rollout.ramp?.state;
    expect(before).toMatchObject({ percent: 50 });
    if (before?.is !== 'running' || after?.is !== 'running')
      throw new Error('the ramp does not run');
    expect([after.percent, after.since]).toEqual([50, before.since]);
    expect(after.samples).toBe(Math.floor(before.samples / 20) * 20);
    expect(after.samples).toBeGreaterThanOrEqual(40);
    expect(await second.untilChange(150)).toMatchObject({ cause: 'advanced', toPercent: 100 });
    expect(await journaled()).toHaveLength(3);
  });

  it('a table that rolls back by hand, with force, needs no evidence', async () => {
    const { tables, edit } = editable(table(100, { ramp: { ...ramp, steps: [50, 100] } }));
    const run = await trial(tables);
    await edit(table(100, { ramp: { ...ramp, steps: [50, 100] }, force: 'fallback' }));
    for (let index = 0; index < 20; index += 1) expect(await run.trade()).toBe('fallback');
  });
});

describe('hard evidence', () => {
  it('goes to zero at once, latched over restarts, for later operations and takeover too, until a person releases it', async () => {
    const run = await trial(table(100, { ramp: { ...ramp, steps: [100] } }));
    const placed = await run.broker.placeMarketOrder(market);
    expect(placed).toMatchObject({ executor: 'fast' });
    run.made?.holdAgainst('fast', { of: 'second-request', clientOrderId: 'x' });
    expect(run.changes).toMatchObject([
      {
        cause: 'evidence',
        fromPercent: 100,
        toPercent: 0,
        latch: expect.stringMatching(/^fast@2026-/),
        evidence: { of: 'second-request' },
      },
    ]);
    const latch = run.changes[0]?.latch ?? '';
    expect(await run.trade()).toBe('fallback');
    if (placed.kind !== 'accepted') throw new Error(placed.message);
    expect(await run.broker.cancelOrder({ orderId: placed.orderId })).toMatchObject({
      executor: 'fallback',
    });
    run.made?.holdAgainst('fast', { of: 'second-request', clientOrderId: 'y' });
    expect(run.changes).toHaveLength(1);
    await run.broker.close();

    const { tables, edit } = editable(table(100, { ramp: { ...ramp, steps: [25, 100] } }));
    const again = await trial(tables, run);
    expect(again.broker.metrics().rollout).toMatchObject({
      weights: { fast: 0, fallback: 100 },
      latches: [{ id: latch, hard: true }],
    });
    for (let index = 0; index < 20; index += 1) expect(await again.trade()).toBe('fallback');
    await edit(table(100, { ramp: { ...ramp, steps: [25, 100] }, released: [latch] }));
    expect(again.changes).toMatchObject([
      { cause: 'released', fromPercent: 0, toPercent: 25, latch },
    ]);
    expect(again.broker.metrics().rollout).toMatchObject({ weights: { fast: 25 }, latches: [] });
    await again.broker.close();

    const third = await trial(table(100, { ramp: { ...ramp, steps: [25, 100] } }), again);
    expect(third.broker.metrics().rollout).toMatchObject({ weights: { fast: 25 }, latches: [] });
  });

  it('stands above rules', async () => {
    const run = await trial(
      table(0, { rules: [{ match: { symbol: 'MNQ' }, weights: { fast: 100 } }] }),
    );
    expect(await run.trade()).toBe('fast');
    run.made?.holdAgainst('fast', {
      of: 'shadow-difference',
      operation: 'place',
      difference: 'the body',
    });
    expect(await run.trade()).toBe('fallback');
  });

  it('a ramp that waits for a person at zero tells the latch to release', async () => {
    const waiting = { ...ramp, steps: [50], reenterAfter: 'never' } as const;
    const { tables, edit } = editable(table(100, { ramp: waiting }));
    const run = await trial(tables);
    run.lost = 0.5;
    const change = await run.untilChange();
    expect(change).toMatchObject({ toPercent: 0, latch: expect.stringMatching(/^fast@/) });
    run.lost = 0;
    await edit(table(100, { ramp: waiting, released: [change?.latch ?? ''] }));
    expect(run.changes.at(-1)).toMatchObject({ cause: 'released', toPercent: 50 });
  });

  it('failures before the first byte count against who failed, not against who took over', async () => {
    let failures = 0;
    const other = new RolloutTrial();
    trials.push(other);
    other.made = await scriptedBroker({
      clock: other.clock,
      routing: table(100, { ramp: { ...ramp, steps: [10] } }),
      fast: () => ((failures += 1) % 2 === 0 ? other.answer(1) : notWritten('REFUSED')),
      fallback: () => other.answer(1),
    });
    other.made.broker.on('rollout.changed', (change) => other.changes.push(change));
    expect(other.hearStart()).toMatchObject([{ cause: 'begun' }]);
    expect(await other.untilChange()).toMatchObject({
      cause: 'guard',
      fromPercent: 10,
      toPercent: 0,
      evidence: { guard: 'failure' },
    });
  });
});

describe('what deliveries claimed, held against the venue', () => {
  const inUse = answered({ is: 'client-order-id-in-use', message: 'In use.' });
  const heard = (made: ScriptedBroker): RolloutChanged<Key>[] => {
    const changes: RolloutChanged<Key>[] = [];
    made.broker.on('rollout.changed', (change) => changes.push(change));
    return changes;
  };
  const found = { is: 'found', order: testOrder({ status: 'working' }) } as const;

  it('"in use" for an id minted for the call, on its only request: that request was sent twice', async () => {
    const made = await scriptedBroker({ fast: () => inUse, adapter: { find: () => found } });
    const changes = heard(made);
    await made.broker.placeMarketOrder(market);
    expect(changes).toMatchObject([
      { executor: 'fast', cause: 'evidence', evidence: { of: 'second-request' } },
    ]);
    await made.broker.close();
  });

  it('"in use" after a takeover: the first executor had written after all', async () => {
    const made = await scriptedBroker({
      fast: () => notWritten('RESET'),
      fallback: () => inUse,
      adapter: { find: () => found },
    });
    const changes = heard(made);
    await made.broker.placeMarketOrder(market);
    expect(changes).toMatchObject([
      { executor: 'fast', cause: 'evidence', evidence: { of: 'unwritten-order' } },
    ]);
    await made.broker.close();
  });

  it("an author's own id proves nothing: another process may have used it", async () => {
    const made = await scriptedBroker({
      fast: () => inUse,
      fallback: () => inUse,
      adapter: { find: () => found },
    });
    const changes = heard(made);
    await made.broker.placeMarketOrder({ ...market, clientOrderId: 'mine' });
    expect(changes).toEqual([]);
    await made.broker.close();
  });

  it('an order at the venue of which nothing was written', async () => {
    const made = await scriptedBroker({
      fast: () => notWritten('REFUSED'),
      fallback: () => notWritten('REFUSED'),
    });
    const changes = heard(made);
    const outcome = await made.broker.placeMarketOrder(market);
    expect(outcome).toMatchObject({ kind: 'not-sent', code: 'UNREACHABLE', deliveries: 2 });
    made.adapter.context?.evidence({
      of: 'order',
      order: testOrder({
        orderId: '3400000009' as OrderId,
        clientOrderId: outcome.clientOrderId,
        parentOrderId: testOrder().orderId,
      }),
    });
    expect(changes).toEqual([]);
    made.adapter.context?.evidence({
      of: 'order',
      order: testOrder({ clientOrderId: outcome.clientOrderId }),
    });
    expect(changes).toMatchObject([
      { executor: 'fast', evidence: { of: 'unwritten-order' } },
      { executor: 'fallback', evidence: { of: 'unwritten-order' } },
    ]);
    await made.broker.close();
  });

  it('but not one that a takeover delivered', async () => {
    const made = await scriptedBroker({
      fast: () => notWritten('REFUSED'),
      fallback: () => answered({ is: 'accepted', orderId: '3400000001' }),
    });
    const changes = heard(made);
    const outcome = await made.broker.placeMarketOrder(market);
    made.adapter.context?.evidence({
      of: 'order',
      order: testOrder({ clientOrderId: outcome.clientOrderId }),
    });
    expect([outcome.kind, changes]).toEqual(['accepted', []]);
    await made.broker.close();
  });
});
