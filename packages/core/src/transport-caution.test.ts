import { afterEach, expect, it, vi } from 'vitest';
import { transportCaution } from './transport-caution.ts';

afterEach(() => void vi.unstubAllEnvs());

it.each(['http://gateway:8787', 'http://10.0.0.5', 'http://localhost.example.com'])(
  'whoever sends orders to %s is told that others can read them',
  (address) => {
    expect(transportCaution(new URL(address))).toMatch(/^requests to \S+ travel unencrypted/);
  },
);

it.each([
  'http://127.0.0.1:8787',
  'http://localhost',
  'http://[::1]:1',
  'https://api.topstepx.com',
])('nothing is said of %s', (address) => {
  expect(transportCaution(new URL(address))).toBeUndefined();
});

it('whoever has switched the check of certificates off for the process is told that it is on', () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  expect(transportCaution(new URL('https://api.topstepx.com'))).toMatch(
    /is not obeyed: certificates are checked/,
  );
  expect(transportCaution(new URL('http://127.0.0.1'))).toBeUndefined();
});
