import type { GatewayClock } from '../clock.ts';
import { after } from '../clock.ts';
import type { OrderRecord } from '../exchange/order-record.ts';
import { isFinal, orderType } from '../exchange/order-record.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';
import { ticksOfPrice } from '../tick.ts';
import type { Venue } from '../venue.ts';
import { contractOfFeed } from './fed-contract.ts';
import { FedPrices } from './fed-prices.ts';
import type { FedContract, FedQuote, FeedOptions, PriceFeed } from './feed-options.ts';

const defaultMs = { quoteMaxAgeMs: 10_000, quoteWaitMs: 10_000 };

/** Contracts and quotes from outside, and what waits for them. */
export class Feed implements PriceFeed {
  readonly #options: FeedOptions;
  readonly #rows = new Map<string, FedContract>();
  readonly #wanted = new Set<string>();
  #prices = new Map<string, FedPrices>();
  /** Undefined before it is attached, and when the gateway is closed. */
  #fed: { readonly venue: Venue; readonly clock: GatewayClock } | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    for (const row of options.contracts ?? []) this.#rows.set(row.id, row);
  }

  /** Feeds this venue from here on, as after a reset. `clock`: one that ends with it. `kept`: contracts of before a restart. */
  attach(venue: Venue, clock: GatewayClock, kept: readonly FedContract[]): void {
    this.#fed = { venue, clock };
    this.#prices = new Map();
    this.list([...kept, ...this.#rows.values()]);
    venue.exchange.listen((event) => {
      if (event.kind === 'order' && !isFinal(event.order)) this.#want(event.order.contract.id);
    });
  }

  /** Asks for the quotes of everything in which there was an order or a position before a restart. */
  wantHeld(): void {
    const exchange = this.#fed?.venue.exchange;
    for (const order of exchange?.orders ?? []) {
      if (isFinal(order)) continue;
      this.#want(order.contract.id);
      if (order.type === orderType.market) this.waits(order);
    }
    for (const { positions } of exchange?.accounts.values() ?? [])
      for (const contractId of positions.keys()) this.#want(contractId);
  }

  list(contracts: readonly FedContract[]): void {
    for (const row of contracts) {
      this.#rows.set(row.id, row);
      const prices =
        this.#prices.get(row.id) ??
        new FedPrices(this.#options.quoteMaxAgeMs ?? defaultMs.quoteMaxAgeMs);
      this.#prices.set(row.id, prices);
      this.#fed?.venue.list(contractOfFeed(row), prices, this.#fed.clock.now());
    }
  }

  quote(contractId: string, { bid, ask, last, volume = 0 }: FedQuote): void {
    // Quotes may still be on their way when the gateway is closed.
    if (!this.#fed) return;
    const { venue, clock } = this.#fed;
    const contract = venue.contracts.find(contractId);
    const prices = this.#prices.get(contractId);
    if (!contract || !prices)
      throw new TypeError(`contractId is "${contractId}", which feed.list has not listed`);
    for (const [field, price] of Object.entries({ bid, ask, last }))
      if (!Number.isFinite(price)) throw new TypeError(`${field} is ${price}, must be a price`);
    const at = clock.now();
    const before = prices.quote;
    prices.take(
      {
        bid: ticksBelow(bid, contract),
        ask: -ticksBelow(-ask, contract),
        last: ticksOf(last, contract),
      },
      volume,
      at,
    );
    venue.exchange.priced(contractId, before, at);
  }

  lapse(contractId?: string): void {
    for (const [id, prices] of this.#prices)
      if (contractId === undefined || contractId === id) prices.lapse();
  }

  /** A market order has found no price: it waits, but not for ever. */
  waits(order: OrderRecord): void {
    const { quoteWaitMs = defaultMs.quoteWaitMs, unpriced } = this.#options;
    if (!this.#fed) return;
    const { venue, clock } = this.#fed;
    after(clock, quoteWaitMs, () => {
      if (order.fillVolume > 0 || isFinal(order)) return;
      venue.exchange.giveUp(order, clock.now());
      unpriced?.(order.contract.id);
    });
  }

  /** What comes in from here on is of no use. */
  close(): void {
    this.#fed = undefined;
  }

  #want(contractId: string): void {
    if (this.#wanted.has(contractId)) return;
    this.#wanted.add(contractId);
    this.#options.wanted?.(contractId);
  }
}

/** The nearest tick: a price between two of them is the outside's rounding. */
function ticksOf(price: number, { tick, tickSize }: SimulatedContract): number {
  return ticksOfPrice(price, tick) ?? Math.round(price / tickSize);
}

/** The tick at or below a price: a bid is never made better than it was, and an ask neither. */
function ticksBelow(price: number, { tick, tickSize }: SimulatedContract): number {
  return ticksOfPrice(price, tick) ?? Math.floor(price / tickSize);
}
