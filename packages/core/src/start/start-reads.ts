import type { SendOptions } from '../adapter.ts';
import type { Delivery } from '../delivery.ts';
import type { PreparedRequest } from '../request.ts';

/** What the adapter's requests go through. */
interface Sender {
  send(request: PreparedRequest, options: SendOptions): Promise<Delivery>;
}

/** Milliseconds for which the first answers of each read are awaited: one that was lost must not cost a start the whole time that a slow one may take. */
const firstTimeoutMs = 3_000;
/** So many answers of one read must have been lost before the next is awaited for as long as the adapter would. */
const impatientTries = 2;

/** The adapter's reads while its broker starts: their first answers are awaited briefly, and they end with a start that fails. */
export class StartReads {
  readonly #sender: Sender;
  readonly #stopper = new AbortController();
  readonly #lost = new Map<string, number>();
  #isOver = false;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** The broker is there: from here on reads are as the adapter asks for them. */
  over(): void {
    this.#isOver = true;
  }

  /** The start has failed: what is under way ends, and nothing follows it. */
  cutOff(): void {
    this.#stopper.abort();
  }

  async send(request: PreparedRequest, options: SendOptions): Promise<Delivery> {
    if (this.#isOver) return this.#sender.send(request, options);
    const { path } = request.template;
    const lost = this.#lost.get(path) ?? 0;
    const delivery = await this.#sender.send(request, {
      ...options,
      timeoutMs:
        lost < impatientTries ? Math.min(options.timeoutMs, firstTimeoutMs) : options.timeoutMs,
      signal: options.signal
        ? AbortSignal.any([options.signal, this.#stopper.signal])
        : this.#stopper.signal,
    });
    if (delivery.stage !== 'answered' && delivery.bytes !== 'none') this.#lost.set(path, lost + 1);
    return delivery;
  }
}
