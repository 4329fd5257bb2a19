// @runs-what-is-built
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions, StoryLine } from '@hotpath/core';
import { createBroker, fileJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type Key = 'fast' | 'fallback';
type DeliveryLine = Extract<StoryLine, { readonly kind: 'delivery' }>;

const limit = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 10_000 } as const;
const both = { version: 1, salt: 'x', default: { fast: 50, fallback: 50 } } as const;
let gateway: Gateway;
let folder: string;
let path: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'explain-'));
  path = join(folder, 'orders.journal');
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
});
afterEach(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
});

async function withBroker<Result>(
  use: (broker: Broker<Key>) => Promise<Result>,
  options: Partial<BrokerOptions<Key>> = {},
): Promise<Result> {
  const broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
      rateLimit: 'off',
    }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: both,
    journal: fileJournal(path),
    ...options,
  });
  await broker.whenRecovered();
  try {
    return await use(broker);
  } finally {
    await broker.close();
  }
}

async function linesOf(broker: Broker, clientOrderId: string): Promise<readonly StoryLine[]> {
  return (await broker.explain(clientOrderId)).lines.filter(
    ({ kind }) => kind === 'delivery' || kind === 'outcome',
  );
}
const deliveries = (lines: readonly StoryLine[]): readonly DeliveryLine[] =>
  lines.filter((line) => line.kind === 'delivery');

/** What survives a restart of a delivery: how long it took and how many bytes left does not. */
const remembered = ({
  operation,
  executor,
  decision,
  because,
  meant,
  sentAt,
}: DeliveryLine): object => ({ operation, executor, decision, because, meant, sentAt });

describe('asked after a restart which way an order went and why', () => {
  it('tells the delivery, its executor and the decision of place, modify and cancel, as before', async () => {
    const before = await withBroker(async (broker) => {
      const placed = await broker.placeLimitOrder({ ...limit, clientOrderId: 'entry' });
      if (placed.kind !== 'accepted') throw new Error(placed.message);
      await broker.modifyOrder({ clientOrderId: 'entry', limitPrice: 10_000.25 });
      await broker.cancelOrder({ orderId: placed.orderId });
      return linesOf(broker, 'entry');
    });
    const after = await withBroker((broker) => linesOf(broker, 'entry'));
    expect(before.map(({ kind }) => kind)).toEqual([
      'delivery',
      'outcome',
      'delivery',
      'outcome',
      'delivery',
      'outcome',
    ]);
    expect(deliveries(after).map(remembered)).toEqual(deliveries(before).map(remembered));
    expect(deliveries(after)[0]?.decision).toMatchObject({
      executor: expect.stringMatching(/^fast$|^fallback$/),
      bucket: expect.any(Number),
      rule: 'default',
    });
    expect(after.filter(({ kind }) => kind === 'outcome')).toEqual(
      before.filter(({ kind }) => kind === 'outcome'),
    );
    expect(after.map(({ kind }) => kind)).toEqual(before.map(({ kind }) => kind));
  });

  it('tells of a close and of a reduce by the id that their outcomes bear', async () => {
    const [closed, reduced] = await withBroker(async (broker) => {
      await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 3 });
      const reduce = await broker.reducePosition({ symbol: 'MNQ', quantity: 1 });
      const close = await broker.closePosition({ symbol: 'MNQ' });
      expect([reduce.kind, close.kind]).toEqual(['accepted', 'accepted']);
      return [close.clientOrderId ?? '', reduce.clientOrderId ?? ''];
    });
    await withBroker(async (broker) => {
      for (const [id, operation] of [
        [closed, 'close'],
        [reduced, 'reduce'],
      ] as const) {
        expect(await linesOf(broker, id)).toMatchObject([
          {
            kind: 'delivery',
            operation,
            executor: expect.any(String),
            decision: { rule: 'default' },
            meant: 'accepted',
          },
          { kind: 'outcome', operation, outcome: 'accepted' },
        ]);
      }
    });
    expect(gateway.truth().orders.map(({ customTag }) => customTag)).not.toContain(closed);
  });

  it('tells that the table turned its executor off, and of a takeover, from the journal alone', async () => {
    await withBroker((broker) => broker.placeLimitOrder({ ...limit, clientOrderId: 'off' }), {
      routing: { version: 1, salt: 'x', default: { fast: 100, fallback: 0 }, off: ['fast'] },
    });
    await withBroker(async (broker) => {
      expect(await linesOf(broker, 'off')).toMatchObject([
        {
          executor: 'fallback',
          because: 'fast is turned off by the routing table',
          decision: { executor: 'fast', passedBy: [{ executor: 'fast', why: 'off' }] },
        },
        { kind: 'outcome' },
      ]);
    });
  });

  it('tells of an order that a ramp kept from its executor', async () => {
    const routing = {
      version: 1,
      salt: 'x',
      default: { fast: 100, fallback: 0 },
      ramp: { executor: 'fast', steps: [1, 100], minDwell: '1h' },
    } as const;
    await withBroker((broker) => broker.placeLimitOrder({ ...limit, clientOrderId: 'held' }), {
      routing,
    });
    await withBroker(async (broker) => {
      expect(deliveries(await linesOf(broker, 'held'))).toMatchObject([
        {
          executor: 'fallback',
          because: "the ramp holds fast at 1 % of the table's 100 %",
          decision: {
            executor: 'fallback',
            cut: {
              executor: 'fast',
              from: 'fast',
              tablePercent: 100,
              inForcePercent: 1,
              by: 'ramp',
            },
          },
        },
      ]);
    });
  });

  it('tells what the venue said of an order that it refused', async () => {
    gateway.faults.add({
      endpoint: 'Order/place',
      fault: { kind: 'answer', errorCode: 3, errorMessage: 'Not enough margin for this.' },
    });
    const said = await withBroker(async (broker) => {
      const outcome = await broker.placeLimitOrder({ ...limit, clientOrderId: 'refused' });
      if (outcome.kind !== 'rejected') throw new Error(`it was ${outcome.kind}`);
      expect(outcome.message).toContain('Not enough margin for this.');
      return outcome.message;
    });
    await withBroker(async (broker) => {
      expect(await linesOf(broker, 'refused')).toMatchObject([
        { kind: 'delivery', meant: expect.any(String) },
        { kind: 'outcome', outcome: 'rejected', message: said },
      ]);
    });
  });

  it('tells it after the journal has been rotated', async () => {
    await withBroker(async (broker) => {
      await broker.placeLimitOrder({ ...limit, clientOrderId: 'entry' });
      await broker.modifyOrder({ clientOrderId: 'entry', limitPrice: 10_000.25 });
    });
    const whole = readFileSync(path, 'utf8');
    await withBroker(
      async (broker) => {
        expect(readFileSync(`${path}.old`, 'utf8').startsWith(whole)).toBe(true);
        expect(deliveries(await linesOf(broker, 'entry'))).toMatchObject([
          { operation: 'place', decision: { rule: 'default' } },
          { operation: 'modify', decision: { rule: 'placed-by' } },
        ]);
      },
      { journal: fileJournal(path, { rotateAtBytes: 1 }) },
    );
  });

  it('tells of an order that a journal from before decisions were kept has, without one', async () => {
    const { orderId } = await withBroker(async (broker) => {
      const outcome = await broker.placeLimitOrder({ ...limit, clientOrderId: 'entry' });
      if (outcome.kind !== 'accepted') throw new Error(outcome.message);
      return outcome;
    });
    const { prefix, scope } = JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '') as {
      readonly prefix: string;
      readonly scope: string;
    };
    const at = Date.now() - 1_000;
    const old = [
      { kind: 'journal', version: 1, prefix, scope },
      {
        kind: 'intent',
        at,
        operation: 'place',
        clientOrderId: 'earlier',
        executor: 'fast',
        content: {
          contractId: 'CON.F.US.MNQ.Z26',
          type: 'limit',
          symbol: 'MNQ',
          side: 'buy',
          quantity: 1,
          limitPrice: 10_000,
        },
      },
      {
        kind: 'attempt',
        at: at + 1,
        operation: 'place',
        clientOrderId: 'earlier',
        executor: 'fallback',
        because: 'takeover from fast: REFUSED',
      },
      {
        kind: 'outcome',
        at: at + 2,
        operation: 'place',
        clientOrderId: 'earlier',
        orderId,
        outcome: 'accepted',
      },
    ];
    writeFileSync(path, old.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await withBroker(async (broker) => {
      expect(await linesOf(broker, 'earlier')).toMatchObject([
        {
          kind: 'delivery',
          executor: 'fast',
          decision: undefined,
          because: '',
          meant: 'not-known',
        },
        {
          kind: 'delivery',
          executor: 'fallback',
          decision: undefined,
          because: 'takeover from fast: REFUSED',
          meant: 'accepted',
        },
        { kind: 'outcome', outcome: 'accepted', orderId },
      ]);
    });
  });

  describe('of a bot that was killed', () => {
    it.each(['fast', 'fallback'] as const)(
      'tells the way of an order that was under way through %s, and later its end',
      async (first) => {
        gateway.faults.add({
          endpoint: 'Order/place',
          nth: 1,
          fault: { kind: 'stall', at: 'after-accepting' },
        });
        const bot = spawn(
          process.execPath,
          [fileURLToPath(new URL('crash-bot.mjs', import.meta.url)), gateway.url, path, first],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        const [said] = (await once(bot.stdout.setEncoding('utf8'), 'data')) as [string];
        await expect
          .poll(() => Object.values(gateway.faults.counts()).map(({ struck }) => struck), {
            timeout: 10_000,
          })
          .toEqual([1]);
        bot.kill('SIGKILL');
        await once(bot, 'exit');
        await withBroker(async (broker) => {
          const lines = await linesOf(broker, said.trim());
          expect(lines[0]).toMatchObject({
            kind: 'delivery',
            operation: 'place',
            executor: first,
            decision: { executor: first, rule: 'default', bucket: expect.any(Number) },
            because: '',
          });
          await expect
            .poll(async () => (await linesOf(broker, said.trim())).at(-1), { timeout: 20_000 })
            .toMatchObject({ kind: 'outcome', outcome: 'accepted' });
        });
      },
    );
  });
});
