import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { startGateway } from '../index.ts';

it('takes its port back as soon as whoever took it meanwhile lets it go', async () => {
  await using gateway = await startGateway({ priceStepMs: 0 });
  const ping = () => fetch(`${gateway.url}/api/Status/ping`).then(({ status }) => status, () => 'down');
  const id = gateway.faults.add({ fault: { kind: 'refuse' } });
  const other = createServer((socket) => socket.once('data', () => socket.destroy()));
  await once(other.listen(gateway.port, '127.0.0.1'), 'listening');
  gateway.faults.remove(id);
  expect(await ping()).toBe('down');
  await new Promise((resolve) => other.close(resolve));
  await expect.poll(ping).toBe(200);
});
