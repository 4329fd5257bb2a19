import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway, GatewayOptions, ManualGatewayClock } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { Fields, GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';
import type { HubTap } from '../testing/hub-tap.ts';
import { hubTap } from '../testing/hub-tap.ts';

// What the user hub tells a stock client, in the order and with the bytes that were recorded from the live gateway.
let clock: ManualGatewayClock;
let gateway: Gateway;
let client: GatewayClient;
let tap: HubTap;
const accounts = [{ id: 700_001, name: 'PRAC-V2-1', bracketMode: 'auto-oco' as const }];
/** The price stands at 24000 / 24000.25, then at 24010, then at 23980. */
const csv = 'price\n24000\n24010\n23980\n';

async function open(options: GatewayOptions = {}): Promise<void> {
  clock = manualGatewayClock();
  gateway = await startGateway({
    clock,
    accounts,
    priceStepMs: 0,
    replay: { MNQ: { kind: 'ticks', csv } },
    rateLimit: { everythingElse: 'off' },
    ...options,
  });
  client = await gatewayClient(gateway);
  tap = await hubTap(gateway, client.token, 'user');
}
async function reopen(options: GatewayOptions): Promise<void> {
  await shut();
  await open(options);
}
async function shut(): Promise<void> {
  await tap[Symbol.asyncDispose]();
  await gateway.close();
}
/** What was told since the last look. */
async function told(): Promise<string[]> {
  await tap.settled();
  const all = tap.told();
  tap.records.length = 0;
  return all;
}
const close = (): Promise<Fields> =>
  client.post('Position/closeContract', { accountId: 700_001, contractId: client.contractId });
const brackets = {
  stopLossBracket: { ticks: -40, type: 4 },
  takeProfitBracket: { ticks: 40, type: 1 },
};

beforeEach(() => open());
afterEach(shut);

describe('a market order', () => {
  it('comes as 6, trade, 2, position, account, and the account once more', async () => {
    await client.place({});
    expect(await told()).toEqual([
      'order 6',
      'trade at 24000.25, result none',
      'order 2',
      'position 1',
      'account',
    ]);
    clock.advance(20);
    expect(await told()).toEqual(['account']);
    clock.advance(10_000);
    expect(await told()).toEqual([]);
  });

  it('is told in these bytes', async () => {
    clock.advance(123);
    await client.place({ customTag: 'seen' });
    await tap.settled();
    const id = 'CON.F.US.MNQ.Z26';
    // The gateway's clock is finer than a millisecond; decimals that are zero are left out.
    const time = '2026-09-21T14:00:00.1234037+00:00';
    const order = (status: number, more: object) => ({
      id: 3_400_000_001,
      accountId: 700_001,
      contractId: id,
      symbolId: 'F.US.MNQ',
      creationTimestamp: time,
      updateTimestamp: time,
      status,
      type: 2,
      side: 0,
      size: 1,
      ...more,
    });
    expect(tap.records).toEqual(
      [
        {
          target: 'GatewayUserOrder',
          arguments: [{ action: 1, data: order(6, { fillVolume: 0, customTag: 'seen' }) }],
        },
        {
          target: 'GatewayUserTrade',
          arguments: [
            {
              action: 0,
              data: {
                id: 3_000_000_001,
                accountId: 700_001,
                contractId: id,
                creationTimestamp: time,
                price: 24000.25,
                fees: 0.36,
                commissions: 0.25,
                side: 0,
                size: 1,
                voided: false,
                orderId: 3_400_000_001,
              },
            },
          ],
        },
        {
          target: 'GatewayUserOrder',
          arguments: [
            {
              action: 1,
              data: order(2, { fillVolume: 1, filledPrice: 24000.25, customTag: 'seen' }),
            },
          ],
        },
        {
          target: 'GatewayUserPosition',
          arguments: [
            {
              action: 1,
              data: {
                id: 820_000_001,
                accountId: 700_001,
                contractId: id,
                contractDisplayName: 'MNQZ26',
                creationTimestamp: time,
                type: 1,
                size: 1,
                averagePrice: 24000.25,
              },
            },
          ],
        },
        {
          target: 'GatewayUserAccount',
          arguments: [
            {
              action: 1,
              data: {
                id: 700_001,
                name: 'PRAC-V2-1',
                balance: 49999.39,
                canTrade: true,
                isVisible: true,
                simulated: true,
              },
            },
          ],
        },
      ].map((event) => JSON.stringify({ type: 1, ...event })),
    );
  });

  it('that is refused comes as 6 and 5, the latter with action 2, and without its reason', async () => {
    await reopen({ accounts: [{ id: 700_001, name: 'PRAC-V2-1' }] });
    await client.place({ ...brackets, customTag: 'no' });
    await tap.settled();
    expect(tap.told()).toEqual(['order 6', 'order 5']);
    expect(tap.records[1]).toMatch(
      /^\{"type":1,"target":"GatewayUserOrder","arguments":\[\{"action":2,"data":\{"id":3400000001,/,
    );
    expect(tap.records.join('')).not.toContain('Brackets cannot');
  });
});

describe('a close', () => {
  it('repeats the trade that opened the position, with an empty result', async () => {
    await client.place({});
    gateway.stepPrices();
    await told();
    await close();
    await tap.settled();
    expect(tap.told()).toEqual([
      'order 6',
      'trade at 24010, result 19.5',
      'trade at 24000.25, result none',
      'order 2',
      'position 0',
      'account',
    ]);
    const [, closing, repeated] = tap.records;
    expect(closing).toMatch(/"id":3000000002,.*"profitAndLoss":19.5,/);
    expect(repeated).toMatch(/"id":3000000001,.*"price":24000.25,"fees"/);
    // The position ends with action 2, neither long nor short, and its last average.
    expect(tap.records[4]).toMatch(/\{"action":2,.*"type":0,"size":0,"averagePrice":24000.25\}/);
    // Nothing happened twice: the record has each half-turn once, and so has REST.
    expect(await client.rows('Trade/search', 'trades')).toHaveLength(2);
    expect(gateway.truth().fills).toHaveLength(2);
  });

  it('in part repeats what it closes of it, the oldest first', async () => {
    await client.place({ size: 2 });
    gateway.stepPrices();
    await client.place({ size: 1 });
    await told();
    const { contractId } = client;
    await client.post('Position/partialCloseContract', { accountId: 700_001, contractId, size: 1 });
    expect((await told()).slice(1, 3)).toEqual([
      'trade at 24010, result 12.8333',
      'trade at 24000.25, result none',
    ]);
    await client.post('Position/partialCloseContract', { accountId: 700_001, contractId, size: 2 });
    expect((await told()).slice(1, 4)).toEqual([
      'trade at 24010, result 25.6667',
      'trade at 24000.25, result none',
      'trade at 24010.25, result none',
    ]);
  });

  it('that turns the position round closes and opens', async () => {
    await client.place({});
    await told();
    await client.place({ side: 1, size: 3 });
    expect(await told()).toEqual([
      'order 6',
      'trade at 24000, result -0.5',
      'trade at 24000.25, result none',
      'trade at 24000, result none',
      'order 2',
      'position 0',
      'position 2',
      'account',
    ]);
  });

  it('repeats the trade under an id of its own by option, which REST does not have', async () => {
    await reopen({ unknowns: { repeatedTradeId: 'new' } });
    await client.place({});
    await told();
    await close();
    await tap.settled();
    const ids = tap.records
      .filter((record) => record.includes('GatewayUserTrade'))
      .map((record) => /"id":(\d+)/.exec(record)?.[1]);
    expect(new Set([...ids, '3000000001']).size).toBe(3);
    expect(await client.rows('Trade/search', 'trades')).toHaveLength(2);
  });

  it('shows its order as pending first, or not by option', async () => {
    await reopen({ unknowns: { pendingCloses: 'hidden' } });
    await client.place({});
    expect((await told())[0]).toBe('order 6');
    await close();
    expect(await told()).toEqual([
      'trade at 24000, result -0.5',
      'trade at 24000.25, result none',
      'order 2',
      'position 0',
      'account',
    ]);
  });
});

describe('an order that rests', () => {
  it('is told as 1 only, never as 6', async () => {
    await client.place({ type: 1, limitPrice: 23000 });
    expect(await told()).toEqual(['order 1']);
    await client.place({ type: 4, stopPrice: 25000 });
    expect(await told()).toEqual(['order 1']);
    await client.place({ type: 1, limitPrice: 23000.1 });
    expect(await told()).toEqual(['order 5']);
  });

  it('fills as 2, trade, position, account when it is a limit order', async () => {
    await client.place({ type: 1, side: 1, limitPrice: 24005 });
    await told();
    gateway.stepPrices();
    expect(await told()).toEqual([
      'order 2',
      'trade at 24010, result none',
      'position 1',
      'account',
    ]);
  });

  it('fills as trade, 2, position, account when it is a stop', async () => {
    await client.place({ type: 4, side: 0, stopPrice: 24005 });
    await told();
    gateway.stepPrices();
    expect(await told()).toEqual([
      'trade at 24010.25, result none',
      'order 2',
      'position 1',
      'account',
    ]);
  });

  it('keeps the time at which it began to work as that of its last change when it fills', async () => {
    await client.place({ ...brackets, customTag: 'e' });
    clock.advance(30);
    const [stop, target] = await client.rows('Order/searchOpen', 'orders');
    expect([
      stop?.['creationTimestamp'],
      stop?.['updateTimestamp'],
      target?.['updateTimestamp'],
    ]).toEqual([
      '2026-09-21T14:00:00+00:00',
      '2026-09-21T14:00:00.025797+00:00',
      '2026-09-21T14:00:00.025797+00:00',
    ]);
    await told();
    clock.advance(60_000);
    gateway.stepPrices();
    gateway.stepPrices();
    await tap.settled();
    expect(tap.told()).toEqual([
      'trade at 23980, result -40.5',
      'trade at 24000.25, result none',
      'order 2',
      'position 0',
      'account',
      'order 3',
    ]);
    const rows = await client.rows('Order/search', 'orders', {
      startTimestamp: '2020-01-01T00:00:00Z',
    });
    const times = Object.fromEntries(
      rows.map((row) => [row['customTag'], [row['status'], row['updateTimestamp']]]),
    );
    expect(times).toEqual({
      // A market order's is that of its creation; the fill's own time is in its trade.
      e: [2, '2026-09-21T14:00:00+00:00'],
      'e-SL': [2, '2026-09-21T14:00:00.025797+00:00'],
      // What was cancelled tells when.
      'e-TP': [3, '2026-09-21T14:01:00.03+00:00'],
    });
    expect((await client.rows('Trade/search', 'trades'))[0]?.['creationTimestamp']).toBe(
      '2026-09-21T14:01:00.03+00:00',
    );
  });

  it('keeps that time when it is modified, and moves it by option', async () => {
    for (const modifyMovesTime of [false, true]) {
      await reopen({ unknowns: { modifyMovesTime } });
      const { orderId } = await client.place({ type: 1, limitPrice: 23000 });
      clock.advance(1000);
      await client.post('Order/modify', { accountId: 700_001, orderId, limitPrice: 23001 });
      await tap.settled();
      expect(tap.told()).toEqual(['order 1', 'order 1']);
      expect(tap.records[1]).toContain(
        `"updateTimestamp":"2026-09-21T14:00:0${modifyMovesTime ? 1 : 0}+00:00","status":1,"type":1,"side":0,"size":1,"limitPrice":23001,`,
      );
    }
  });
});

describe('by option', () => {
  it('tells of a fill again after some time', async () => {
    await reopen({ events: { repeatFilledMs: 600, repeatAccountMs: 0 } });
    await client.place({});
    expect(await told()).toHaveLength(5);
    clock.advance(599);
    expect(await told()).toEqual([]);
    clock.advance(1);
    expect(await told()).toEqual(['order 2']);
  });

  it.each([
    ['unfilled', [1, 1, 2]],
    ['final', [2, 1, 2]],
    ['none', [1, 1, 1]],
  ] as const)('gives %s orders action 2', async (deletedOrders, actions) => {
    await reopen({ unknowns: { deletedOrders } });
    await client.place({});
    const { orderId } = await client.place({ type: 1, limitPrice: 23000 });
    await client.post('Order/cancel', { accountId: 700_001, orderId });
    await tap.settled();
    const orders = tap.records.filter((record) => record.includes('GatewayUserOrder')).slice(1);
    expect(orders.map((record) => Number(/"action":(\d)/.exec(record)?.[1]))).toEqual(actions);
  });

  it('draws the order where several were recorded, the same way for the same seed', async () => {
    const sequences = async (seed: number): Promise<string[]> => {
      await reopen({ seed, events: { order: 'drawn' } });
      const seen: string[] = [];
      for (let count = 0; count < 12; count += 1) {
        await client.place({});
        await close();
        seen.push(
          (await told())
            .map((each) =>
              each.replace(/ at.*result (?!none).*/, ' with result').replace(/ at.*/, ''),
            )
            .join(),
        );
      }
      return seen;
    };
    const first = await sequences(5);
    expect(await sequences(5)).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(3);
    expect(first.some((each) => each.startsWith('order 6,order 2,trade'))).toBe(true);
    expect(first.some((each) => each.startsWith('order 6,trade,order 2'))).toBe(true);
    expect(first.some((each) => each.includes('trade,trade with result'))).toBe(true);
  });

  it('loses the part of position events that it is told to', async () => {
    await reopen({ events: { lostPositions: 1 } });
    await client.place({});
    expect(await told()).toEqual([
      'order 6',
      'trade at 24000.25, result none',
      'order 2',
      'account',
    ]);
    await reopen({ seed: 3, events: { lostPositions: 0.5 } });
    for (let count = 0; count < 40; count += 1) await client.place({ customTag: `n${count}` });
    const positions = (await told()).filter((each) => each.startsWith('position')).length;
    expect(positions).toBeGreaterThan(8);
    expect(positions).toBeLessThan(32);
  });
});
