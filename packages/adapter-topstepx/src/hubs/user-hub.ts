import type { Clock, Evidence, Logger, OrderId, Timer } from '@hotpath/core';
import type { HubEvent } from './hub-event.ts';
import { eventArguments } from './hub-event.ts';
import { ExpectedOrders } from './expected-orders.ts';
import type { HubKeeperParts, HubTopic } from './hub-keeper.ts';
import { HubKeeper } from './hub-keeper.ts';
import { userHubTimings } from './hub-timings.ts';
import { SliceQueue } from './slice-queue.ts';
import { TaskQueue } from './task-queue.ts';
import type { UserEventItem } from './user-events.ts';
import { isUserEvent, readUserEvent } from './user-events.ts';

/** One account that wants its events. */
export interface UserHubListener {
  /** The account's number as text. */
  readonly accountId: string;
  evidence(item: Evidence): void;
}

export type HubOwner = Pick<
  HubKeeperParts,
  'url' | 'ca' | 'texts' | 'clock' | 'random' | 'log' | 'token' | 'doubtToken'
>;

/** How often at most an unreadable event makes everybody read again over REST. */
const blindEveryMs = 30_000;

/** How long a connection that was made anew for missing events is given before it is blamed again: doubles each time until an event tells of an order. */
const deafEveryMs = 60_000;
const longestDeafMs = 30 * 60_000;

/** The user hub of one login, for all of its accounts: no event is dropped, and one that can't be read is told as a gap. */
export class UserHub {
  readonly #keeper: HubKeeper;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #doubtToken: () => void;
  readonly #tasks = new TaskQueue();
  readonly #slices: SliceQueue;
  readonly #listeners = new Map<UserHubListener, HubTopic>();
  readonly #live = new Set<UserHubListener>();
  readonly #expected: ExpectedOrders;
  #blindAt = Number.NEGATIVE_INFINITY;
  #blindTimer: Timer | undefined;
  #deafAt = Number.NEGATIVE_INFINITY;
  #deafEveryMs = 0;

  constructor(owner: HubOwner) {
    const { clock, log } = owner;
    this.#clock = clock;
    this.#log = log;
    this.#doubtToken = owner.doubtToken;
    this.#slices = new SliceQueue([this.#tasks], clock, log);
    this.#expected = new ExpectedOrders(clock, (orderId) => this.#deaf(orderId));
    this.#keeper = new HubKeeper({
      ...owner,
      name: 'user',
      timings: userHubTimings,
      event: (event) => this.#event(event),
    });
  }

  add(listener: UserHubListener): void {
    const account = Number(listener.accountId);
    const calls = (verb: string) => [
      // Of all accounts of the login; subscribed to with each, because each must see it confirmed.
      { method: `${verb}Accounts`, given: [] },
      ...['Orders', 'Positions', 'Trades'].map((kind) => ({
        method: `${verb}${kind}`,
        given: [account],
      })),
    ];
    const topic: HubTopic = {
      subscribe: calls('Subscribe'),
      unsubscribe: calls('Unsubscribe').slice(1),
      live: (at) =>
        this.#tell(listener, { of: 'stream-live', stream: 'orders', at }, () =>
          this.#live.add(listener),
        ),
      lost: (at, because) => {
        this.#expected.clear();
        this.#tell(listener, { of: 'stream-gap', stream: 'orders', at, because }, () =>
          this.#live.delete(listener),
        );
      },
    };
    this.#listeners.set(listener, topic);
    this.#keeper.add(topic);
  }

  /** True when nobody is left. */
  remove(listener: UserHubListener): boolean {
    const topic = this.#listeners.get(listener);
    this.#listeners.delete(listener);
    this.#live.delete(listener);
    if (topic) this.#keeper.remove(topic);
    return this.#listeners.size === 0;
  }

  /** The venue has accepted this order: an event must tell of it soon. */
  expectOrder(listener: UserHubListener, orderId: OrderId): void {
    if (this.#live.has(listener)) this.#expected.expect(orderId);
  }

  close(): void {
    this.#blindTimer?.cancel();
    this.#expected.clear();
    this.#keeper.close();
  }

  #event(event: HubEvent): void {
    if (event.target === 'GatewayLogout') {
      // One client met it, when the session was ended or another login happened.
      this.#doubtToken();
      this.#keeper.restart('the venue logged the session out');
    } else if (isUserEvent(event.target)) {
      const asOf = this.#clock.now();
      this.#do(() => this.#read(event, asOf));
    }
  }

  #do(task: () => void): void {
    this.#tasks.push(task);
    this.#slices.wake();
  }

  #read(event: HubEvent, asOf: number): void {
    const given = eventArguments(event);
    const { items, problems } = given
      ? readUserEvent(event.target, given, asOf)
      : { items: [], problems: [`${event.target} is no JSON`] };
    for (const item of items) this.#handOn(item);
    for (const problem of problems)
      this.#log.warn({ hub: 'user', problem }, 'an event could not be read');
    if (problems.length > 0) this.#blind();
  }

  #handOn({ accountId, evidence }: UserEventItem): void {
    if (evidence.of === 'order') {
      this.#expected.told(evidence.order.orderId);
      this.#deafEveryMs = 0;
    }
    for (const listener of this.#listeners.keys()) {
      // A row that names no account can only be the account's when there is one.
      if (accountId === undefined ? this.#listeners.size === 1 : accountId === listener.accountId)
        this.#hand(listener, evidence);
    }
  }

  #tell(listener: UserHubListener, evidence: Evidence, then: () => void): void {
    this.#do(() => {
      if (!this.#listeners.has(listener)) return;
      then();
      this.#hand(listener, evidence);
    });
  }

  #hand(listener: UserHubListener, evidence: Evidence): void {
    try {
      listener.evidence(evidence);
    } catch (error) {
      this.#log.error({ error, of: evidence.of }, 'an event could not be taken in');
    }
  }

  /** An accepted order was not told of: a new connection may help. If it does not, the others' events are worth more than one more try, and REST tells what is missing. */
  #deaf(orderId: OrderId): void {
    const now = this.#clock.monotonic();
    if (now - this.#deafAt < this.#deafEveryMs) return this.#blind();
    this.#deafAt = now;
    this.#deafEveryMs = Math.min(longestDeafMs, Math.max(deafEveryMs, this.#deafEveryMs * 2));
    this.#keeper.restart(`order ${orderId} was accepted, and no event told of it`);
  }

  /** Something happened and we can't say what: a gap, although the stream goes on. Those that wait are told of once. */
  #blind(): void {
    if (this.#blindTimer) return;
    const waitMs = this.#blindAt + blindEveryMs - this.#clock.monotonic();
    if (waitMs > 0) {
      this.#blindTimer = this.#clock.setTimer(waitMs, () => {
        this.#blindTimer = undefined;
        this.#tellBlind();
      });
    } else {
      this.#tellBlind();
    }
  }

  #tellBlind(): void {
    this.#blindAt = this.#clock.monotonic();
    const at = this.#clock.now();
    for (const listener of this.#live) {
      this.#hand(listener, {
        of: 'stream-gap',
        stream: 'orders',
        at,
        because: 'an event could not be read, or did not come',
      });
      this.#hand(listener, { of: 'stream-live', stream: 'orders', at });
    }
  }
}
