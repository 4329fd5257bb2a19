import type { Check, Seen } from './check.ts';
import { notSeen } from './check.ts';
import type { Fields, HttpAnswer } from './gateway-http.ts';
import { fieldNames } from './facts.ts';
import type { Run } from './run.ts';

const accountSearch = { onlyActiveAccounts: true } as const;
const refusal = ({ status, text, fields }: HttpAnswer): string =>
  status === 200
    ? `200, code ${String(fields['errorCode'])}`
    : `${status}, ${text === '' ? 'empty body' : 'with a body'}`;
const isAlive = async ({ http }: Run, token: string): Promise<boolean> =>
  (await http.post('Account/search', accountSearch, { token })).status === 200;

/** Tokens, and what is refused without one. */
export const loginChecks: readonly Check[] = [
  {
    name: 'login-missing-field',
    part: 'read',
    asks: 'a login without its fields',
    expected: '400',
    mark: 'O',
    look: async ({ http }) =>
      String((await http.post('Auth/loginKey', {}, { token: null })).status),
  },
  {
    name: 'login-none',
    part: 'read',
    asks: 'a read without a token',
    expected: '401, empty body',
    mark: 'O',
    look: async ({ http }) =>
      refusal(await http.post('Account/search', accountSearch, { token: null })),
  },
  {
    name: 'login-bad-token',
    part: 'read',
    asks: 'a read with a token that is none',
    expected: '401, empty body',
    mark: 'O',
    look: async ({ http }) =>
      refusal(await http.post('Account/search', accountSearch, { token: 'none' })),
  },
  {
    name: 'login-validate-bad',
    part: 'read',
    asks: 'validate with a token that is none',
    expected: '401, empty body',
    mark: 'I',
    look: async ({ http }) => refusal(await http.post('Auth/validate', {}, { token: 'none' })),
  },
  {
    name: 'token-form',
    part: 'read',
    asks: 'what a token is, and how long it lives',
    expected: 'a JWT of 24 h',
    mark: 'O',
    look: ({ http }) => Promise.resolve(tokenForm(http.token)),
  },
  {
    name: 'token-second-login',
    part: 'read',
    asks: 'the first token after a second login',
    expected: 'lives',
    mark: 'O',
    look: secondLogin,
  },
  {
    name: 'token-validate',
    part: 'read',
    asks: 'what validate gives',
    expected: 'another token',
    mark: 'S',
    look: async (run) =>
      validated(run, ({ before, after }) =>
        after === '' ? 'no token' : after === before ? 'the same token' : 'another token',
      ),
  },
  {
    name: 'token-replaced',
    part: 'read',
    asks: 'the token that validate has replaced',
    expected: 'lives',
    mark: 'I',
    look: async (run) =>
      validated(run, async ({ before }) => ((await isAlive(run, before)) ? 'lives' : 'is dead')),
  },
];

/** What a logout ends. */
export const logoutChecks: readonly Check[] = [
  {
    name: 'logout-own',
    part: 'logout',
    asks: 'a token after its logout',
    expected: 'is dead',
    mark: 'O',
    look: async (run) => loggedOut(run, ({ own }) => (own ? 'lives' : 'is dead')),
  },
  {
    name: 'logout-others',
    part: 'logout',
    asks: 'the other tokens of the user after a logout',
    expected: 'live',
    mark: '?',
    look: async (run) => loggedOut(run, ({ others }) => (others ? 'live' : 'are dead')),
  },
];

/** What accounts look like. */
export const accountChecks: readonly Check[] = [
  {
    name: 'account-fields',
    part: 'read',
    asks: 'fields of an account',
    expected: 'balance,canTrade,id,isVisible,name,simulated',
    mark: 'O',
    look: ({ accounts: [row] }) => Promise.resolve(row ? fieldNames(row) : notSeen('no account')),
  },
  {
    name: 'account-only-active',
    part: 'read',
    asks: 'what onlyActiveAccounts leaves out',
    expected: 'nothing',
    mark: '?',
    look: onlyActive,
  },
];

async function onlyActive({ http, accounts }: Run): Promise<Seen> {
  if (accounts.every((row) => row['canTrade'] === true && row['isVisible'] === true))
    return notSeen('every account can trade and is visible');
  const active = await http.rows('Account/search', 'accounts', accountSearch);
  return active.length === accounts.length ? 'nothing' : 'accounts that cannot trade or are hidden';
}

/** A new token of the same login. */
export async function logIn({
  http,
  target,
  scrub,
}: Pick<Run, 'http' | 'target' | 'scrub'>): Promise<HttpAnswer & { readonly token: string }> {
  const answer = await http.post(
    'Auth/loginKey',
    { userName: target.userName, apiKey: target.apiKey },
    { token: null },
  );
  const given = answer.fields['token'];
  const token = typeof given === 'string' ? given : '';
  scrub.hide(token);
  return { ...answer, token };
}

function tokenForm(token: string): Seen {
  const parts = token.split('.');
  if (parts.length !== 3) return 'no JWT';
  try {
    const { iat, nbf, exp } = JSON.parse(
      Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'),
    ) as { readonly iat?: number; readonly nbf?: number; readonly exp?: number };
    if (exp === undefined) return 'a JWT without an end';
    const begun = iat ?? nbf;
    // Without a beginning it is this moment's, to the minute.
    return begun === undefined
      ? `a JWT of ${Math.round((exp - Date.now() / 1000) / 60) / 60} h`
      : `a JWT of ${(exp - begun) / 3600} h`;
  } catch {
    return 'no JWT';
  }
}

async function secondLogin(run: Run): Promise<Seen> {
  const first = run.http.token;
  const { token } = await logIn(run);
  if (token === '') return 'no second login';
  return (await isAlive(run, first)) ? 'lives' : 'is dead';
}

/** Renews the token of the run, which goes on with the new one. */
async function validated(
  run: Run,
  tell: (tokens: { readonly before: string; readonly after: string }) => Seen | Promise<Seen>,
): Promise<Seen> {
  const tokens = await run.once('validate', async () => {
    const before = run.http.token;
    const given: Fields[string] = (await run.http.post('Auth/validate', {})).fields['newToken'];
    const after = typeof given === 'string' ? given : '';
    run.scrub.hide(after);
    if (after !== '') run.http.useToken(after);
    return { before, after };
  });
  return tell(tokens);
}

async function loggedOut(
  run: Run,
  tell: (alive: { readonly own: boolean; readonly others: boolean }) => Seen,
): Promise<Seen> {
  const alive = await run.once('logout', async () => {
    const { token } = await logIn(run);
    await run.http.post('Auth/logout', {}, { token });
    const own = await isAlive(run, token);
    const others = await isAlive(run, run.http.token);
    // What follows needs one that lives.
    if (!others) run.http.useToken((await logIn(run)).token);
    return { own, others };
  });
  return tell(alive);
}
