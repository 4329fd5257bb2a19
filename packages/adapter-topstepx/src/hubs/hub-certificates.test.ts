import type { AddressInfo, Socket } from 'node:net';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import { localhostCertificate } from '@hotpath/core/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HubLink } from './hub-link.ts';

let server: Server;
let heard: string[];
let sockets: Socket[];
/** What an upgrade is answered. */
let answer: string;
beforeEach(async () => {
  [heard, sockets, answer] = [[], [], 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'];
  server = createServer({ cert: localhostCertificate.cert, key: localhostCertificate.key });
  server.on('upgrade', (request, socket) => {
    heard.push(request.url ?? '');
    socket.end(answer);
  });
  server.on('connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const link = (ca: string | undefined): HubLink =>
  new HubLink({
    url: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/hubs/user`),
    token: 'secret-token',
    ca,
    heard: () => undefined,
    event: () => undefined,
    unreadable: () => undefined,
    closed: () => undefined,
  });

it('an inherited NODE_TLS_REJECT_UNAUTHORIZED=0 makes no hub give its token to whoever shows any certificate', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  await expect(link(undefined).open()).rejects.toThrow(/self-signed certificate/);
  expect(heard).toEqual([]);
  // The one that the author trusts is asked.
  await expect(link(localhostCertificate.cert).open()).rejects.toThrow(/403/);
  expect(heard).toEqual(['/hubs/user?access_token=secret-token']);
});

it('a redirect is not followed: the token goes nowhere else', async () => {
  answer = `HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1:${(server.address() as AddressInfo).port}/steal\r\ncontent-length: 0\r\n\r\n`;
  await expect(link(localhostCertificate.cert).open()).rejects.toThrow(/302/);
  expect(heard).toEqual(['/hubs/user?access_token=secret-token']);
});
