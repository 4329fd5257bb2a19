import { createHmac, randomBytes } from 'node:crypto';

export interface SimulatedUser {
  readonly userName: string;
  readonly apiKey: string;
}

interface Issued {
  readonly userName: string;
  readonly expiresAt: number;
}

/** Login codes of the reference. */
export const loginCodes = { success: 0, invalidCredentials: 3 } as const;

/** Issues and checks tokens: signed JWTs with `exp`, a day long unless told otherwise. Logging in again leaves earlier tokens valid. */
export class TokenDesk {
  readonly #users: ReadonlyMap<string, SimulatedUser>;
  readonly #lifetimeMs: number;
  readonly #secret = randomBytes(32);
  readonly #issued = new Map<string, Issued>();
  #count = 0;

  constructor(users: readonly SimulatedUser[], lifetimeMs: number) {
    // User names are compared without case (ProjectX documentation, 2026).
    this.#users = new Map(users.map((user) => [user.userName.toLowerCase(), user]));
    this.#lifetimeMs = lifetimeMs;
  }

  login(userName: string, apiKey: string, now: number): string | undefined {
    const user = this.#users.get(userName.toLowerCase());
    return user?.apiKey === apiKey ? this.#issue(user.userName, now) : undefined;
  }

  /** The user of a token that is known, whole and not expired. */
  check(token: string, now: number): string | undefined {
    const issued = this.#issued.get(token);
    return issued && issued.expiresAt > now ? issued.userName : undefined;
  }

  /** A replacement; the old token lives on until its own end. */
  renew(token: string, now: number): string | undefined {
    const userName = this.check(token, now);
    return userName === undefined ? undefined : this.#issue(userName, now);
  }

  revoke(token: string): void {
    this.#issued.delete(token);
  }

  /** Ends the tokens of one user, or of all. */
  revokeAll(userName?: string): void {
    const wanted = userName?.toLowerCase();
    for (const [token, issued] of this.#issued) if (wanted === undefined || issued.userName.toLowerCase() === wanted) this.#issued.delete(token);
  }

  #issue(userName: string, now: number): string {
    this.#count += 1;
    const expiresAt = now + this.#lifetimeMs;
    const claims = { sub: userName, jti: String(this.#count), iat: Math.floor(now / 1000), exp: Math.floor(expiresAt / 1000) };
    const head = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
    const token = `${head}.${createHmac('sha256', this.#secret).update(head).digest('base64url')}`;
    this.#issued.set(token, { userName, expiresAt });
    return token;
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
