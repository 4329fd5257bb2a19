import type { Clock, Logger } from '@hotpath/core';

/** Work that comes in small steps. */
export interface SliceSource {
  /** Does one step; false when there was none to do. */
  step(): boolean;
}

/** Milliseconds of one slice. A burst of thousands of events must not stand between a bot and its order: between two slices the event loop turns, which costs a twentieth of one. */
const sliceMs = 0.1;

/**
 * Does the work of its sources in slices: the first in the tick in which work came, the others one per turn of the event loop.
 * Earlier sources go first at each step, so user events overtake market data that waits.
 */
export class SliceQueue {
  readonly #sources: readonly SliceSource[];
  readonly #clock: Clock;
  readonly #log: Logger;
  /** A slice runs now or is on its way. */
  #active = false;

  constructor(sources: readonly SliceSource[], clock: Clock, log: Logger) {
    this.#sources = sources;
    this.#clock = clock;
    this.#log = log;
  }

  /** Work has come. */
  wake(): void {
    if (this.#active) return;
    this.#active = true;
    this.#slice();
  }

  #slice(): void {
    const until = this.#clock.monotonic() + sliceMs;
    do {
      if (!this.#step()) {
        this.#active = false;
        return;
      }
    } while (this.#clock.monotonic() < until);
    setImmediate(() => this.#slice());
  }

  #step(): boolean {
    for (const source of this.#sources) {
      try {
        if (source.step()) return true;
      } catch (error) {
        // A listener's mistake must not end the stream.
        this.#log.error({ error }, 'an event could not be handed on');
        return true;
      }
    }
    return false;
  }
}
