import type { Clock, Timer } from '@hotpath/core';
import { setLongTimer } from '@hotpath/core';
import type { Connection } from './connection.ts';

/** Of the time the other side keeps an idle connection; after that a new one takes its place. */
const safeShare = 0.7;
/** A promise shorter than this is not believed: replacing would never end. */
const leastMs = 500;
/** How long a connection beyond those always kept may idle. */
const surplusMs = 60_000;

export interface IdleEnds {
  /** It should be replaced: the other side may end it soon. */
  stale(connection: Connection): void;
  /** It has not been needed for long. */
  surplus(connection: Connection): void;
}

interface Watched {
  readonly since: number;
  readonly isSurplus: boolean;
  /** What is to be done about it has been said. */
  told: boolean;
}

/** Knows how long idle connections last: from what the other side promises, and from when it ended some. One timer serves all of them, since orders come and go far more often than it has to fire. */
export class IdleWatch {
  readonly #clock: Clock;
  readonly #ends: IdleEnds;
  readonly #watched = new Map<Connection, Watched>();
  #promisedMs = Infinity;
  #learnedMs = Infinity;
  #timer: Timer | undefined;
  #firesAt = Infinity;

  constructor(clock: Clock, ends: IdleEnds) {
    this.#clock = clock;
    this.#ends = ends;
  }

  watch(connection: Connection, isSurplus: boolean): void {
    const since = this.#clock.monotonic();
    this.#watched.set(connection, { since, isSurplus, told: false });
    const { keepAliveMs } = connection;
    if (keepAliveMs !== undefined && keepAliveMs !== this.#promisedMs) {
      this.#promisedMs = keepAliveMs;
      this.#armForFirst();
    } else this.#armFor(since + this.#lastsMs(isSurplus));
  }

  /** Its timer stays as it is: when it fires, it finds nothing to do for this one. */
  stop(connection: Connection): void {
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
    this.#armForFirst();
  }

  close(): void {
    this.#watched.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #staleMs(): number {
    return Math.max(leastMs, Math.min(this.#promisedMs, this.#learnedMs) * safeShare);
  }

  #lastsMs(isSurplus: boolean): number {
    const staleMs = this.#staleMs();
    return isSurplus ? Math.min(surplusMs, staleMs) : staleMs;
  }

  #armForFirst(): void {
    let first = Infinity;
    for (const { since, isSurplus, told } of this.#watched.values())
      if (!told) first = Math.min(first, since + this.#lastsMs(isSurplus));
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#armFor(first);
  }

  #armFor(instant: number): void {
    if (instant === Infinity || (this.#timer && this.#firesAt <= instant)) return;
    this.#timer?.cancel();
    this.#firesAt = instant;
    this.#timer = setLongTimer(this.#clock, Math.max(0, instant - this.#clock.monotonic()), () =>
      this.#look(),
    );
  }

  #look(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    const due = [...this.#watched].filter(
      ([, { since, isSurplus, told }]) => !told && since + this.#lastsMs(isSurplus) <= now,
    );
    for (const [connection, watched] of due) {
      // Ending one may have ended others.
      if (this.#watched.get(connection) !== watched) continue;
      watched.told = true;
      if (watched.isSurplus && surplusMs < this.#staleMs()) this.#ends.surplus(connection);
      else this.#ends.stale(connection);
    }
    this.#armForFirst();
  }
}
