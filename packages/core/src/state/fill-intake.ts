import type { OrderId } from '../brand.ts';
import type { Clock } from '../clock.ts';
import type { Order } from '../order.ts';
import type { Trade } from '../trade.ts';
import type { FillState } from './fill-state.ts';

/** Fills that came before their order, and ones that may be repeats, are held up to this many each. */
const mostHeld = 1000;
/** How far an order's own row may be behind a trade, or a fill's event behind the read that showed it first. */
const behindMs = 2_000;

export interface FillIntakeParts {
  readonly fills: FillState;
  readonly clock: Clock;
  /** What is known of an order. */
  readonly find: (orderId: OrderId) => Order | undefined;
  /** Called once for each fill of an order that is known. */
  readonly tell: (order: Order, trade: Trade) => void;
  /** Called for each fill when it counts for the first time, ahead of `tell`. */
  readonly counted: (trade: Trade) => void;
}

interface Doubted {
  readonly trade: Trade;
  /** Monotonic. */
  readonly until: number;
}

/** Takes in the account's trades, from events and reads: counts each fill once and tells of it once, however it comes. */
export class FillIntake {
  readonly #parts: FillIntakeParts;
  /** Counted, and told when their order is known. */
  #waiting: Trade[] = [];
  /** Neither counted nor told unless their order's row shows so much as filled. */
  #doubted: Doubted[] = [];
  /** Monotonic: from here on a trade that was read at the start is no news; undefined when that is done, or not due yet. */
  #oldFrom: number | undefined;

  constructor(parts: FillIntakeParts) {
    this.#parts = parts;
  }

  take(trade: Trade): void {
    this.#forgetStart();
    if (this.#count(trade)) this.#news(trade);
  }

  /** What was filled before this process listened was for whoever ran then: it counts, and is not told. */
  takeUntold(trade: Trade): void {
    this.#count(trade);
  }

  /** All that was filled before has been read. An event of a fill that was read first may still be on its way, and is news. */
  started(): void {
    this.#oldFrom = this.#parts.clock.monotonic() + behindMs;
  }

  /** What is known of an order changed. */
  orderChanged(order: Order): void {
    if (this.#waiting.length > 0) {
      const own = this.#waiting.filter(({ orderId }) => orderId === order.orderId);
      if (own.length > 0)
        this.#waiting = this.#waiting.filter(({ orderId }) => orderId !== order.orderId);
      for (const trade of own) this.#parts.tell(order, trade);
    }
    for (const each of this.#doubted.filter(({ trade }) => trade.orderId === order.orderId))
      this.#resolve(each);
  }

  /** Takes one in after all, if it is no repeat. */
  #resolve(doubted: Doubted): void {
    const { trade, until } = doubted;
    const { fills, clock, find } = this.#parts;
    const isOver = until <= clock.monotonic();
    if (!isOver && fills.mayBeRepeat(trade, find(trade.orderId))) return;
    this.#doubted = this.#doubted.filter((each) => each !== doubted);
    if (isOver) return;
    this.#see(trade);
    this.#news(trade);
  }

  /** False for what may be told a second time. */
  #count(trade: Trade): boolean {
    const { fills, clock, find } = this.#parts;
    // safeguard: a fill told under two ids counts once
    if (fills.mayBeRepeat(trade, find(trade.orderId)))
      return this.#doubt({ trade, until: clock.monotonic() + behindMs });
    // end of safeguard
    this.#see(trade);
    return true;
  }

  #see(trade: Trade): void {
    if (this.#parts.fills.see(trade) && !trade.voided) this.#parts.counted(trade);
  }

  #doubt(doubted: Doubted): false {
    const { tradeId } = doubted.trade;
    if (this.#doubted.some(({ trade }) => trade.tradeId === tradeId)) return false;
    const now = this.#parts.clock.monotonic();
    this.#doubted = [...this.#doubted.filter(({ until }) => until > now), doubted].slice(-mostHeld);
    return false;
  }

  #news(trade: Trade): void {
    const { fills, find, tell } = this.#parts;
    if (trade.voided || !fills.claim(trade.tradeId)) return;
    const order = find(trade.orderId);
    if (order) return tell(order, trade);
    this.#waiting.push(trade);
    if (this.#waiting.length > mostHeld) this.#waiting.shift();
  }

  #forgetStart(): void {
    if (this.#oldFrom === undefined || this.#parts.clock.monotonic() < this.#oldFrom) return;
    this.#oldFrom = undefined;
    // safeguard: a fill of before the start is no news when a close repeats it
    this.#parts.fills.claimAll();
  }
}
