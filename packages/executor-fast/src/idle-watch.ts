import type { Clock, Timer } from '@hotpath/core';
import type { Connection } from './connection.ts';

/** Of the time the other side keeps an idle connection; after that a new one takes its place. */
const safeShare = 0.7;
/** A promise shorter than this is not believed: replacing would never end. */
const leastMs = 500;
/** How long a connection beyond those always kept may idle. */
const surplusMs = 60_000;

export interface IdleEnds {
  /** It should be replaced: the other side may end it soon. */
  stale(): void;
  /** It has not been needed for long. */
  surplus(): void;
}

interface Watched {
  readonly since: number;
  readonly isSurplus: boolean;
  readonly ends: IdleEnds;
  timer: Timer | undefined;
}

/** Knows how long idle connections last: from what the other side promises, and from when it ended some. */
export class IdleWatch {
  readonly #clock: Clock;
  readonly #watched = new Map<Connection, Watched>();
  #promisedMs = Infinity;
  #learnedMs = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  watch(connection: Connection, isSurplus: boolean, ends: IdleEnds): void {
    const watched: Watched = { since: this.#clock.monotonic(), isSurplus, ends, timer: undefined };
    this.#watched.set(connection, watched);
    const { keepAliveMs } = connection;
    if (keepAliveMs !== undefined && keepAliveMs !== this.#promisedMs) {
      this.#promisedMs = keepAliveMs;
      this.#armAll();
    } else this.#arm(watched);
  }

  stop(connection: Connection): void {
    this.#watched.get(connection)?.timer?.cancel();
    this.#watched.delete(connection);
  }

  /** The other side ended it while it was idle: the others will not last longer. */
  ended(connection: Connection): void {
    const watched = this.#watched.get(connection);
    this.stop(connection);
    if (!watched) return;
    const idleMs = this.#clock.monotonic() - watched.since;
    if (idleMs < leastMs || idleMs >= this.#learnedMs) return;
    this.#learnedMs = idleMs;
    this.#armAll();
  }

  close(): void {
    for (const connection of this.#watched.keys()) this.stop(connection);
  }

  #armAll(): void {
    for (const watched of this.#watched.values()) this.#arm(watched);
  }

  #arm(watched: Watched): void {
    watched.timer?.cancel();
    watched.timer = undefined;
    const staleMs = Math.max(leastMs, Math.min(this.#promisedMs, this.#learnedMs) * safeShare);
    const isSurplusFirst = watched.isSurplus && surplusMs < staleMs;
    const afterMs = isSurplusFirst ? surplusMs : staleMs;
    if (afterMs === Infinity) return;
    const leftMs = Math.max(0, watched.since + afterMs - this.#clock.monotonic());
    watched.timer = this.#clock.setTimer(leftMs, () => (isSurplusFirst ? watched.ends.surplus() : watched.ends.stale()));
  }
}
