import { describe, expect, it } from 'vitest';
import { manualGatewayClock, startGateway } from '../index.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

// 2026-09-21 is a Monday in daylight time (UTC-5); 2026-12-07 one in standard time (UTC-6).
const open = [
  '2026-09-21T14:00Z',
  '2026-09-21T20:09:59Z',
  '2026-09-21T22:00Z',
  '2026-09-20T22:00Z',
  '2026-12-07T21:09:59Z',
  '2026-12-07T23:00Z',
  '2026-09-25T20:09Z',
];
const closed = [
  '2026-09-21T20:10Z',
  '2026-09-21T21:59:59Z',
  '2026-09-20T21:59:59Z',
  '2026-12-07T21:10Z',
  '2026-12-07T22:59:59Z',
  '2026-09-25T20:10Z',
  '2026-09-25T23:00Z',
  '2026-09-26T14:00Z',
];
const session = {
  session: 'topstep',
  priceStepMs: 0,
  rateLimit: { everythingElse: 'off' },
} as const;

describe('trading hours', () => {
  it.each(open)('takes an order at %s', async (at) => {
    await using gateway = await startGateway({
      ...session,
      clock: manualGatewayClock(Date.parse(at)),
    });
    expect(await (await gatewayClient(gateway)).place({})).toMatchObject({ success: true });
  });

  it.each(closed)(
    'refuses one at %s with the recorded text, and keeps it as rejected',
    async (at) => {
      await using gateway = await startGateway({
        ...session,
        clock: manualGatewayClock(Date.parse(at)),
      });
      const refused = await (await gatewayClient(gateway)).place({ customTag: 'late' });
      expect(refused).toMatchObject({
        success: false,
        errorCode: 2,
        errorMessage:
          'Trading is currently unavailable. The instrument is not in an active trading status.',
      });
      expect(gateway.truth().orders).toEqual([
        expect.objectContaining({
          id: refused['orderId'],
          status: 5,
          fillVolume: 0,
          customTag: 'late',
        }),
      ]);
    },
  );

  it('are not kept by default', async () => {
    await using gateway = await startGateway({
      ...session,
      session: 'always',
      clock: manualGatewayClock(Date.parse('2026-09-26T14:00Z')),
    });
    expect(await (await gatewayClient(gateway)).place({})).toMatchObject({ success: true });
  });
});

describe('auto-flatten', () => {
  it('closes positions and cancels orders shortly before the end', async () => {
    const clock = manualGatewayClock(Date.parse('2026-09-21T20:07:00Z'));
    await using gateway = await startGateway({
      ...session,
      autoFlatten: true,
      priceStepMs: 1000,
      clock,
    });
    const client = await gatewayClient(gateway);
    await client.place({ size: 3 });
    await client.place({ type: 1, limitPrice: 23000 });
    clock.advance(59_000);
    expect(gateway.truth().positions).toHaveLength(1);
    clock.advance(1000);
    expect(gateway.truth().positions).toEqual([]);
    expect(
      gateway
        .truth()
        .orders.map(({ status, side, size, customTag }) => [status, side, size, customTag]),
    ).toEqual([
      [2, 0, 3, null],
      [3, 0, 1, null],
      [2, 1, 3, null],
    ]);
  });
});
