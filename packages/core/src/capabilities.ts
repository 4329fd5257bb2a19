import type { OrderType } from './order-request.ts';

/** What a broker can do, as data: validation, refusals and the documentation's tables are made from it. */
export interface Capabilities {
  readonly orderTypes: readonly OrderType[];
  readonly orderId: {
    /** What the venue's order ids look like; anything else is refused before it could be written into a request. */
    readonly pattern: RegExp;
    /** The same in words, for the refusal. */
    readonly description: string;
  };
  readonly clientOrderId: {
    /** Characters, suffixes the venue adds included. A bot's own ids are held to it (and to 48) before they leave, and those that the broker mints are made to fit. */
    readonly maxLength: number;
    /** What the whole id must look like, where the venue takes less than letters, digits, `_` and `-`; without the flags g and y. Default: those. */
    readonly pattern?: RegExp | undefined;
    /** The same in words, for the refusal, such as `letters and digits`. */
    readonly description?: string | undefined;
    /** Endings the venue uses for its own orders; ids that end so are refused. */
    readonly reservedSuffixes: readonly string[];
    /** How long the venue refuses a second order with the same id. */
    readonly unique: 'for-ever' | 'open-orders' | 'not-checked';
  };
  /** `in-place`: the order keeps its id. */
  readonly modify: 'in-place' | 'none';
  readonly closePosition: boolean;
  readonly reducePosition: boolean;
  readonly brackets: 'ticks' | 'none';
  /** Requests the venue allows one login, and how many of them are kept for getting out. */
  readonly rateLimit: RateLimit | undefined;
  /** A bucket of its own for bars, where the venue has one; its `reserve` is 0. Absent: bars count like other reads. */
  readonly barsRateLimit?: RateLimit | undefined;
}

/** How many requests a venue allows one login. */
export interface RateLimit {
  /** Requests per window. */
  readonly requests: number;
  /** Milliseconds. */
  readonly windowMs: number;
  /**
   * Requests of each window kept for getting out and finding out, which orders and changes of orders may not use. Lookups leave half of them to cancels and closes, and cancels a sixth of them to closes:
   * of 200 with a reserve of 60, orders may fill 140, lookups 170, cancels 190, closes 200.
   */
  readonly reserve: number;
  /** Requests of each window that reads may fill, so that a bot that polls can still enter; above what is not reserved it has no meaning. Default: half of `requests`. */
  readonly reads?: number | undefined;
  /** `sliding` (default) looks back from each request, which holds a fixed window's limit too; `fixed` counts anew in each window of the clock. */
  readonly window?: 'sliding' | 'fixed' | undefined;
}
