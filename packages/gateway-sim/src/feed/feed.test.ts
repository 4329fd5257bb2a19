import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FedContract, FeedOptions, Gateway, ManualGatewayClock } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { Fields, GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

const mnq: FedContract = {
  id: 'CON.F.US.MNQ.Z26',
  name: 'MNQZ6',
  description: 'Micro E-mini NASDAQ-100: December 2026',
  tickSize: 0.25,
  tickValue: 0.5,
  activeContract: true,
};
/** A product that the simulator has never heard of. */
const unheard: FedContract = {
  id: 'CON.F.US.XYZ.H27',
  name: 'XYZH7',
  description: 'Something new',
  tickSize: 0.02,
  tickValue: 2,
  activeContract: true,
};

let folder: string;
let clock: ManualGatewayClock;
let gateway: Gateway;
let client: GatewayClient;
let wanted: string[];
let unpriced: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feed-'));
  await start();
});
afterEach(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
});

async function start(feed: FeedOptions = {}): Promise<void> {
  clock = manualGatewayClock(Date.UTC(2026, 8, 21, 14));
  wanted = [];
  unpriced = [];
  gateway = await startGateway({
    clock,
    priceStepMs: 0,
    stateFile: join(folder, 'state'),
    accounts: [{ id: 700_001, name: 'PAPER', bracketMode: 'auto-oco' }],
    feed: {
      contracts: [mnq, unheard],
      wanted: (id) => wanted.push(id),
      unpriced: (id) => unpriced.push(id),
      ...feed,
    },
  });
  client = await gatewayClient(gateway);
}

const quote = (bid: number, contractId: string = mnq.id, tick: number = 0.25): void =>
  gateway.feed?.quote(contractId, { bid, ask: bid + tick, last: bid });
const statuses = (): number[] => gateway.truth().orders.map(({ status }) => status);
const place = (fields: Fields = {}): Promise<Fields> =>
  client.place({ contractId: mnq.id, ...fields });

describe('orders on quotes from outside', () => {
  it('fill at the bid and the ask that were told', async () => {
    quote(24_000);
    await place();
    quote(24_010);
    await place({ side: 1 });
    expect(gateway.truth().orders.map(({ filledPrice }) => filledPrice)).toEqual([
      24_000.25, 24_010,
    ]);
  });

  it('rest until a quote reaches them', async () => {
    quote(24_000);
    await place({ type: 1, limitPrice: 23_990 });
    await place({ type: 4, side: 1, stopPrice: 23_980 });
    expect(statuses()).toEqual([1, 1]);
    quote(23_989);
    expect(statuses()).toEqual([2, 1]);
    quote(23_979);
    expect(gateway.truth().orders.map(({ filledPrice }) => filledPrice)).toEqual([
      23_989.25, 23_979,
    ]);
  });

  it('get no better price than was told, where it lies between two ticks', async () => {
    gateway.feed?.quote(mnq.id, { bid: 24_000.1, ask: 24_000.4, last: 24_000.3 });
    await place();
    await place({ side: 1 });
    expect(gateway.truth().orders.map(({ filledPrice }) => filledPrice)).toEqual([
      24_000.5, 24_000,
    ]);
  });

  it('may be in a product that the simulator has never heard of', async () => {
    quote(50, unheard.id, 0.02);
    await place({ contractId: unheard.id });
    expect(gateway.truth()).toMatchObject({
      orders: [{ filledPrice: 50.02 }],
      positions: [{ contractId: unheard.id, size: 1 }],
    });
  });

  it('are refused in a contract that is listed as not active, and those in it can be got out of', async () => {
    quote(24_000);
    await place();
    gateway.feed?.list([{ ...mnq, activeContract: false }]);
    expect(await place()).toMatchObject({ success: false, errorCode: 9 });
    expect(
      await client.post('Position/closeContract', {
        accountId: client.accountId,
        contractId: mnq.id,
      }),
    ).toMatchObject({ success: true });
    expect(gateway.truth().positions).toEqual([]);
  });
});

describe('without a fresh quote', () => {
  it('nothing fills: a market order waits for the next one', async () => {
    expect(await place()).toMatchObject({ success: true });
    expect(statuses()).toEqual([6]);
    clock.advance(9_000);
    quote(24_000);
    expect(gateway.truth().orders).toMatchObject([{ status: 2, filledPrice: 24_000.25 }]);
    clock.advance(20_000);
    expect([statuses(), unpriced]).toEqual([[2], []]);
  });

  it('a market order is refused in the end, and its suspended legs go with it', async () => {
    await place({
      stopLossBracket: { ticks: -40, type: 4 },
      takeProfitBracket: { ticks: 40, type: 1 },
    });
    clock.advance(10_000);
    expect([statuses(), unpriced]).toEqual([[5, 3, 3], [mnq.id]]);
    quote(24_000);
    expect(gateway.truth()).toMatchObject({ fills: [], positions: [] });
  });

  it('a quote is too old after quoteMaxAgeMs, and at once when it lapses', async () => {
    quote(24_000);
    clock.advance(10_001);
    await place();
    quote(24_001);
    gateway.feed?.lapse(mnq.id);
    await place();
    quote(24_002);
    expect(gateway.truth().orders.map(({ filledPrice }) => filledPrice)).toEqual([
      24_001.25, 24_002.25,
    ]);
    gateway.feed?.lapse();
    await place();
    expect(statuses()).toEqual([2, 2, 6]);
  });

  it('a close waits likewise', async () => {
    quote(24_000);
    await place();
    gateway.feed?.lapse();
    expect(
      await client.post('Position/closeContract', {
        accountId: client.accountId,
        contractId: mnq.id,
      }),
    ).toMatchObject({ success: true });
    expect(gateway.truth().positions).toHaveLength(1);
    quote(23_000);
    expect(gateway.truth().positions).toEqual([]);
  });

  it('limits and stops are taken, and fill by the first quote that reaches them', async () => {
    await place({ type: 1, limitPrice: 24_005 });
    await place({ type: 4, side: 1, stopPrice: 24_010 });
    expect(statuses()).toEqual([1, 1]);
    quote(24_004);
    expect(gateway.truth().orders.map(({ filledPrice }) => filledPrice)).toEqual([
      24_004.25, 24_004,
    ]);
  });

  it("what needs a price to be placed is refused in the venue's words", async () => {
    expect(await place({ type: 5, side: 1, trailPrice: 24_000 })).toMatchObject({
      errorCode: 2,
      errorMessage: 'Cannot trail without a last price',
    });
    expect(await place({ type: 6 })).toMatchObject({
      errorCode: 2,
      errorMessage: 'Invalid symbol',
    });
  });
});

describe('a feed is asked', () => {
  it('once for the quotes of each contract with an order', async () => {
    await place({ type: 1, limitPrice: 20_000 });
    await place({ type: 1, limitPrice: 20_000 });
    await place({ type: 1, limitPrice: 40, contractId: unheard.id });
    expect(wanted).toEqual([mnq.id, unheard.id]);
  });

  it('after a restart for those of what was left, in whatever product, and market orders wait on', async () => {
    quote(50, unheard.id, 0.02);
    await place({ contractId: unheard.id });
    await place();
    await gateway.close();
    await start({ contracts: [] });
    expect(wanted.toSorted()).toEqual([mnq.id, unheard.id]);
    expect(gateway.truth().positions).toMatchObject([{ contractId: unheard.id, size: 1 }]);
    clock.advance(10_000);
    expect([statuses(), unpriced]).toEqual([[2, 5], [mnq.id]]);
    quote(51, unheard.id, 0.02);
    await client.post('Position/closeContract', {
      accountId: client.accountId,
      contractId: unheard.id,
    });
    expect(gateway.truth().positions).toEqual([]);
  });
});

it('has bars of what was told, and none of what was not', async () => {
  quote(24_000);
  clock.advance(60_000);
  quote(24_005);
  clock.advance(60_000);
  const span = {
    contractId: mnq.id,
    live: false,
    startTime: '2026-09-18T00:00:00Z',
    endTime: '2026-09-21T15:00:00Z',
    unit: 2,
    unitNumber: 1,
    limit: 100,
    includePartialBar: true,
  };
  expect(await client.rows('History/retrieveBars', 'bars', span)).toMatchObject([
    { o: 24_005, c: 24_005 },
    { o: 24_000, c: 24_000 },
  ]);
});

it('lists its contracts again after a reset', async () => {
  quote(24_000);
  gateway.reset();
  expect(await client.rows('Contract/available', 'contracts', { live: false })).toMatchObject([
    { id: mnq.id },
    { id: unheard.id },
  ]);
  await place();
  expect(statuses()).toEqual([6]);
});

it('takes no harm from quotes that come behind its end', async () => {
  await place({ type: 1, limitPrice: 23_990 });
  await gateway.close();
  expect(() => quote(23_000)).not.toThrow();
  expect(statuses()).toEqual([1]);
});

it('says which contract it has not been told of, and what is no price', () => {
  expect(() => gateway.feed?.quote(mnq.id, { bid: 24_000, ask: Number.NaN, last: 24_000 })).toThrow(
    'ask is NaN, must be a price',
  );
  expect(() => quote(1, 'CON.F.US.NOPE.Z26')).toThrow(
    'contractId is "CON.F.US.NOPE.Z26", which feed.list has not listed',
  );
});
