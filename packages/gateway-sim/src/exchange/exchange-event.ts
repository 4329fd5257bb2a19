import type { AccountBook, Fill, NetPosition } from './account-book.ts';
import type { OrderRecord } from './order-record.ts';
import type { Quote } from './price-source.ts';

/** What the venue announces, in the order in which it happens. Records are live: a listener that keeps one copies what it needs at once. */
export type ExchangeEvent =
  | { readonly kind: 'order'; readonly order: OrderRecord }
  /** An order has traded: comes before what tells of it, so that a record of it is whole at once. */
  | { readonly kind: 'booked'; readonly order: OrderRecord; readonly fills: readonly Fill[] }
  | { readonly kind: 'trade'; readonly fill: Fill }
  /** A trade that opened a position, told once more as the position closes: nothing happened. */
  | { readonly kind: 'trade-again'; readonly fill: Fill }
  /** `size` is 0 in the event that closes a position. */
  | {
      readonly kind: 'position';
      readonly accountId: number;
      readonly position: NetPosition;
      readonly at: number;
    }
  | { readonly kind: 'account'; readonly book: AccountBook }
  | {
      readonly kind: 'price';
      readonly contractId: string;
      readonly before: Quote;
      readonly quote: Quote;
      /** Contracts traded by the step. */
      readonly volume: number;
      /** How many steps this contract's price has made. */
      readonly steps: number;
      readonly at: number;
    };

export type ExchangeListener = (event: ExchangeEvent) => void;
