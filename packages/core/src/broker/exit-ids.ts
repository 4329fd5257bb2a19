import type { ClientOrderId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import type { Clock } from '../clock.ts';

/**
 * Names closes and reduces in the journal, in the log and for `explain`: the venue's calls for them carry no id.
 * Not by the author's own generator: what it does, or that it throws, must not stand in the way of getting out.
 */
export class ExitIds {
  readonly #prefix: string;
  readonly #clock: Clock;
  #count = 0;

  constructor(prefix: string, clock: Clock) {
    this.#prefix = prefix;
    this.#clock = clock;
  }

  next(): ClientOrderId {
    this.#count += 1;
    return toClientOrderId(
      `${this.#prefix}-exit-${this.#clock.now().toString(36)}-${this.#count.toString(36)}`,
    );
  }
}
