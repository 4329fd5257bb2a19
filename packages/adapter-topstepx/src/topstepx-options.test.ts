import { InvalidOptionsError, silentLogger, systemClock } from '@hotpath/core';
import { describe, expect, it } from 'vitest';
import { firmNames, firms } from './firms.ts';
import { topstepx } from './topstepx.ts';
import type { TopstepxOptions } from './topstepx-options.ts';
import { topstepxOptionsSchema } from './topstepx-options.ts';

const checked = (options: Partial<TopstepxOptions>) =>
  topstepxOptionsSchema.parse({ account: 'A', ...options });

describe('the options of topstepx', () => {
  it('are TopstepX, the account as text, and the documented limit, unless told otherwise', () => {
    expect(checked({ account: 700_001 })).toMatchObject({
      account: '700001',
      baseUrl: new URL('https://api.topstepx.com'),
      rtcUrl: new URL('https://rtc.topstepx.com'),
      rateLimit: { requests: 200, windowMs: 60_000, reserve: 60 },
      capabilities: firms.topstepx.capabilities,
      readTimeoutMs: 10_000,
    });
  });

  it.each(firmNames)('know the addresses of %s', (firm) => {
    const { baseUrl, rtcUrl } = checked({ firm });
    expect([baseUrl.href, rtcUrl.href]).toEqual([
      `${firms[firm].baseUrl}/`,
      `${firms[firm].rtcUrl}/`,
    ]);
    // Every listed pair follows the one rule that is used where only one address is given.
    expect(checked({ baseUrl: firms[firm].baseUrl }).rtcUrl.href).toBe(rtcUrl.href);
  });

  it.each([
    [{ baseUrl: 'http://127.0.0.1:5000' }, 'http://127.0.0.1:5000/'],
    [{ baseUrl: 'https://my-api.example.com' }, 'https://my-rtc.example.com/'],
    [{ baseUrl: 'https://capital.example.com' }, 'https://capital.example.com/'],
    [
      {
        firm: 'projectx-demo',
        baseUrl: 'https://gateway.example.com',
        rtcUrl: 'https://hubs.example.com/v2',
      },
      'https://hubs.example.com/v2',
    ],
  ] as const)('find the hubs of %j', (options, href) => {
    expect(checked(options).rtcUrl.href).toBe(href);
  });

  it("refuse what a firm or an account does not do, before it is sent, by the author's word", async () => {
    const adapter = await topstepx({
      userName: 'u',
      apiKey: 'k',
      account: 'A',
      firm: 'projectx-demo',
      capabilities: { brackets: 'none', reducePosition: false },
    }).setup({ clock: systemClock, log: silentLogger });
    expect(adapter.capabilities).toMatchObject({
      brackets: 'none',
      reducePosition: false,
      closePosition: true,
      modify: 'in-place',
    });
    expect(adapter.endpoint.origin.href).toBe('https://gateway-api-demo.s2f.projectx.com/');
  });

  it.each([
    [
      { firm: 'acme' },
      /^topstepx: .*firm: must be "topstepx" or "projectx-demo"; another gateway is named by its baseUrl/s,
    ],
    [
      { firm: 'blusky' },
      /firm: "blusky" has no gateway any more: ProjectX closed those of all firms but Topstep on 2026-02-28/,
    ],
    [{ firm: 'TheFuturesDesk' }, /firm: "thefuturesdesk" has no gateway any more/],
    [{ baseUrl: 'ftp://x' }, /baseUrl: must be an http or https address/],
    [{ baseUrl: 'api.topstepx.com' }, /baseUrl: must be an http or https address/],
    [
      { rtcUrl: 'wss://rtc.topstepx.com' },
      /rtcUrl: must be an http or https address, such as https:\/\/rtc\.topstepx\.com; the hubs make a WebSocket of it/,
    ],
    [
      { baseUrl: 'ws://api.topstepx.com' },
      /baseUrl: must be an http or https address, such as https:\/\/api\.topstepx\.com; the hubs make/,
    ],
    [{ baseUrl: 'https://api.topstepx.com/api' }, /baseUrl: must have no path/],
    [{ baseUrl: 'https://api.topstepx.com/?x=1' }, /baseUrl: must have no query/],
    [{ baseUrl: 'https://api.topstepx.com/#x' }, /baseUrl: must have no fragment/],
    [
      { baseUrl: 'https://me:key@api.topstepx.com' },
      /baseUrl: must hold no user name and no password/,
    ],
    [
      { rtcUrl: 'https://me:key@rtc.topstepx.com' },
      /rtcUrl: must hold no user name and no password/,
    ],
    [{ rtcUrl: 'https://rtc.topstepx.com/?access_token=key' }, /rtcUrl: must have no query/],
    [{ rtcUrl: 'https://rtc.topstepx.com/hubs/user' }, /rtcUrl: must be given without \/hubs/],
    [
      { baseUrl: 'http://api.topstepx.com' },
      /baseUrl: would send the API key and the token in clear to another host; give https:\/\/, or allowKeyInClear: true/,
    ],
    [{ baseUrl: 'http://gateway:8787' }, /baseUrl: would send/],
    [
      { baseUrl: 'http://192.168.1.5:8787', rtcUrl: 'http://10.0.0.1' },
      /baseUrl: would send.*rtcUrl: would send/,
    ],
    [{ baseUrl: 'http://[::ffff:10.0.0.1]' }, /baseUrl: would send/],
    [{ baseUrl: 'http://localhost.example.com' }, /baseUrl: would send/],
    [{ rtcUrl: 'http://rtc.topstepx.com' }, /rtcUrl: would send/],
    [{ account: '' }, /account: /],
    [{ capabilities: { bracket: 'none' } }, /capabilities/],
    [{ acount: 'x' }, /acount/],
  ])('name what is wrong with %j', (options, problem) => {
    const make = (): unknown => Reflect.apply(topstepx, undefined, [{ account: 'A', ...options }]);
    expect(make).toThrow(InvalidOptionsError);
    expect(make).toThrow(problem);
  });

  it.each([
    'http://127.0.0.1:8787',
    'http://127.8.9.1',
    'http://localhost:1',
    'http://sim.localhost',
    'http://[::1]:8787',
    'http://[::ffff:127.0.0.1]',
  ])('take %s for this machine', (baseUrl) => {
    expect(checked({ baseUrl, rtcUrl: baseUrl }).baseUrl.href).toBe(new URL(baseUrl).href);
  });

  it('let the key travel in clear only to whoever asks for that', () => {
    expect(checked({ baseUrl: 'http://gateway:8787', allowKeyInClear: true })).toMatchObject({
      baseUrl: new URL('http://gateway:8787'),
      rtcUrl: new URL('http://gateway:8787'),
    });
    expect(() =>
      topstepx({
        account: 'A',
        userName: 'u',
        apiKey: 'k',
        baseUrl: 'http://gateway:8787',
        allowKeyInClear: 'yes' as never,
      }),
    ).toThrow(/allowKeyInClear/);
  });

  it.each([
    'https://me:SECRET@api.topstepx.com',
    'https://api.topstepx.com/SECRET',
    'https://api.topstepx.com?key=SECRET',
    'http://SECRET.example.com',
    'SECRET',
  ])('repeat nothing of %s in what they say is wrong with it', (baseUrl) => {
    let said = '';
    try {
      topstepx({ account: 'A', userName: 'u', apiKey: 'k', baseUrl });
    } catch (error) {
      said = String(error);
    }
    expect(said).toMatch(/baseUrl: /);
    expect(said).not.toMatch(/secret/i);
  });
});
