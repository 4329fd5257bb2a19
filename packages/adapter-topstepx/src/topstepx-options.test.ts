import { InvalidOptionsError, silentLogger, systemClock } from '@hotpath/core';
import { describe, expect, it } from 'vitest';
import { firmNames, firms } from './firms.ts';
import { topstepx } from './topstepx.ts';
import type { TopstepxOptions } from './topstepx-options.ts';
import { topstepxOptionsSchema } from './topstepx-options.ts';

const checked = (options: Partial<TopstepxOptions>) => topstepxOptionsSchema.parse({ account: 'A', ...options });

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
    expect([baseUrl.href, rtcUrl.href]).toEqual([`${firms[firm].baseUrl}/`, `${firms[firm].rtcUrl}/`]);
    // Every listed pair follows the one rule that is used where only one address is given.
    expect(checked({ baseUrl: firms[firm].baseUrl }).rtcUrl.href).toBe(rtcUrl.href);
  });

  it.each([
    [{ baseUrl: 'http://127.0.0.1:5000' }, 'http://127.0.0.1:5000/'],
    [{ baseUrl: 'https://my-api.example.com' }, 'https://my-rtc.example.com/'],
    [{ baseUrl: 'https://capital.example.com' }, 'https://capital.example.com/'],
    [{ firm: 'e8', baseUrl: 'https://gateway.example.com', rtcUrl: 'https://hubs.example.com/v2' }, 'https://hubs.example.com/v2'],
  ] as const)('find the hubs of %j', (options, href) => {
    expect(checked(options).rtcUrl.href).toBe(href);
  });

  it("refuse what a firm or an account does not do, before it is sent, by the author's word", async () => {
    const adapter = await topstepx({ userName: 'u', apiKey: 'k', account: 'A', firm: 'blusky', capabilities: { brackets: 'none', reducePosition: false } }).setup({ clock: systemClock, log: silentLogger });
    expect(adapter.capabilities).toMatchObject({ brackets: 'none', reducePosition: false, closePosition: true, modify: 'in-place' });
    expect(adapter.endpoint.origin.href).toBe('https://api.blusky.projectx.com/');
  });

  it.each([
    [{ firm: 'acme' }, /^topstepx: .*firm: .*"topstepx"/s],
    [{ baseUrl: 'ftp://x' }, /baseUrl: must be an http or https address/],
    [{ account: '' }, /account: /],
    [{ capabilities: { bracket: 'none' } }, /capabilities/],
    [{ acount: 'x' }, /acount/],
  ])('name what is wrong with %j', (options, problem) => {
    const make = (): unknown => Reflect.apply(topstepx, undefined, [{ account: 'A', ...options }]);
    expect(make).toThrow(InvalidOptionsError);
    expect(make).toThrow(problem);
  });
});
