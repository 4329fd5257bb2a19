import { model, text } from '../binding/fields.ts';
import type { LoginDesk, LoginOutcome } from '../auth/login-desk.ts';
import type { TokenDesk, TokenState } from '../auth/token-desk.ts';
import type { AuthOptions } from '../gateway-options.ts';
import type { Reply } from './reply.ts';
import { failure, success } from './reply.ts';
import type { Route, RouteContext, RouteRules } from './route.ts';
import { bodilessRoute, route } from './route.ts';

export interface AuthParts {
  readonly tokens: TokenDesk;
  readonly logins: LoginDesk;
  readonly options: AuthOptions;
}

const unauthorized: Reply = { status: 401 };
/** Validate codes of the reference: 1 InvalidSession, 2 SessionNotFound, 3 ExpiredToken. Which of them a token that is not good gets is a guess. */
const validateCodes: Readonly<Record<Exclude<TokenState, 'valid'>, number>> = {
  malformed: 1,
  unknown: 2,
  expired: 3,
};
/** Logout codes of the reference: 1 InvalidSession. */
const invalidSession = 1;

const keyBody = model('LoginApiKeyRequest', { userName: text, apiKey: text });
const appBody = model('LoginAppRequest', {
  userName: text,
  password: text,
  deviceId: text,
  appId: text,
  verifyKey: text,
});

/** Login, validate and logout. */
export function authRoutes({ tokens, logins, options }: AuthParts, rules: RouteRules): Route[] {
  const entered = (outcome: LoginOutcome, now: number): Reply =>
    'userName' in outcome
      ? success({ token: tokens.issue(outcome.userName, now) })
      : failure(outcome.errorCode, outcome.errorMessage, { token: null });
  const open = { needsToken: false };
  const inEnvelope = options.badTokenOnValidate === 'envelope';
  const validate = ({ token, now }: RouteContext): Reply => {
    const state = tokens.state(token, now);
    const userName = token === undefined ? undefined : tokens.check(token, now);
    if (state !== 'valid' || token === undefined || userName === undefined) {
      return inEnvelope && state !== 'valid'
        ? failure(validateCodes[state], null, { newToken: null })
        : unauthorized;
    }
    if (options.validateKillsOldToken === true) tokens.revoke(token);
    return success({ newToken: tokens.issue(userName, now) });
  };
  const logout = ({ token, now }: RouteContext): Reply => {
    const userName = token === undefined ? undefined : tokens.check(token, now);
    if (token === undefined || userName === undefined)
      return inEnvelope ? failure(invalidSession, null) : unauthorized;
    if (options.logoutEnds === 'all-tokens') tokens.revokeAll(userName);
    else tokens.revoke(token);
    return success();
  };
  return [
    route(
      'Auth/loginKey',
      keyBody,
      rules,
      ({ userName, apiKey }, { now }) => entered(logins.withKey(userName, apiKey), now),
      open,
    ),
    route(
      'Auth/loginApp',
      appBody,
      rules,
      (body, { now }) => entered(logins.withApp(body), now),
      open,
    ),
    bodilessRoute('Auth/validate', validate, open),
    bodilessRoute('Auth/logout', logout, open),
  ];
}
