import type { AccountId, AdapterContext, Evidence, OrderId } from '@hotpath/core';
import type { HeldHubs } from './hubs/login-hubs.ts';
import type { UserHubListener } from './hubs/user-hub.ts';
import type { TopstepxLogin } from './topstepx-login.ts';

/** One account's part in the hubs of its login. */
export class AccountStreams {
  readonly #hubs: HeldHubs;
  readonly #listener: UserHubListener;

  constructor(login: TopstepxLogin, rtcUrl: URL, { clock, random, log }: AdapterContext, accountId: AccountId, evidence: (item: Evidence) => void) {
    const { session } = login;
    this.#hubs = login.hubs.hold(rtcUrl, { clock, random, log, token: () => session.token(), doubtToken: () => void session.verify() });
    this.#listener = { accountId, evidence };
    this.#hubs.user.add(this.#listener);
  }

  /** The venue accepted this order: its stream must say so, too. */
  expectOrder(orderId: OrderId): void {
    this.#hubs.user.expectOrder(this.#listener, orderId);
  }

  close(): void {
    this.#hubs.user.remove(this.#listener);
    this.#hubs.release();
  }
}
