import type { GatewayApp, GatewayUser } from '../gateway-options.ts';

/** Login codes of the reference (ProjectX documentation, Swagger). */
export const loginCode = {
  userNotFound: 1,
  passwordVerificationFailed: 2,
  invalidCredentials: 3,
  appNotFound: 4,
  appVerificationFailed: 5,
  invalidDevice: 6,
} as const;

/** What a third-party application sends to log a user in. */
export interface AppLogin {
  readonly userName: string;
  readonly password: string;
  readonly deviceId: string;
  readonly appId: string;
  readonly verifyKey: string;
}

/** Who logs in, or why not. */
export type LoginOutcome =
  | { readonly userName: string }
  | { readonly errorCode: number; readonly errorMessage: string | null };

/** Knows the users and the applications. */
export class LoginDesk {
  readonly #users: ReadonlyMap<string, GatewayUser>;
  readonly #apps: ReadonlyMap<string, GatewayApp>;

  constructor(users: readonly GatewayUser[], apps: readonly GatewayApp[]) {
    // User names are compared without case (ProjectX documentation, 2026).
    this.#users = new Map(users.map((user) => [user.userName.toLowerCase(), user]));
    this.#apps = new Map(apps.map((app) => [app.appId, app]));
  }

  /** A wrong pair is answered with InvalidCredentials whichever half is wrong, as the live gateway usually does. */
  withKey(userName: string, apiKey: string): LoginOutcome {
    const user = this.#users.get(userName.toLowerCase());
    return user?.apiKey === apiKey ? outcomeOf(user) : refused(loginCode.invalidCredentials);
  }

  /** The order of the checks is a guess: application, user, password, device. */
  withApp({ userName, password, deviceId, appId, verifyKey }: AppLogin): LoginOutcome {
    const app = this.#apps.get(appId);
    if (!app) return refused(loginCode.appNotFound);
    if (app.verifyKey !== verifyKey) return refused(loginCode.appVerificationFailed);
    const user = this.#users.get(userName.toLowerCase());
    if (!user) return refused(loginCode.userNotFound);
    if (user.password === undefined || user.password !== password)
      return refused(loginCode.passwordVerificationFailed);
    if (app.deviceIds !== undefined && !app.deviceIds.includes(deviceId))
      return refused(loginCode.invalidDevice);
    return outcomeOf(user);
  }
}

function outcomeOf({ userName, loginRefusal }: GatewayUser): LoginOutcome {
  return loginRefusal
    ? refused(loginRefusal.errorCode, loginRefusal.errorMessage ?? null)
    : { userName };
}

function refused(errorCode: number, errorMessage: string | null = null): LoginOutcome {
  return { errorCode, errorMessage };
}
