import { describe, expect, it } from 'vitest';
import { isLoopback } from './is-loopback.ts';

describe('isLoopback', () => {
  it.each([
    'http://localhost',
    'http://LOCALHOST:8787',
    'http://localhost.',
    'http://sim.localhost',
    'http://127.0.0.1:1',
    'http://127.1.2.3',
    'http://127.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://[::1]:9',
    'http://[0:0:0:0:0:0:0:1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f12:3456]',
  ])('knows %s as this machine', (url) => expect(isLoopback(new URL(url))).toBe(true));

  it.each([
    'http://example.com',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://127.0.0.1.example.com',
    'http://128.0.0.1',
    'http://10.0.0.1',
    'http://192.168.1.7',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::2]',
    'http://[::ffff:10.0.0.1]',
    'http://[fe80::1]',
    'https://api.topstepx.com',
    'http://localhost@example.com',
  ])('takes %s for another host', (url) => expect(isLoopback(new URL(url))).toBe(false));
});
