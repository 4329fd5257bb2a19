import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { gatewayConfig, gatewayConfigJsonSchema } from './gateway-config.ts';
import { startGateway } from './index.ts';

it('starts a gateway from a file', async () => {
  const text = JSON.stringify({
    manualClockFrom: '2026-09-21T14:00:00Z',
    users: [{ userName: 'a', apiKey: 'b' }],
    faults: [{ endpoint: 'Status/ping', nth: 2, fault: { kind: 'status', status: 503 } }],
  });
  await using gateway = await startGateway(gatewayConfig(text, 'gateway.json'));
  const ping = (): Promise<Response> => fetch(`${gateway.url}/api/Status/ping`);
  const first = await ping();
  expect([first.status, first.headers.get('date'), (await ping()).status]).toEqual([
    200,
    'Mon, 21 Sep 2026 14:00:00 GMT',
    503,
  ]);
});

it.each([
  ['{', /^gateway\.json is not JSON/],
  ['{"prot": 1}', /prot/],
  ['{"users": [{"userName": "a"}]}', /users\.0\.apiKey/],
  ['{"faults": [{"fault": {"kind": "slowly"}}]}', /faults\.0\.fault\.kind/],
])('refuses %s by the name of the field', (text, problem) => {
  expect(() => gatewayConfig(text, 'gateway.json')).toThrow(problem);
});

it('has a JSON Schema beside it that is current', () => {
  expect(
    JSON.parse(readFileSync(new URL('../gateway.schema.json', import.meta.url), 'utf8')),
  ).toEqual(gatewayConfigJsonSchema());
});
