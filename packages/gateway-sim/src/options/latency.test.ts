import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Gateway, GatewayOptions, ManualGatewayClock } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import { seededRandom } from '../seeded-random.ts';
import type { Fields, GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';
import { hubTap } from '../testing/hub-tap.ts';
import { latencyOf } from './latency.ts';

const csv = 'price\n24000\n24010\n';
interface Venue {
  readonly gateway: Gateway;
  readonly clock: ManualGatewayClock;
  readonly client: GatewayClient;
  [Symbol.asyncDispose](): Promise<void>;
}
async function open(options: GatewayOptions): Promise<Venue> {
  const clock = manualGatewayClock();
  const gateway = await startGateway({
    clock,
    priceStepMs: 0,
    replay: { MNQ: { kind: 'ticks', csv } },
    accounts: [{ id: 700_001, name: 'PRAC-V2-1', bracketMode: 'auto-oco' }],
    ...options,
  });
  return {
    gateway,
    clock,
    client: await gatewayClient(gateway),
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}
const close = ({ client }: Venue): Promise<Fields> =>
  client.post('Position/closeContract', { accountId: 700_001, contractId: client.contractId });
const statuses = ({ gateway }: Venue): number[] =>
  gateway.truth().orders.map(({ status }) => status);

describe('a latency', () => {
  it('drawn from percentiles meets them', () => {
    const draw = latencyOf(
      [
        [0, 6],
        [50, 7],
        [99, 20],
        [100, 22],
      ],
      seededRandom(1, 'test'),
    );
    const drawn = Array.from({ length: 20_000 }, draw).toSorted((a, b) => a - b);
    expect(
      [drawn[0], drawn[10_000], drawn[19_800], drawn.at(-1)].map((value) => Math.round(value ?? 0)),
    ).toEqual([6, 7, 20, 22]);
  });

  it('below the first percentile and above the last is theirs', () => {
    expect(latencyOf([[50, 3]], () => 0.1)()).toBe(3);
    expect(
      latencyOf(
        [
          [10, 3],
          [50, 9],
        ],
        () => 0.9,
      )(),
    ).toBe(9);
    expect([latencyOf(undefined, () => 0)(), latencyOf(12, () => 0)()]).toEqual([0, 12]);
  });

  it.each([
    [{ latency: { fillMs: -1 } }, 'latency.fillMs: Too small'],
    [{ latency: { fillMs: 2 ** 31 } }, 'latency.fillMs: Too big'],
    [{ latency: { answerMs: [] } }, 'latency.answerMs: Too small'],
    [
      {
        latency: {
          eventMs: [
            [50, 2],
            [50, 3],
          ],
        },
      },
      'latency.eventMs: has the percent 50, must be above the one before it, 50',
    ],
    [
      {
        latency: {
          eventMs: [
            [50, 2],
            [60, 1],
          ],
        },
      },
      'latency.eventMs: has 1 ms at 60 %, must be at least the 2 ms before it',
    ],
    [{ latency: { arriveMs: 1 } }, 'latency.arriveMs: is no option'],
    [{ events: { lostPositions: 2 } }, 'events.lostPositions: Too big'],
    [{ differences: ['nothing'] }, 'differences.0: Invalid option'],
  ])('and its like that make no sense are refused by name: %j', async (options, text) => {
    await expect(startGateway(options as unknown as GatewayOptions)).rejects.toThrow(text);
  });
});

describe('an order that takes time to trade', () => {
  it('is pending meanwhile, trades at the price that there is then, and keeps the time of its creation', async () => {
    await using venue = await open({ latency: { fillMs: 7 } });
    const { gateway, clock, client } = venue;
    await using tap = await hubTap(gateway, client.token, 'user');
    expect(await client.place({})).toMatchObject({ success: true });
    await tap.settled();
    expect([statuses(venue), tap.told()]).toEqual([[6], ['order 6']]);
    gateway.stepPrices();
    clock.advance(6);
    expect(statuses(venue)).toEqual([6]);
    clock.advance(1);
    await tap.settled();
    expect(tap.told()).toEqual([
      'order 6',
      'trade at 24010.25, result none',
      'order 2',
      'position 1',
      'account',
    ]);
    const [row] = await client.rows('Order/search', 'orders', { startTimestamp: '2020-01-01' });
    expect([
      row?.['updateTimestamp'],
      (await client.rows('Trade/search', 'trades'))[0]?.['creationTimestamp'],
    ]).toEqual(['2026-09-21T14:00:00+00:00', '2026-09-21T14:00:00.007543+00:00']);
  });

  it('can be cancelled until then, and fills while a cancel is on its way', async () => {
    await using venue = await open({ latency: { fillMs: 10, cancelMs: 5 } });
    const { clock, client } = venue;
    const cancel = (orderId: unknown): Promise<Fields> =>
      client.post('Order/cancel', { accountId: 700_001, orderId });
    const { orderId: first } = await client.place({});
    expect(await cancel(first)).toEqual({ success: true, errorCode: 0, errorMessage: null });
    // It is being processed: another one is told so, and so is a modify.
    expect(await cancel(first)).toEqual({ success: false, errorCode: 4, errorMessage: null });
    expect(
      await client.post('Order/modify', { accountId: 700_001, orderId: first, size: 2 }),
    ).toMatchObject({ errorCode: 4 });
    clock.advance(5);
    expect(statuses(venue)).toEqual([3]);
    clock.advance(60);
    expect(statuses(venue)).toEqual([3]);
    const { orderId: second } = await client.place({});
    clock.advance(8);
    expect(await cancel(second)).toMatchObject({ success: true });
    clock.advance(10);
    expect(statuses(venue)).toEqual([3, 2]);
  });

  it('is not filled earlier by a price step, and a limit order that is reached at once waits as well', async () => {
    await using venue = await open({ latency: { fillMs: 7 } });
    const { gateway, clock, client } = venue;
    await client.place({ type: 1, limitPrice: 24500 });
    await client.place({ type: 1, limitPrice: 23000 });
    expect(statuses(venue)).toEqual([1, 1]);
    gateway.stepPrices();
    expect(statuses(venue)).toEqual([1, 1]);
    clock.advance(7);
    expect(statuses(venue)).toEqual([2, 1]);
    expect(gateway.truth().orders[0]?.filledPrice).toBe(24010.25);
  });

  it('lets a second close behind the first turn the position round', async () => {
    await using venue = await open({ latency: { closeFillMs: 3 } });
    await venue.client.place({ size: 2 });
    expect(await close(venue)).toMatchObject({ success: true });
    expect(await close(venue)).toMatchObject({ success: true });
    venue.clock.advance(3);
    expect(venue.gateway.truth().positions).toEqual([
      expect.objectContaining({ type: 2, size: 2 }),
    ]);
  });

  it('has a second close refused by option, until the first has filled', async () => {
    await using venue = await open({
      latency: { closeFillMs: 3 },
      unknowns: { secondClose: 'refused' },
    });
    await venue.client.place({ size: 2 });
    expect(await close(venue)).toMatchObject({ success: true });
    expect(await close(venue)).toEqual({ success: false, errorCode: 2, errorMessage: null });
    venue.clock.advance(3);
    expect(venue.gateway.truth().positions).toEqual([]);
    await venue.client.place({ size: 1 });
    expect(await close(venue)).toMatchObject({ success: true });
  });

  it('that was on its way when the process was killed trades after the restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-latency-'));
    try {
      {
        await using first = await open({
          latency: { fillMs: 1000 },
          stateFile: join(folder, 'state'),
        });
        await first.client.place({ customTag: 'late' });
        expect(statuses(first)).toEqual([6]);
      }
      await using second = await open({ stateFile: join(folder, 'state') });
      expect(statuses(second)).toEqual([2]);
      expect(second.gateway.truth().fills).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is told nobody after a reset', async () => {
    await using venue = await open({ latency: { fillMs: 7 } });
    const { gateway, clock, client } = venue;
    await using tap = await hubTap(gateway, client.token, 'user');
    await client.place({});
    gateway.reset();
    clock.advance(1000);
    await tap.settled();
    expect([tap.told(), gateway.truth().orders]).toEqual([['order 6'], []]);
  });
});

describe('requests and answers that take time', () => {
  /** Moves the clock on, a millisecond at a time, until the request is answered; gives how long that took. */
  async function until<Value>(
    clock: ManualGatewayClock,
    asked: Promise<Value>,
  ): Promise<[Value, number]> {
    const begun = clock.now();
    const answers: Value[] = [];
    void asked.then((value) => answers.push(value));
    for (;;) {
      // What is on the wire arrives first.
      for (let turn = 0; turn < 20; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      const [answer] = answers;
      if (answer !== undefined) return [answer, clock.now() - begun];
      clock.advance(1);
    }
  }

  it('are carried out, and answered, when their time has come', async () => {
    const clock = manualGatewayClock();
    await using gateway = await startGateway({
      clock,
      priceStepMs: 0,
      latency: { requestMs: 400, answerMs: 600 },
    });
    const [client] = await until(clock, gatewayClient(gateway));
    const begun = clock.now();
    const placing = client.place({ customTag: 'slow' });
    const [answer, took] = await until(clock, placing);
    expect(answer).toMatchObject({ success: true });
    // The clock goes on while the request is on its way to the gateway, too.
    expect(took).toBeGreaterThanOrEqual(1000);
    const at = gateway.truth().orders[0]?.states[0]?.at ?? 0;
    expect(at - begun).toBeGreaterThanOrEqual(400);
    expect(at - begun).toBeLessThan(took - 590);
  });

  it('draw the same times for the same seed', async () => {
    const fills = async (seed: number): Promise<number[]> => {
      await using venue = await open({
        seed,
        latency: {
          fillMs: [
            [0, 6],
            [50, 7],
            [100, 22],
          ],
        },
      });
      for (let count = 0; count < 20; count += 1) {
        await venue.client.place({ customTag: `t${count}` });
        for (let wait = 0; wait < 30; wait += 1) venue.clock.advance(1);
      }
      return venue.gateway
        .truth()
        .orders.map(({ states }) => (states.at(-1)?.at ?? 0) - (states[0]?.at ?? 0));
    };
    const first = await fills(1);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(6);
    expect(Math.max(...first)).toBeLessThanOrEqual(22);
    expect(await fills(1)).toEqual(first);
    expect(await fills(2)).not.toEqual(first);
  });
});
