import { bindMethods } from '../bind-methods.ts';
import type { Contract } from '../contract.ts';
import { isThenable } from '../is-thenable.ts';
import type { Logger } from '../logger.ts';
import type { Depth, MarketEvidence, Quote } from '../market-data.ts';
import type { MarketListener, Subscription } from './subscription.ts';

const keptTrades = 1000;

/** One subscription of a bot. */
export class MarketSubscription implements Subscription {
  readonly contract: Contract;
  readonly #listener: MarketListener | undefined;
  readonly #log: Logger;
  readonly #stop: () => void;
  #quote: Quote | undefined;
  #depth: Depth | undefined;
  #isLive = false;
  #dropped = 0;
  #closed = false;
  /** Only filled once somebody iterates. */
  #waiting: MarketEvidence[] | undefined;
  #wake: (() => void) | undefined;

  constructor(
    contract: Contract,
    watch: (listener: MarketListener) => () => void,
    listener: MarketListener | undefined,
    log: Logger,
  ) {
    this.contract = contract;
    this.#listener = listener;
    this.#log = log;
    this.#stop = watch((item) => this.#take(item));
    // safeguard: a subscription's methods can be handed on
    bindMethods(this, MarketSubscription.prototype);
  }

  get quote(): Quote | undefined {
    return this.#quote;
  }

  get depth(): Depth | undefined {
    return this.#depth;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  get dropped(): number {
    return this.#dropped;
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#isLive = false;
      this.#stop();
      this.#wake?.();
    }
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<MarketEvidence> {
    this.#waiting ??= [];
    for (;;) {
      const item = this.#waiting.shift();
      if (item) yield item;
      else if (this.#closed) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take(item: MarketEvidence): void {
    if (this.#closed) return;
    if (item.of === 'quote') this.#quote = item.quote;
    else if (item.of === 'depth') this.#depth = item.depth;
    else if (item.of === 'gap') this.#isLive = false;
    else if (item.of === 'live') this.#isLive = true;
    try {
      const result: unknown = this.#listener?.(item);
      // safeguard: a market listener that rejects
      if (isThenable(result)) Promise.resolve(result).then(undefined, this.#failed);
    } catch (error) {
      this.#failed(error);
    }
    this.#queue(item);
  }

  readonly #failed = (error: unknown): void =>
    this.#log.error({ contractId: this.contract.id, error }, 'a market listener failed');

  #queue(item: MarketEvidence): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    if (item.of === 'quote' || item.of === 'depth') {
      const older = waiting.findIndex(({ of }) => of === item.of);
      if (older >= 0) waiting.splice(older, 1);
    }
    waiting.push(item);
    if (item.of === 'market-trade' && waiting.length > keptTrades) {
      const oldest = waiting.findIndex(({ of }) => of === 'market-trade');
      waiting.splice(oldest, 1);
      this.#dropped += 1;
    }
    this.#wake?.();
    this.#wake = undefined;
  }
}
