import { expect, it } from 'vitest';
import type { GatewayLogEntry } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import { gatewayClient } from '../testing/gateway-client.ts';
import { logLine } from './gateway-log.ts';

it('tells of each request what was asked, answered and spoilt, and no secret', async () => {
  const entries: GatewayLogEntry[] = [];
  const log = (entry: GatewayLogEntry): void => void entries.push(entry);
  await using gateway = await startGateway({
    clock: manualGatewayClock(Date.UTC(2026, 8, 21, 14)),
    priceStepMs: 0,
    log,
  });
  const client = await gatewayClient(gateway);
  gateway.faults.add({
    endpoint: 'Order/place',
    nth: 3,
    fault: { kind: 'reset', at: 'after-accepting' },
  });
  await client.place({ customTag: 'first' });
  await client.place({ customTag: 'first' });
  await expect(client.place({ customTag: 'lost' })).rejects.toThrow('fetch failed');
  await fetch(`${gateway.url}/hubs/user/negotiate?access_token=${client.token}`, {
    method: 'POST',
  });
  await expect.poll(() => entries.length).toBe(6);
  expect(entries.slice(2).map((entry) => logLine(entry))).toEqual([
    '14:00:00.000  POST  /api/Order/place  200  tag first',
    '14:00:00.000  POST  /api/Order/place  200  code 2  "Specified custom tag is already in use"  tag first',
    '14:00:00.000  POST  /api/Order/place  no answer  tag lost  (fault: reset)',
    '14:00:00.000  POST  /hubs/user/negotiate  200',
  ]);
  expect(JSON.stringify(entries)).not.toMatch(/demo-key|eyJ/);
});
