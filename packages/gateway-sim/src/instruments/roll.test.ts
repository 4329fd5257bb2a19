import { expect, it } from 'vitest';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { Fields, GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

const front = async (client: GatewayClient): Promise<unknown> =>
  (await client.rows('Contract/search', 'contracts', { searchText: 'MNQ', live: false }))[0]?.[
    'id'
  ];

it('makes the next month the front one; the one before can be left and not entered', async () => {
  const clock = manualGatewayClock(Date.UTC(2026, 8, 1, 14));
  await using gateway = await startGateway({ clock, priceStepMs: 0 });
  const client = await gatewayClient(gateway);
  const { contractId } = client;
  await client.place({});
  await client.place({ type: 1, limitPrice: 23000, customTag: 'resting' });
  expect([contractId, gateway.rollContract('MNQ'), await front(client)]).toEqual([
    'CON.F.US.MNQ.U26',
    'CON.F.US.MNQ.Z26',
    'CON.F.US.MNQ.Z26',
  ]);
  expect((await client.post('Contract/searchById', { contractId }))['contract']).toMatchObject({
    activeContract: false,
  });
  expect(await client.place({})).toMatchObject({ success: false, errorCode: 9 });
  expect(await client.place({ contractId: 'CON.F.US.MNQ.Z26' })).toMatchObject({ success: true });
  expect(
    await client.post('Position/closeContract', { accountId: 700_001, contractId }),
  ).toMatchObject({ success: true });
  expect(gateway.truth().positions).toEqual([
    expect.objectContaining({ contractId: 'CON.F.US.MNQ.Z26', averagePrice: 24000.25 }),
  ]);
  const { bars } = (await client.post('History/retrieveBars', {
    contractId: 'CON.F.US.MNQ.Z26',
    live: false,
    startTime: '2026-08-24T00:00:00Z',
    endTime: '2026-09-01T14:00:00Z',
    unit: 4,
    unitNumber: 1,
    limit: 9,
    includePartialBar: false,
  })) as { bars: Fields[] };
  expect(bars.length).toBeGreaterThan(0);
});

it('rolls over HTTP, and names what is no product', async () => {
  await using gateway = await startGateway({
    clock: manualGatewayClock(Date.UTC(2026, 8, 1, 14)),
    priceStepMs: 0,
  });
  const roll = async (product: string) =>
    (
      await fetch(`${gateway.url}/sim/roll`, { method: 'POST', body: JSON.stringify({ product }) })
    ).json();
  expect(await roll('CL')).toEqual({
    contractId: expect.stringMatching(/^CON\.F\.US\.CLE\.\w26$/),
  });
  expect(await roll('CLE')).toEqual({
    error: 'product is "CLE", must be the name of one such as MNQ',
  });
  expect(() => gateway.rollContract('CLE')).toThrow(/must be the name of one such as MNQ/);
});

it('rolls by itself when the month has passed, and prices go on', async () => {
  const clock = manualGatewayClock(Date.UTC(2026, 8, 15, 23, 30));
  await using gateway = await startGateway({ clock, priceStepMs: 0 });
  const client = await gatewayClient(gateway);
  expect(await front(client)).toBe('CON.F.US.MNQ.U26');
  clock.advance(30 * 60_000);
  expect(await front(client)).toBe('CON.F.US.MNQ.Z26');
  await client.place({ contractId: 'CON.F.US.MNQ.Z26' });
  gateway.stepPrices();
  expect(gateway.truth().orders[0]).toMatchObject({ status: 2, filledPrice: 24000.25 });
});
