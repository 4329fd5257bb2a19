import { expect, it } from 'vitest';
import { manualGatewayClock, startGateway } from '../index.ts';
import { gatewayClient } from '../testing/gateway-client.ts';
import { hubTap } from '../testing/hub-tap.ts';

it.each([
  [
    true,
    [
      '{"symbol":"F.US.MNQ","volume":12,"lastUpdated":"2026-09-21T14:00:00+00:00","timestamp":"2026-09-21T14:00:00+00:00","contract":"CON.F.US.MNQ.Z26"}',
    ],
  ],
  [false, []],
] as const)(
  'a trade at the price there was is told by its volume alone, or as no quote: %s',
  async (volumeQuotes, later) => {
    await using gateway = await startGateway({
      clock: manualGatewayClock(Date.UTC(2026, 8, 21, 14)),
      priceStepMs: 0,
      replay: { MNQ: { kind: 'ticks', csv: 'price,size\n24000,5\n24000,5\n24000,7\n' } },
      unknowns: { volumeQuotes },
    });
    const { token, contractId } = await gatewayClient(gateway);
    await using tap = await hubTap(gateway, token, 'market');
    await tap.connection.invoke('SubscribeContractQuotes', contractId);
    gateway.stepPrices();
    gateway.stepPrices();
    await tap.settled();
    const [first = '', ...quotes] = tap.records.map((record) =>
      record.slice(record.indexOf(`"${contractId}",`) + contractId.length + 3, -2),
    );
    expect(first).toContain('"lastPrice":24000,');
    expect(quotes).toEqual(later);
  },
);
