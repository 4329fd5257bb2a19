import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { newConnection, rawSocket } from '../clients/raw-clients.ts';
import type { Client } from '../clients/client.ts';
import { sampleOrder } from '../clients/sample-order.ts';
import { DelayLine } from './delay-line.ts';
import type { FarNetwork } from './far-network.ts';
import { farNetwork } from './far-network.ts';
import type { FloorConnectionOptions } from './floor-connection.ts';
import { serveFloor } from './floor-connection.ts';
import { listen } from './listen.ts';
import { localhostCertificate } from './localhost-certificate.ts';

// An order comes back no sooner than the network lets it; how much later is up to the machine.
const roundTripMs = 20;
const order = sampleOrder(
  'POST /api/Order/place HTTP/1.1\r\nhost: far\r\ncontent-length: 2\r\n\r\n{}',
);
const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((each) => each.close()));

async function openFar(
  scheme: 'http' | 'https',
  serve = (answer: (body: string) => void) => answer('{"success":true}'),
): Promise<{ readonly url: string; readonly network: FarNetwork }> {
  const options: FloorConnectionOptions = {
    keepAliveMs: 0,
    request: ({ answer }) => serve(answer),
  };
  const { cert, key } = localhostCertificate;
  const floor: Server =
    scheme === 'https'
      ? createTlsServer({ cert, key }, (socket) => serveFloor(socket, options))
      : createServer((socket) => serveFloor(socket, options));
  const network = farNetwork(
    new URL(`${scheme}://127.0.0.1:${await listen(floor)}`),
    roundTripMs,
    new DelayLine(),
  );
  const url = `${scheme}://127.0.0.1:${await listen(network.server)}`;
  opened.push(floor, network.server);
  return { url, network };
}

async function roundTrips({ send }: Client): Promise<number> {
  const before = performance.now();
  await send();
  return (performance.now() - before) / roundTripMs;
}

it('takes a round trip for an order on a warm connection, and one more for a connection of its own', async () => {
  const { url } = await openFar('http');
  const warm = await rawSocket({ url, order });
  opened.push(warm);
  await warm.send();
  expect(await roundTrips(warm)).toBeGreaterThanOrEqual(0.99);
  expect(await roundTrips(await newConnection({ url, order }))).toBeGreaterThanOrEqual(1.99);
});

it('takes a third one for the handshake of a TLS connection', async () => {
  const { url } = await openFar('https');
  expect(await roundTrips(await newConnection({ url, order }))).toBeGreaterThanOrEqual(2.99);
});

it('closes what is idle, and nothing that has an order under way', async () => {
  const arrived: ((body: string) => void)[] = [];
  const { url, network } = await openFar('http', (answer) => void arrived.push(answer));
  const [busy, idle] = [await rawSocket({ url, order }), await rawSocket({ url, order })];
  opened.push(busy, idle);
  const answered = busy.send();
  await expect.poll(() => arrived.length).toBe(1);
  expect(network.closeIdle()).toBe(1);
  arrived[0]?.('{"success":true}');
  await answered;
  await expect(idle.send()).rejects.toThrow(/closed|reset|EPIPE/u);
});
