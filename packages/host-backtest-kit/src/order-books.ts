import type { Broker, Clock, Depth, DepthLevel, Subscription } from '@hotpath/core';
import { decimalText, ReadError, setPatientTimer } from '@hotpath/core';
import type { IBidData, IOrderBookData } from 'backtest-kit';

interface Watched {
  readonly subscription: Subscription;
  /** Woken by whatever the market brings. */
  readonly waiting: Set<() => void>;
}

/** Order books of symbols that were once asked for, watched from then on until the broker is closed. */
export class OrderBooks {
  readonly #broker: Broker;
  readonly #clock: Clock;
  readonly #withinMs: number;
  readonly #watched = new Map<string, Promise<Watched>>();

  constructor(broker: Broker, clock: Clock, withinMs: number) {
    this.#broker = broker;
    this.#clock = clock;
    this.#withinMs = withinMs;
  }

  /** Rejects with `ReadError` when the stream shows no book in time: an old one is never given. */
  async read(symbol: string, levels: number): Promise<IOrderBookData> {
    let watching = this.#watched.get(symbol);
    if (watching === undefined) {
      watching = this.#watch(symbol);
      this.#watched.set(symbol, watching);
      // Asked for again, it is tried again.
      watching.catch(() => this.#watched.delete(symbol));
    }
    const book = await this.#live(await watching, symbol);
    return { symbol, bids: rows(book.bids, levels), asks: rows(book.asks, levels) };
  }

  async #watch(symbol: string): Promise<Watched> {
    const waiting = new Set<() => void>();
    const subscription = await this.#broker.subscribe({ symbol, channels: ['depth'] }, () => {
      for (const wake of waiting) wake();
    });
    return { subscription, waiting };
  }

  #live({ subscription, waiting }: Watched, symbol: string): Promise<Depth> {
    const shown = (): Depth | undefined => (subscription.isLive ? subscription.depth : undefined);
    const now = shown();
    if (now !== undefined && hasBothSides(now)) return Promise.resolve(now);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        timer.cancel();
        waiting.delete(look);
      };
      const look = (): void => {
        const depth = shown();
        // safeguard: a book of which the stream has brought one side alone
        if (depth === undefined || !hasBothSides(depth)) return;
        end();
        resolve(depth);
      };
      const timer = setPatientTimer(this.#clock, this.#withinMs, () => {
        end();
        const depth = shown();
        // A market at its price limit has one side.
        if (depth !== undefined && depth.bids.length + depth.asks.length > 0) resolve(depth);
        else
          reject(
            new ReadError(
              'NOT_IN_TIME',
              `No order book of ${symbol} came within ${this.#withinMs} ms.`,
            ),
          );
      });
      waiting.add(look);
    });
  }
}

/** The stream tells a book level by level, so that its first message may hold one side alone. */
function hasBothSides({ bids, asks }: Depth): boolean {
  return bids.length > 0 && asks.length > 0;
}

function rows(levels: readonly DepthLevel[], count: number): IBidData[] {
  return levels
    .slice(0, count)
    .map(({ price, quantity }) => ({ price: decimalText(price), quantity: String(quantity) }));
}
