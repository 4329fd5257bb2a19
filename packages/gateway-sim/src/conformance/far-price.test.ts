import { expect, it } from 'vitest';
import { manualGatewayClock, startGateway } from '../index.ts';
import { farBelowAll, freshCloses } from './far-price.ts';
import { runConformance } from './run-conformance.ts';

const contract = {
  id: 'CON.F.US.MNQ.Z26',
  name: 'MNQZ6',
  description: 'Micro E-mini NASDAQ-100: December 2026',
  tickSize: 0.25,
  tickValue: 0.5,
  activeContract: true,
};

it('places on a tick, 5 % below the lowest price there was, and not at all where that is no price', () => {
  expect(farBelowAll([24_001.25, 24_010], 0.25)).toBe(22_801);
  expect(farBelowAll([0.0067005], 5e-7)).toBe(0.006365);
  expect(farBelowAll([-37.63, 1], 0.01)).toBeUndefined();
});

it('takes no price from a bar of which the market may be far by now', () => {
  const rows = [
    { t: '2026-09-21T13:54:00+00:00', c: 1 },
    { t: '2026-09-21T13:55:00+00:00', c: 24_001.25 },
  ];
  expect(freshCloses(rows, Date.UTC(2026, 8, 21, 14, 4))).toEqual([24_001.25]);
  expect(freshCloses(rows, Date.UTC(2026, 8, 21, 14, 6))).toEqual([]);
  expect(freshCloses([], Date.UTC(2026, 8, 21, 14))).toEqual([]);
});

const run = (url: URL, watchMs: number): ReturnType<typeof runConformance> =>
  runConformance({
    target: { url, rtcUrl: url, userName: 'demo', apiKey: 'demo-key', account: 'PRAC-V2-1001' },
    symbol: 'MNQ',
    parts: ['orders'],
    only: ['place-answer'],
    watchMs,
    settleMs: 100,
    paceMs: 0,
  });

it('places nothing where nobody tells a price of now', async () => {
  // The venue's time stands two months ago, and no quote comes.
  await using gateway = await startGateway({
    clock: manualGatewayClock(Date.UTC(2026, 8, 21, 14)),
    priceStepMs: 0,
    faults: [{ hub: 'market', event: 'GatewayQuote', fault: { kind: 'event-drop' } }],
  });
  const { checks, filled, left } = await run(new URL(gateway.url), 100);
  expect(checks).toEqual([
    expect.objectContaining({
      verdict: 'unknown',
      seen: expect.stringContaining('so that no price is far for certain') as unknown,
    }),
  ]);
  expect([filled, left, gateway.truth().orders]).toEqual([0, undefined, []]);
});

it('says so when the market falls by more than anybody expects and the order fills', async () => {
  let bid = 24_000;
  await using gateway = await startGateway({ feed: { contracts: [contract] } });
  const quotes = setInterval(
    () => gateway.feed?.quote(contract.id, { bid, ask: bid + 0.25, last: bid }),
    10,
  );
  try {
    const ending = run(new URL(gateway.url), 1_000);
    await expect
      .poll(() => gateway.truth().orders.map(({ status, limitPrice }) => [status, limitPrice]), {
        timeout: 5_000,
        interval: 5,
      })
      .toEqual([[1, 22_800]]);
    bid = 20_000;
    const { filled, left } = await ending;
    expect([filled, left, gateway.truth().positions.length]).toEqual([1, undefined, 1]);
  } finally {
    clearInterval(quotes);
  }
});
