import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@hotpath/core';
import { localhostCertificate } from '@hotpath/core/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { reads } from '../endpoints.ts';
import { MarketHost } from './market-host.ts';

let server: Server;
let heard: string[];
const hosts: MarketHost[] = [];
beforeEach(async () => {
  heard = [];
  server = createServer(
    { cert: localhostCertificate.cert, key: localhostCertificate.key },
    (request, response) => {
      heard.push(request.url ?? '');
      response.end('{}');
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const host of hosts.splice(0)) host.close();
  await new Promise((resolve) => server.close(resolve));
});

it('an inherited NODE_TLS_REJECT_UNAUTHORIZED=0 makes no paper trader give the key to whoever shows any certificate', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const logIn = (ca: string | undefined) => {
    const host = new MarketHost(
      new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`),
      ca,
      systemClock,
    );
    hosts.push(host);
    return host.send(
      { template: reads.loginKey, authorization: undefined, body: '{"apiKey":"secret"}' },
      { lane: 'cancel', timeoutMs: 2_000 },
    );
  };
  expect(await logIn(undefined)).toMatchObject({
    failure: { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
  });
  expect(heard).toEqual([]);
  // The one that the author trusts is asked.
  expect(await logIn(localhostCertificate.cert)).toMatchObject({ answer: { status: 200 } });
  expect(heard).toEqual([reads.loginKey.path]);
});
