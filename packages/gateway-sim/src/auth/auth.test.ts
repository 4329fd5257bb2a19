import { afterEach, describe, expect, it } from 'vitest';
import type { Gateway, GatewayOptions } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';

let gateway: Gateway;
type Fields = Record<string, unknown>;
const user = { userName: 'ann', apiKey: 'k', password: 'p' };
const start = async (options: GatewayOptions = {}): Promise<void> => {
  gateway = await startGateway({ users: [user], priceStepMs: 0, ...options });
};
afterEach(() => gateway.close());

async function post(
  path: string,
  body?: unknown,
  token?: string,
): Promise<{ status: number; fields: Fields }> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(`${gateway.url}/api/${path}`, {
    method: 'POST',
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, fields: (text === '' ? {} : JSON.parse(text)) as Fields };
}
const login = async (): Promise<string> =>
  String((await post('Auth/loginKey', { userName: 'ann', apiKey: 'k' })).fields['token']);
const use = async (token: string): Promise<number> =>
  (await post('Account/search', { onlyActiveAccounts: true }, token)).status;

describe('loginKey', () => {
  it.each([7, 8, 9, 10])('answers a user set up so with code %d', async (errorCode) => {
    await start({ users: [{ ...user, loginRefusal: { errorCode } }] });
    expect((await post('Auth/loginKey', { userName: 'ann', apiKey: 'k' })).fields).toEqual({
      token: null,
      success: false,
      errorCode,
      errorMessage: null,
    });
    expect(
      (await post('Auth/loginKey', { userName: 'ann', apiKey: 'wrong' })).fields,
    ).toMatchObject({ errorCode: 3 });
  });

  it('does not bind without a key', async () => {
    await start();
    expect(await post('Auth/loginKey', { userName: 'ann' })).toMatchObject({
      status: 400,
      fields: {
        errors: {
          $: [
            expect.stringContaining('missing required properties, including the following: apiKey'),
          ],
        },
      },
    });
  });

  it('leaves earlier tokens valid', async () => {
    await start();
    const [first, second] = [await login(), await login()];
    expect(second).not.toBe(first);
    expect([await use(first), await use(second)]).toEqual([200, 200]);
  });
});

describe('loginApp', () => {
  const right = { userName: 'Ann', password: 'p', deviceId: 'd', appId: 'a', verifyKey: 'v' };
  const apps = [{ appId: 'a', verifyKey: 'v', deviceIds: ['d'] }];
  it('gives a token that works', async () => {
    await start({ apps });
    const { fields } = await post('Auth/loginApp', right);
    expect(fields).toMatchObject({ success: true, errorCode: 0 });
    expect(await use(String(fields['token']))).toBe(200);
  });

  it.each([
    [{ userName: 'bob' }, 1],
    [{ password: 'x' }, 2],
    [{ appId: 'x' }, 4],
    [{ verifyKey: 'x' }, 5],
    [{ deviceId: 'x' }, 6],
  ])('refuses %j with code %d', async (wrong, errorCode) => {
    await start({ apps });
    expect((await post('Auth/loginApp', { ...right, ...wrong })).fields).toEqual({
      token: null,
      success: false,
      errorCode,
      errorMessage: null,
    });
  });
});

describe('tokens', () => {
  it('end by the clock, a day after their issue', async () => {
    const clock = manualGatewayClock();
    await start({ clock });
    const token = await login();
    clock.advance(86_399_999);
    expect(await use(token)).toBe(200);
    clock.advance(1);
    expect(await use(token)).toBe(401);
    expect((await post('Auth/validate', undefined, token)).status).toBe(401);
  });

  it('outlive a validate, or die of it, by option', async () => {
    await start({ auth: { validateKillsOldToken: true } });
    const token = await login();
    const { fields } = await post('Auth/validate', {}, token);
    expect([await use(token), await use(String(fields['newToken']))]).toEqual([401, 200]);
  });

  it('all end at a logout, by option', async () => {
    await start({ auth: { logoutEnds: 'all-tokens' } });
    const [first, second] = [await login(), await login()];
    expect((await post('Auth/logout', undefined, first)).fields).toEqual({
      success: true,
      errorCode: 0,
      errorMessage: null,
    });
    expect([await use(first), await use(second)]).toEqual([401, 401]);
    expect((await post('Auth/logout', undefined, first)).status).toBe(401);
  });

  it('are refused by validate and logout in the envelope, by option', async () => {
    const clock = manualGatewayClock();
    await start({ clock, auth: { badTokenOnValidate: 'envelope' } });
    const [expired, revoked] = [await login(), await login()];
    await post('Auth/logout', undefined, revoked);
    const validate = async (token?: string): Promise<Fields> =>
      (await post('Auth/validate', undefined, token)).fields;
    expect(await validate('nonsense')).toEqual({
      newToken: null,
      success: false,
      errorCode: 1,
      errorMessage: null,
    });
    expect(await validate(revoked)).toMatchObject({ errorCode: 2 });
    clock.advance(86_400_000);
    expect(await validate(expired)).toMatchObject({ errorCode: 3 });
    expect((await post('Auth/logout', undefined, expired)).fields).toEqual({
      success: false,
      errorCode: 1,
      errorMessage: null,
    });
  });

  it('of a user can be revoked', async () => {
    await start();
    const token = await login();
    gateway.revokeTokens('bob');
    expect(await use(token)).toBe(200);
    gateway.revokeTokens('Ann');
    expect(await use(token)).toBe(401);
  });
});
