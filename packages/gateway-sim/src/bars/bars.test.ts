import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway, ManualGatewayClock } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { Fields, GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

// Monday 2026-09-21, 14:00 UTC, which is 09:00 in Chicago.
let clock: ManualGatewayClock;
let gateway: Gateway;
let client: GatewayClient;
const request = (body: Fields = {}): Fields => ({
  contractId: client.contractId,
  live: false,
  startTime: '2026-09-21T13:00:00Z',
  endTime: '2026-09-21T14:00:00Z',
  unit: 2,
  unitNumber: 5,
  limit: 100,
  includePartialBar: false,
  ...body,
});
const bars = (body: Fields = {}) => client.rows('History/retrieveBars', 'bars', request(body));

beforeEach(async () => {
  clock = manualGatewayClock();
  gateway = await startGateway({
    clock,
    priceStepMs: 250,
    rateLimit: { everythingElse: 'off', bars: 'off' },
  });
  client = await gatewayClient(gateway);
});
afterEach(() => gateway.close());

describe('History/retrieveBars', () => {
  it('gives the past before the start, newest first, every price on a tick and within its bar', async () => {
    const found = await bars();
    expect(found.map(({ t }) => t)).toEqual(
      [55, 50, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0].map(
        (minute) => `2026-09-21T13:${String(minute).padStart(2, '0')}:00+00:00`,
      ),
    );
    for (const { o, h, l, c, v } of found) {
      expect([o, h, l, c].every((price) => Number(price) % 0.25 === 0)).toBe(true);
      expect(Number(h)).toBeGreaterThanOrEqual(Math.max(Number(o), Number(c)));
      expect(Number(l)).toBeLessThanOrEqual(Math.min(Number(o), Number(c)));
      expect(Number(v)).toBeGreaterThan(0);
    }
    expect(found[0]?.['c']).toBe(24000);
  });

  it('makes longer bars of the same prices as shorter ones', async () => {
    const minutes = await bars({ unitNumber: 1, limit: 5 });
    const [five] = await bars();
    expect(five).toMatchObject({
      o: minutes[4]?.['o'],
      c: minutes[0]?.['c'],
      h: Math.max(...minutes.map(({ h }) => Number(h))),
      l: Math.min(...minutes.map(({ l }) => Number(l))),
    });
  });

  it('goes on with what the price did since, the forming bar only when asked', async () => {
    clock.advance(90_000);
    const window = {
      startTime: '2026-09-21T14:00:00Z',
      endTime: '2026-09-21T15:00:00Z',
      unitNumber: 1,
    };
    expect((await bars(window)).map(({ t }) => t)).toEqual(['2026-09-21T14:00:00+00:00']);
    expect((await bars({ ...window, includePartialBar: true })).map(({ t }) => t)).toEqual([
      '2026-09-21T14:01:00+00:00',
      '2026-09-21T14:00:00+00:00',
    ]);
  });

  it('keeps the most recent of too many, and has none for the daily break and the weekend', async () => {
    expect((await bars({ limit: 2 })).map(({ t }) => t)).toEqual([
      '2026-09-21T13:55:00+00:00',
      '2026-09-21T13:50:00+00:00',
    ]);
    expect(
      await bars({ startTime: '2026-09-17T21:00:00Z', endTime: '2026-09-17T21:59:00Z' }),
    ).toEqual([]);
    expect(
      await bars({ startTime: '2026-09-18T21:00:00Z', endTime: '2026-09-20T21:59:00Z' }),
    ).toEqual([]);
    expect(
      await bars({
        startTime: '2026-09-17T20:00:00Z',
        endTime: '2026-09-17T22:59:59Z',
        unit: 3,
        unitNumber: 1,
      }),
    ).toHaveLength(2);
  });

  it('counts days from 17:00 in Chicago', async () => {
    expect(
      (
        await bars({
          startTime: '2026-09-16T00:00:00Z',
          unit: 4,
          unitNumber: 1,
          includePartialBar: true,
        })
      ).map(({ t }) => t),
    ).toEqual([
      '2026-09-21T00:00:00+00:00',
      '2026-09-18T00:00:00+00:00',
      '2026-09-17T00:00:00+00:00',
      '2026-09-16T00:00:00+00:00',
    ]);
  });

  it.each([
    [{ contractId: 'CON.F.US.XXX.Z26' }, 1],
    [{ unit: 9 }, 2],
    [{ unitNumber: 0 }, 3],
    [{ limit: 0 }, 4],
    [{ limit: 20_001 }, 4],
  ])('refuses %j with code %i', async (body, errorCode) => {
    expect(await client.post('History/retrieveBars', request(body))).toEqual({
      bars: [],
      success: false,
      errorCode,
      errorMessage: null,
    });
  });

  it('answers 400 to a request without a field it needs', async () => {
    expect(
      await client.post('History/retrieveBars', { contractId: client.contractId }),
    ).toMatchObject({ status: 400, errors: { $: [expect.stringContaining('includePartialBar')] } });
  });

  it('gives the same past for the same seed', async () => {
    const first = await bars();
    gateway.reset();
    expect(await bars()).toEqual(first);
    gateway.reset(2);
    expect(await bars()).not.toEqual(first);
  });
});
