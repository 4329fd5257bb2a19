import type { Logger } from '@hotpath/core';

/** When the bytes of a request leave on a connection that has rested. */
export type Writes = 'same-tick' | 'next-turn';

const lost =
  'this runtime gives no descriptor of a socket (Windows, Deno and others): on a connection that has rested for 1 ms an order is written a turn of the event loop later, and so after whatever the strategy still computes in that tick; return from it, or await the order, before computing on';

/** Knows when this executor writes, and says once in the log that it can't in the tick of the call. */
export class WriteMoment {
  readonly #log: Logger;
  #writes: Writes;

  constructor(log: Logger, transport: 'framed' | 'undici') {
    this.#log = log;
    this.#writes = transport === 'framed' ? 'same-tick' : 'next-turn';
  }

  get writes(): Writes {
    return this.#writes;
  }

  /** A connection can't be asked whether it is quiet. */
  withoutDescriptor(): void {
    if (this.#writes === 'next-turn') return;
    this.#writes = 'next-turn';
    this.#log.warn({ writes: this.#writes }, lost);
  }
}
