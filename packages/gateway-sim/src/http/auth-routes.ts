import * as z from 'zod';
import type { LoginDesk, LoginOutcome } from '../auth/login-desk.ts';
import type { TokenDesk, TokenState } from '../auth/token-desk.ts';
import type { AuthOptions } from '../gateway-options.ts';
import { doesNotBind } from './problem-details.ts';
import type { Reply } from './reply.ts';
import { failure, success } from './reply.ts';
import type { Route, RouteContext } from './route.ts';
import { route } from './route.ts';

export interface AuthParts {
  readonly tokens: TokenDesk;
  readonly logins: LoginDesk;
  readonly options: AuthOptions;
}

const unauthorized: Reply = { status: 401 };
/** Validate codes of the reference: 1 InvalidSession, 2 SessionNotFound, 3 ExpiredToken. Which of them a token that is not good gets is a guess. */
const validateCodes: Readonly<Record<Exclude<TokenState, 'valid'>, number>> = { malformed: 1, unknown: 2, expired: 3 };
/** Logout codes of the reference: 1 InvalidSession. */
const invalidSession = 1;

/** Login, validate and logout. */
export function authRoutes({ tokens, logins, options }: AuthParts): Route[] {
  const entered = (outcome: LoginOutcome, now: number): Reply =>
    'userName' in outcome ? success({ token: tokens.issue(outcome.userName, now) }) : failure(outcome.errorCode, outcome.errorMessage, { token: null });
  const open = { needsToken: false };
  const inEnvelope = options.badTokenOnValidate === 'envelope';
  const validate = (_body: unknown, { token, now }: RouteContext): Reply => {
    const state = tokens.state(token, now);
    const userName = token === undefined ? undefined : tokens.check(token, now);
    if (state !== 'valid' || token === undefined || userName === undefined) {
      return inEnvelope && state !== 'valid' ? failure(validateCodes[state], null, { newToken: null }) : unauthorized;
    }
    if (options.validateKillsOldToken === true) tokens.revoke(token);
    return success({ newToken: tokens.issue(userName, now) });
  };
  const logout = (_body: unknown, { token, now }: RouteContext): Reply => {
    const userName = token === undefined ? undefined : tokens.check(token, now);
    if (token === undefined || userName === undefined) return inEnvelope ? failure(invalidSession, null) : unauthorized;
    if (options.logoutEnds === 'all-tokens') tokens.revokeAll(userName);
    else tokens.revoke(token);
    return success();
  };
  const text = z.string();
  return [
    route('Auth/loginKey', z.object({ userName: text, apiKey: text }), ({ userName, apiKey }, { now }) => entered(logins.withKey(userName, apiKey), now), doesNotBind, open),
    route(
      'Auth/loginApp',
      z.object({ userName: text, password: text, deviceId: text, appId: text, verifyKey: text }),
      (body, { now }) => entered(logins.withApp(body), now),
      doesNotBind,
      open,
    ),
    route('Auth/validate', z.unknown(), validate, doesNotBind, open),
    route('Auth/logout', z.unknown(), logout, doesNotBind, open),
  ];
}
