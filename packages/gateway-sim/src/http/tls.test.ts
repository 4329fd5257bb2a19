import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { systemGatewayClock } from '../clock.ts';
import { startGateway } from '../index.ts';
import { makeCertificate } from './gateway-certificate.ts';

const run = promisify(execFile);

it('serves HTTP/1.1 with a certificate that curl trusts by its authority, and not without', async () => {
  await using gateway = await startGateway({ tls: true });
  expect(gateway.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
  const folder = mkdtempSync(join(tmpdir(), 'gateway-tls-'));
  try {
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, gateway.certificate ?? '');
    const { stdout } = await run('curl', [
      '-s',
      '--cacert',
      ca,
      '-w',
      ' HTTP/%{http_version}',
      `${gateway.url}/api/Status/ping`,
    ]);
    expect(stdout).toBe('"pong" HTTP/1.1');
    await expect(run('curl', ['-s', `${gateway.url}/api/Status/ping`])).rejects.toMatchObject({
      code: 60,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('serves with a certificate that is given', async () => {
  const { key, cert, ca } = await makeCertificate('127.0.0.1', systemGatewayClock.now());
  await using gateway = await startGateway({ tls: { key, cert } });
  expect(gateway.certificate).toBe(cert);
  const status = await new Promise((resolve, reject) => {
    get(`${gateway.url}/api/Status/ping`, { ca }, (response) => resolve(response.statusCode)).once(
      'error',
      reject,
    );
  });
  expect(status).toBe(200);
});

it.each(['before-reading', 'after-reading', 'mid-answer'] as const)(
  'resets encrypted connections %s',
  async (at) => {
    await using gateway = await startGateway({
      tls: true,
      faults: [{ fault: { kind: 'reset', at } }],
    });
    const socket = connect({
      port: gateway.port,
      host: '127.0.0.1',
      ...(gateway.certificate !== undefined && { ca: gateway.certificate }),
    });
    const ended = new Promise<string>((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.once('end', () => resolve('end'));
    });
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.write('GET /api/Status/ping HTTP/1.1\r\nhost: sim\r\n\r\n');
    expect(await ended).toBe('ECONNRESET');
    expect(received).toMatch(at === 'mid-answer' ? /\r\n\r\n"po$/ : /^$/);
  },
);
