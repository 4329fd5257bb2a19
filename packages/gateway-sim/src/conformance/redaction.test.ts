import { expect, it, vi } from 'vitest';
import { startGateway } from '../index.ts';
import { addressOf, isLoopback, rtcBeside } from './connection-options.ts';
import { httpChecks } from './http-checks.ts';
import { tableOf } from './report.ts';
import type { Run } from './run.ts';
import { runConformance } from './run-conformance.ts';
import { createScrub } from './scrub.ts';

it('shows nothing of who asked, and of what: neither table nor JSON has a secret, a name or a number of an account or an order', async () => {
  const apiKey = 'k3y-that-nobody-may-read';
  const accounts = [
    { id: 812_345, name: 'PRAC-V2-77821-Zebra' },
    { id: 99, name: '50KTC-V2-4711' },
  ];
  // What a gateway says of its own accord may name somebody as well.
  const faults = [
    {
      endpoint: 'Order/modify',
      fault: {
        kind: 'answer' as const,
        errorCode: 3,
        errorMessage:
          'Order 3400000001 of PRAC-V2-77821-Zebra (zebra@example.com, user zebra_user, key k3y-that-nobody-may-read) is 1234567',
      },
    },
  ];
  await using gateway = await startGateway({
    priceStepMs: 5,
    users: [{ userName: 'Zebra_User', apiKey }],
    accounts,
    faults,
  });
  const url = new URL(gateway.url);
  const report = await runConformance({
    target: { url, rtcUrl: url, userName: 'Zebra_User', apiKey, account: '812345' },
    symbol: 'MNQ',
    parts: ['orders', 'far-orders'],
    watchMs: 300,
    settleMs: 50,
    paceMs: 0,
  });
  expect(report.checks.find(({ name }) => name === 'move-answer')).toMatchObject({
    verdict: 'different',
    seen: 'code 3, Order … of … (…, user …, key …) is #',
  });
  for (const text of [JSON.stringify(report), tableOf(report)]) {
    expect(text).not.toMatch(/zebra|k3y|77821|4711|812345|812_345|eyJ|conform-/i);
    const ids = gateway.truth().orders.map(({ id }) => String(id));
    expect(ids.filter((id) => text.includes(id))).toEqual([]);
  }
}, 30_000);

it('keeps what is no secret readable, and short', () => {
  const scrub = createScrub();
  const clean = (text: string): string => scrub.clean(text);
  scrub.hide('demo', '', 'x');
  expect(clean('Invalid limit price. Price is not aligned to tick size.')).toBe(
    'Invalid limit price. Price is not aligned to tick size.',
  );
  expect(clean('a Demo\n of 29557.25 and 12345')).toBe('a … of #.25 and #');
  expect(clean('id 0123456789abcdef01 and 6f9619ff-8b86-d011-b42d-00c04fc964ff')).toBe(
    'id … and …',
  );
  expect(clean('word '.repeat(100))).toHaveLength(300);
});

it('sends a key over TLS, or stays on this machine', () => {
  expect(addressOf('--url', 'https://api.topstepx.com').host).toBe('api.topstepx.com');
  for (const local of [
    'http://127.0.0.1:8787',
    'http://localhost:1',
    'http://[::1]:1',
    'http://127.1.2.3:1',
  ])
    expect(isLoopback(addressOf('--url', local))).toBe(true);
  expect(() => addressOf('--url', 'http://api.topstepx.com')).toThrow(
    '--url is "http://api.topstepx.com", must begin with https://',
  );
  expect(() => addressOf('--url', 'http://127.0.0.1.evil.example')).toThrow(
    'must begin with https://',
  );
  expect(() => addressOf('--url', 'ftp://127.0.0.1')).toThrow('must begin with https://');
  expect(() => addressOf('--rtc-url', 'nowhere')).toThrow('--rtc-url must be an address such as');
  expect(() => addressOf('--url', 'https://api.topstepx.com?x=1')).toThrow(
    '--url must have no query and no fragment',
  );
  expect(() => addressOf('--url', 'https://me:secret@api.topstepx.com')).toThrow(
    'must hold no user and no password',
  );
  expect(rtcBeside(new URL('https://api.topstepx.com/x')).href).toBe('https://rtc.topstepx.com/');
  expect(rtcBeside(new URL('http://127.0.0.1:8787')).href).toBe('http://127.0.0.1:8787/');
});

it('sends no key to a gateway whose certificate nobody checks', () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  expect(() => addressOf('--url', 'https://api.topstepx.com')).toThrow(
    '--url: NODE_TLS_REJECT_UNAUTHORIZED=0 stands in the environment',
  );
  // A simulator signs its certificate itself.
  expect(addressOf('--url', 'https://127.0.0.1:8787').port).toBe('8787');
  vi.unstubAllEnvs();
});

it('sees which HTTP a gateway under TLS offers', async () => {
  await using gateway = await startGateway({ tls: true });
  const check = httpChecks.find(({ name }) => name === 'http-version');
  expect(await check?.look({ target: { url: new URL(gateway.url) } } as Run)).toBe(check?.expected);
});
