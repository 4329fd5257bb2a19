import type { MarketEvidence, Quote, Subscription } from '@hotpath/core';
import { setPatientTimer, systemClock } from '@hotpath/core';
import { ExchangeClosedByUser, RequestTimeout } from 'ccxt';
import type { CcxtBroker } from './features.ts';

/** Without a price by then, the market stream gives none. */
const quoteWithinMs = 5_000;

interface Watched {
  subscription: Promise<Subscription> | undefined;
  /** Of this side of the last gap. */
  latest: Quote | undefined;
  readonly waiting: Set<() => void>;
}

/** Prices of contracts that were once asked for, watched from then on. */
export class LiveQuotes {
  readonly #broker: CcxtBroker;
  readonly #onQuote: (contractId: string, quote: Quote) => void;
  readonly #watched = new Map<string, Watched>();
  #closed = false;

  constructor(broker: CcxtBroker, onQuote: (contractId: string, quote: Quote) => void) {
    this.#broker = broker;
    this.#onQuote = onQuote;
  }

  /** Rejects with what the subscription does, or `ExchangeClosedByUser`. */
  async watch(contractId: string): Promise<Watched> {
    if (this.#closed) throw new ExchangeClosedByUser('the exchange was closed');
    const watched = this.#watched.get(contractId) ?? {
      subscription: undefined,
      latest: undefined,
      waiting: new Set(),
    };
    this.#watched.set(contractId, watched);
    // One that could not be had is tried again at the next call.
    watched.subscription ??= this.#broker
      .subscribe({ symbol: contractId, channels: ['quotes'] }, (item) =>
        this.#take(contractId, watched, item),
      )
      .catch((error: unknown) => {
        watched.subscription = undefined;
        throw error;
      });
    const subscription = await watched.subscription;
    if (this.#closed) await subscription.close();
    return watched;
  }

  /** The price of now. Rejects with `RequestTimeout` when the stream shows none in time: one of before a gap is never given. */
  async read(contractId: string, symbol: string): Promise<Quote> {
    const watched = await this.watch(contractId);
    if (watched.latest === undefined) await this.#change(watched);
    if (this.#closed) throw new ExchangeClosedByUser('the exchange was closed');
    if (watched.latest === undefined)
      throw new RequestTimeout(`no price of ${symbol} came within ${quoteWithinMs} ms`);
    return watched.latest;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { subscription, waiting } of this.#watched.values()) {
      for (const wake of waiting) wake();
      await subscription?.then((open) => open.close()).catch(() => undefined);
    }
    this.#watched.clear();
  }

  #take(contractId: string, watched: Watched, item: MarketEvidence): void {
    if (item.of === 'gap') watched.latest = undefined;
    if (item.of !== 'quote') return;
    watched.latest = item.quote;
    this.#onQuote(contractId, item.quote);
    for (const wake of watched.waiting) wake();
  }

  #change({ waiting }: Watched): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.cancel();
        waiting.delete(wake);
        resolve();
      };
      const timer = setPatientTimer(systemClock, quoteWithinMs, wake);
      waiting.add(wake);
    });
  }
}
