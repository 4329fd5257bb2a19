import type { MatchingOptions } from '../options/matching-options.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { bookLevels } from './book-levels.ts';
import type { OrderRecord } from './order-record.ts';
import { orderType } from './order-record.ts';
import type { PriceSource, Quote } from './price-source.ts';

/** A part of an order that trades at one price, in ticks. */
export interface Slice {
  readonly priceTicks: number;
  readonly size: number;
}

export interface MatchingSettings {
  readonly fills: NonNullable<MatchingOptions['fills']>;
  /** Times the sizes of the book. */
  readonly bookSize: number;
  readonly stopSlippageTicks: number;
  /** Most contracts of an order that trade at one price step; 0 for no limit. */
  readonly largestFill: number;
  readonly random: SeededRandom;
}

/** Says what of an order trades now, and at which prices. */
export class Matching {
  readonly #settings: MatchingSettings;
  /** Price steps of each contract so far. */
  readonly #steps = new Map<string, number>();
  /** What orders have taken of each level since the last step, by contract. */
  readonly #taken = new Map<string, Map<string, number>>();
  /** Stops that were reached stay reached, however far the price runs back: what is left of them trades at the market. */
  readonly #reached = new WeakSet<OrderRecord>();

  constructor(settings: MatchingSettings) {
    this.#settings = settings;
  }

  /** A contract's price has moved on; gives how often it has. */
  stepped(contractId: string): number {
    const steps = (this.#steps.get(contractId) ?? 0) + 1;
    this.#steps.set(contractId, steps);
    this.#taken.delete(contractId);
    return steps;
  }

  /** Whether an order would trade at the present price. A trailing stop follows the last price first. */
  isDue(order: OrderRecord, source: PriceSource, at: number): boolean {
    // safeguard: no fill without a fresh quote
    const quote = source.tradesAt?.(at) === false ? undefined : source.quote;
    if (!quote) return false;
    const { bid, ask, last } = quote;
    switch (order.type) {
      case orderType.market:
        return true;
      case orderType.limit:
      case orderType.joinBid:
      case orderType.joinAsk:
        return (
          order.limitTicks === undefined ||
          (order.side === 0 ? ask <= order.limitTicks : bid >= order.limitTicks)
        );
      case orderType.trailingStop:
        trail(order, last);
        return this.#isReached(order, last);
      case orderType.stop:
        return this.#isReached(order, last);
      case orderType.stopLimit:
        return false;
    }
  }

  /** What trades of an order that is due. Never worse than a limit; better when the market is better. */
  slices(order: OrderRecord, source: PriceSource): readonly Slice[] {
    const { quote } = source;
    if (!quote) return [];
    const { largestFill, fills } = this.#settings;
    const rest = order.size - order.fillVolume;
    const wanted = largestFill > 0 ? Math.min(largestFill, rest) : rest;
    const { bid, ask } = quote;
    const worse = this.#slippage(order) * (order.side === 0 ? 1 : -1);
    if (fills === 'whole')
      return [{ priceTicks: (order.side === 0 ? ask : bid) + worse, size: wanted }];
    return this.#fromBook(order, quote, wanted).map(({ priceTicks, size }) => ({
      priceTicks: priceTicks + worse,
      size,
    }));
  }

  #fromBook(order: OrderRecord, quote: Quote, wanted: number): Slice[] {
    const { contract, side, limitTicks } = order;
    const levels = bookLevels(quote, this.#steps.get(contract.id) ?? 0, this.#settings.bookSize);
    const taken = this.#taken.get(contract.id) ?? new Map<string, number>();
    this.#taken.set(contract.id, taken);
    const slices: Slice[] = [];
    let left = wanted;
    for (const { ticks, size: shown } of side === 0 ? levels.asks : levels.bids) {
      if (limitTicks !== undefined && (side === 0 ? ticks > limitTicks : ticks < limitTicks)) break;
      const key = `${side} ${ticks}`;
      const size = Math.min(left, shown - (taken.get(key) ?? 0));
      if (size <= 0) continue;
      taken.set(key, (taken.get(key) ?? 0) + size);
      slices.push({ priceTicks: ticks, size });
      left -= size;
    }
    return slices;
  }

  #slippage({ type }: OrderRecord): number {
    const { stopSlippageTicks, random } = this.#settings;
    if (stopSlippageTicks === 0 || (type !== orderType.stop && type !== orderType.trailingStop))
      return 0;
    return Math.floor(random() * (stopSlippageTicks + 1));
  }

  #isReached(order: OrderRecord, last: number): boolean {
    const { stopTicks, side } = order;
    if (stopTicks === undefined) return false;
    const isReached =
      order.fillVolume > 0 ||
      this.#reached.has(order) ||
      (side === 0 ? last >= stopTicks : last <= stopTicks);
    if (isReached) this.#reached.add(order);
    return isReached;
  }
}

/** The stop follows the last price at its distance, and only towards it. */
function trail(order: OrderRecord, last: number): void {
  if (order.trailTicks === undefined || order.stopTicks === undefined) return;
  const level = last + order.trailTicks;
  order.stopTicks =
    order.side === 0 ? Math.min(order.stopTicks, level) : Math.max(order.stopTicks, level);
}
