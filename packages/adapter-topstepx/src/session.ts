import { AdapterError, Authorization, ReadError } from '@hotpath/core';
import * as z from 'zod';
import { reads } from './endpoints.ts';
import type { ReadClient, TokenSource } from './read-client.ts';
import { RefusedRead } from './read-client.ts';

const loginAnswer = z.object({ token: z.string().min(1) });

/** Why the gateway refuses a login (ProjectX documentation, 2026). */
const loginRefusals = new Map<number, string>([
  [1, 'the user is not known'],
  [2, 'the password could not be verified'],
  [3, 'the user name and the API key do not belong together'],
  [7, 'agreements are not signed; log into the platform and complete them'],
  [9, 'the user has no API subscription'],
  [10, 'login by API key is disabled'],
]);

export interface Credentials {
  readonly userName: string;
  readonly apiKey: string;
}

/** Holds the token, for one adapter or for several accounts of one login. One login at a time, however many wait for it; a token that was replaced meanwhile is not replaced again. */
export class Session implements TokenSource {
  readonly #credentials: Credentials;
  #authorization: Authorization | undefined;
  #login: Promise<Authorization> | undefined;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** The token at hand, without waiting. */
  get current(): Authorization | undefined {
    return this.#authorization;
  }

  authorization(client: ReadClient): Promise<Authorization> {
    return this.#authorization ? Promise.resolve(this.#authorization) : this.#singleLogin(client);
  }

  async renew(generation: number, client: ReadClient): Promise<void> {
    if ((this.#authorization?.generation ?? 0) > generation) return;
    await this.#singleLogin(client);
  }

  #singleLogin(client: ReadClient): Promise<Authorization> {
    this.#login ??= this.#logIn(client).finally(() => (this.#login = undefined));
    return this.#login;
  }

  async #logIn(client: ReadClient): Promise<Authorization> {
    try {
      // In the lane of what may be waiting for it: without a token nobody gets out.
      const { token } = await client.readWithoutToken(reads.loginKey, this.#credentials, loginAnswer, { lane: 'resolve' });
      this.#authorization = new Authorization(`Bearer ${token}`, (this.#authorization?.generation ?? 0) + 1);
      return this.#authorization;
    } catch (error) {
      if (error instanceof RefusedRead) {
        throw new AdapterError('LOGIN_FAILED', `The venue refused the login: ${loginRefusals.get(error.errorCode) ?? `error code ${error.errorCode}`}.`, { cause: error });
      }
      if (error instanceof ReadError) throw new AdapterError('VENUE_UNREACHABLE', `The login got no answer: ${error.message}`, { cause: error });
      throw error;
    }
  }
}
