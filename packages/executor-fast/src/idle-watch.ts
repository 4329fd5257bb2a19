import type { Clock, Timer } from '@hotpath/core';
import type { Connection } from './connection.ts';

/** Of the time the other side keeps an idle connection; after that a new one takes its place. */
const safeShare = 0.7;
/** A promise shorter than this is not believed: replacing would never end. */
const leastMs = 500;
/** How long a connection beyond those always kept may idle. */
const surplusMs = 60_000;

/** Knows how long idle connections last: from what the other side promises, and from when it ended some. */
export class IdleWatch {
  readonly #clock: Clock;
  readonly #watched = new Map<Connection, { readonly since: number; readonly timer: Timer | undefined }>();
  #learnedMs = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `stale` when it should be replaced, or `surplus` when it has not been needed for long. */
  watch(connection: Connection, isSurplus: boolean, end: { readonly stale: () => void; readonly surplus: () => void }): void {
    const lastsMs = Math.min(connection.keepAliveMs ?? Infinity, this.#learnedMs);
    const staleMs = Math.max(leastMs, lastsMs * safeShare);
    let timer: Timer | undefined;
    if (isSurplus && surplusMs < staleMs) timer = this.#clock.setTimer(surplusMs, end.surplus);
    else if (staleMs !== Infinity) timer = this.#clock.setTimer(staleMs, end.stale);
    this.#watched.set(connection, { since: this.#clock.monotonic(), timer });
  }

  stop(connection: Connection): void {
    this.#watched.get(connection)?.timer?.cancel();
    this.#watched.delete(connection);
  }

  /** The other side ended it while it was idle. */
  ended(connection: Connection): void {
    const watched = this.#watched.get(connection);
    if (watched) {
      const idleMs = this.#clock.monotonic() - watched.since;
      if (idleMs >= leastMs) this.#learnedMs = Math.min(this.#learnedMs, idleMs);
    }
    this.stop(connection);
  }

  close(): void {
    for (const connection of this.#watched.keys()) this.stop(connection);
  }
}
