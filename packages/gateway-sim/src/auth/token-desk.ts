import { createHmac, randomBytes } from 'node:crypto';

interface Issued {
  readonly userName: string;
  readonly expiresAt: number;
}

/** What a token is worth. */
export type TokenState = 'valid' | 'expired' | 'unknown' | 'malformed';

const jwtShape = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Issues and checks tokens: signed JWTs with `exp`, a day long unless told otherwise. Logging in again leaves earlier tokens valid. */
export class TokenDesk {
  readonly #lifetimeMs: number;
  readonly #opaque: boolean;
  readonly #secret = randomBytes(32);
  readonly #issued = new Map<string, Issued>();
  #count = 0;

  /** `opaque`: tokens are no JWT, a difference that can be switched on. */
  constructor(lifetimeMs: number, opaque: boolean = false) {
    this.#lifetimeMs = lifetimeMs;
    this.#opaque = opaque;
  }

  /** The user of a token that is known, whole and not expired. */
  check(token: string, now: number): string | undefined {
    const issued = this.#issued.get(token);
    return issued && issued.expiresAt > now ? issued.userName : undefined;
  }

  state(token: string | undefined, now: number): TokenState {
    if (token === undefined || !jwtShape.test(token)) return 'malformed';
    const issued = this.#issued.get(token);
    if (!issued) return 'unknown';
    return issued.expiresAt > now ? 'valid' : 'expired';
  }

  revoke(token: string): void {
    this.#issued.delete(token);
  }

  /** Ends the tokens of one user, or of all. */
  revokeAll(userName?: string): void {
    const wanted = userName?.toLowerCase();
    for (const [token, issued] of this.#issued)
      if (wanted === undefined || issued.userName.toLowerCase() === wanted)
        this.#issued.delete(token);
  }

  issue(userName: string, now: number): string {
    this.#count += 1;
    const expiresAt = now + this.#lifetimeMs;
    const claims = {
      sub: userName,
      jti: String(this.#count),
      iat: Math.floor(now / 1000),
      exp: Math.floor(expiresAt / 1000),
    };
    const head = this.#opaque
      ? 'opaque.token'
      : `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
    const token = `${head}.${createHmac('sha256', this.#secret).update(`${head} ${this.#count}`).digest('base64url')}`;
    this.#issued.set(token, { userName, expiresAt });
    return token;
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
