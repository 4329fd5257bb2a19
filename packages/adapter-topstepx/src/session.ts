import type { Clock, Logger, Random, Timer } from '@hotpath/core';
import { AdapterError, Authorization, ReadError, setLongTimer } from '@hotpath/core';
import * as z from 'zod';
import { reads } from './endpoints.ts';
import { backoffMs } from './hubs/backoff.ts';
import type { ReadClient, TokenSource } from './read-client.ts';
import { RefusedRead } from './read-client.ts';
import { tokenLifetimeMs } from './token-claims.ts';

const loginAnswer = z.object({ token: z.string().min(1) });
const validateAnswer = z.object({ newToken: z.string().min(1) });

/** Why the gateway refuses a login (ProjectX documentation, 2026). Its "unknown error" is none of them, nor is a number that is not documented: they say nothing about the credentials. */
const loginRefusals = new Map<number, string>([
  [1, 'the user is not known'],
  [2, 'the password could not be verified'],
  [3, 'the user name and the API key do not belong together'],
  [4, 'the application is not known'],
  [5, 'the application could not be verified'],
  [6, 'the device is not allowed'],
  [7, 'agreements are not signed; log into the platform and complete them'],
  [9, 'the user has no API subscription'],
  [10, 'login by API key is disabled'],
]);

export interface Credentials {
  readonly userName: string;
  readonly apiKey: string;
}

/** Statuses by which something else than a gateway answers a login: no such path, or one that takes no posts. */
const elsewhere: ReadonlySet<number> = new Set([404, 405]);

/** An adapter that lives on the session, and through whose client the session may ask. */
export interface SessionUser {
  readonly client: ReadClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** No valid token can be had at present; trying goes on. */
  failed(message: string): void;
}

/** Part of a token's life after which it is renewed: of 24 h a bit over 20, as clients do. A part of it is left to chance, so that bots do not come together. */
const renewAfter = 0.85;
const renewSpread = 0.03;
/** The documented lifetime, for a token that does not name its own. */
const documentedLifetimeMs = 24 * 60 * 60 * 1000;
const longestRetryMs = 60_000;
/** A refused login is not asked again so soon: every order that meets it would ask, and logins count to the rate limit. */
const refusedForMs = 5_000;

/** The token and when it ends, by the monotonic clock of the user that got it. */
interface Held {
  readonly authorization: Authorization;
  readonly token: string;
  readonly validUntil: number;
}

/**
 * Holds the token, for one adapter or for several accounts of one login: renews it ahead of its end, asks for one at a time however many wait for it,
 * and never replaces again what was replaced meanwhile.
 */
export class Session implements TokenSource {
  readonly #credentials: Credentials;
  readonly #onToken: (token: string) => void;
  readonly #users = new Set<SessionUser>();
  #held: Held | undefined;
  #inFlight: Promise<Authorization> | undefined;
  #timer: Timer | undefined;
  #failures = 0;
  /** The venue has said no to the present token. */
  #isRefused = false;
  #toldFailed = false;
  #lastRefusal: { readonly error: AdapterError; readonly at: number } | undefined;

  /** `onToken`: told every token before it is used. */
  constructor(credentials: Credentials, onToken: (token: string) => void) {
    this.#credentials = credentials;
    this.#onToken = onToken;
  }

  /** The token at hand, without waiting. */
  get current(): Authorization | undefined {
    return this.#held?.authorization;
  }

  /** Keeps the token fresh as long as there is a user. Returns how to leave. */
  attach(user: SessionUser): () => void {
    this.#users.add(user);
    if (this.#held && !this.#timer) this.#schedule(this.#held);
    return () => {
      this.#users.delete(user);
      if (this.#users.size > 0) return;
      this.#timer?.cancel();
      this.#timer = undefined;
    };
  }

  authorization(client: ReadClient): Promise<Authorization> {
    return this.#held
      ? Promise.resolve(this.#held.authorization)
      : this.#single(() => this.#logIn(client));
  }

  /** For the hubs, which carry the bare token. */
  async token(): Promise<string> {
    if (!this.#held) await this.authorization(this.#anyUser().client);
    return this.#held?.token ?? '';
  }

  /** The venue refused the token of `generation`. */
  async renew(generation: number, client: ReadClient): Promise<void> {
    // What is under way may be the answer already.
    // safeguard: a renewal waits for the login under way
    if (this.#inFlight) await this.#inFlight.catch(() => undefined);
    if ((this.current?.generation ?? 0) > generation) return;
    this.#isRefused = true;
    try {
      await this.#single(() => this.#logIn(client));
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  /** The token may have been ended: asks, and replaces it if so. Never rejects. */
  async verify(): Promise<void> {
    if (this.#held && this.#users.size > 0) await this.#renewAhead();
  }

  #single(get: () => Promise<Authorization>): Promise<Authorization> {
    // safeguard: one login for all who wait
    this.#inFlight ??= get().finally(() => (this.#inFlight = undefined));
    return this.#inFlight;
  }

  #anyUser(): SessionUser {
    const [user] = this.#users;
    if (!user)
      throw new AdapterError('VENUE_UNREACHABLE', 'No adapter of this login is connected.');
    return user;
  }

  /** Through `validate` when the token still holds, else by a login. Never rejects; tries again later. */
  async #renewAhead(): Promise<void> {
    const [user] = this.#users;
    if (!user) return;
    try {
      await this.#single(() =>
        this.#isRefused ? this.#logIn(user.client) : this.#validate(user.client),
      );
    } catch (error) {
      this.#failed(error);
    }
  }

  async #validate(client: ReadClient): Promise<Authorization> {
    const held = this.#held;
    if (!held) return this.#logIn(client);
    try {
      const { newToken } = await client.readWith(
        held.authorization,
        reads.validate,
        {},
        validateAnswer,
        { lane: 'resolve' },
      );
      return this.#adopt(newToken);
    } catch (error) {
      if (
        ReadError.is(error) &&
        (error.code === 'UNREACHABLE' ||
          error.code === 'THROTTLED' ||
          error.code === 'BUDGET_EXHAUSTED')
      )
        throw error;
      // Refused, or an answer without a token: which of the two tokens lives is not known, and a login settles it.
      if (ReadError.is(error) && error.code === 'UNAUTHORIZED') this.#isRefused = true;
      return this.#logIn(client);
    }
  }

  async #logIn(client: ReadClient): Promise<Authorization> {
    const now = this.#users.values().next().value?.clock.monotonic();
    const last = this.#lastRefusal;
    if (last && now !== undefined && now - last.at < refusedForMs) throw last.error;
    try {
      // In the lane of what may be waiting for it: without a token nobody gets out.
      const { token } = await client.readWith(
        undefined,
        reads.loginKey,
        this.#credentials,
        loginAnswer,
        { lane: 'cancel' },
      );
      return this.#adopt(token);
    } catch (error) {
      if (!ReadError.is(error)) throw error;
      const refusal = refusalOf(error);
      if (refusal && now !== undefined) this.#lastRefusal = { error: refusal, at: now };
      throw refusal ?? lostLogin(error);
    }
  }

  #adopt(token: string): Authorization {
    this.#onToken(token);
    const [user] = this.#users;
    const lifetimeMs = tokenLifetimeMs(token, user?.clock.now() ?? 0) ?? documentedLifetimeMs;
    const authorization = new Authorization(`Bearer ${token}`, (this.current?.generation ?? 0) + 1);
    this.#held = { authorization, token, validUntil: (user?.clock.monotonic() ?? 0) + lifetimeMs };
    this.#isRefused = false;
    this.#toldFailed = false;
    this.#failures = 0;
    this.#lastRefusal = undefined;
    this.#schedule(this.#held);
    if (authorization.generation > 1)
      for (const each of this.#users)
        each.log.info(
          { generation: authorization.generation, validForMs: Math.round(lifetimeMs) },
          'session renewed',
        );
    return authorization;
  }

  #schedule({ token, validUntil }: Held): void {
    const [user] = this.#users;
    if (!user) return;
    const { clock, random } = user;
    const lifetimeMs = tokenLifetimeMs(token, clock.now()) ?? documentedLifetimeMs;
    const renewAt = validUntil - lifetimeMs * (1 - renewAfter + renewSpread * random());
    this.#setTimer(user, Math.max(0, renewAt - clock.monotonic()));
  }

  #setTimer({ clock }: SessionUser, afterMs: number): void {
    this.#timer?.cancel();
    this.#timer = setLongTimer(clock, afterMs, () => void this.#renewAhead());
  }

  /** Tries again, sooner at first; says so once when the token at hand is of no use any more. */
  #failed(error: unknown): void {
    const [user] = this.#users;
    if (!user) return;
    const message = error instanceof Error ? error.message : String(error);
    user.log.warn(
      { because: message, failures: this.#failures + 1 },
      'the session could not be renewed',
    );
    this.#failures += 1;
    this.#setTimer(user, backoffMs(this.#failures, user.random, longestRetryMs));
    const isValid =
      this.#held !== undefined &&
      !this.#isRefused &&
      user.clock.monotonic() < this.#held.validUntil;
    if (isValid || this.#toldFailed) return;
    this.#toldFailed = true;
    for (const each of this.#users) each.failed(message);
  }
}

/** Undefined when the venue did not say no for good. */
function refusalOf(error: ReadError): AdapterError | undefined {
  const reason = error instanceof RefusedRead ? loginRefusals.get(error.errorCode) : undefined;
  if (reason === undefined) return undefined;
  return new AdapterError(
    'LOGIN_FAILED',
    `The venue refused the login: ${reason}${error.venueText === undefined ? '' : ` ("${error.venueText}")`}.`,
    { cause: error },
  );
}

function lostLogin(error: ReadError): AdapterError {
  if (error.status !== undefined && elsewhere.has(error.status))
    return new AdapterError(
      'WRONG_ADDRESS',
      `There is no gateway at this address: ${error.message}`,
      { cause: error },
    );
  return new AdapterError('VENUE_UNREACHABLE', `The login failed: ${error.message}`, {
    cause: error,
  });
}
