import type { AdapterReads } from '../adapter.ts';
import type { ContractId, OrderId } from '../brand.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { Trade } from '../trade.ts';
import type { FillState } from './fill-state.ts';
import type { OrderState } from './order-state.ts';
import type { PositionState } from './position-state.ts';

/** How far the events of one fill may be behind each other: what has not come by then was lost. */
const behindMs = 2_000;
/** What REST does not show either is looked at again, each time after twice as long, so many times in all. */
const mostLooks = 4;
/** An order from before the trades that were read at the start, and seen for the first time: no news of a fill. */
const newsMs = 86_400_000;
/** The venue's clock and the bot's may be minutes apart, so a span begins this much earlier than it has to. */
const marginMs = 600_000;

export interface FillWatchParts {
  readonly reads: Pick<AdapterReads, 'orders' | 'trades' | 'positions'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly orders: OrderState;
  readonly fills: FillState;
  readonly positions: PositionState;
  /** Whether the stream is held to be without a gap; in one, everything is read anyway. */
  readonly isLive: () => boolean;
  /** Takes in a trade that was read. */
  readonly take: (trade: Trade) => void;
  /** A contract's position is another one than was known. */
  readonly moved: (contractId: ContractId) => void;
}

interface Awaited {
  readonly orderId: OrderId;
  readonly contractId: ContractId;
  /** Wall milliseconds from which on its fill may be. */
  readonly since: number;
  /** Monotonic. */
  readonly dueAt: number;
  readonly looks: number;
}

/**
 * Reads what a fill should have been told with and was not: its trade, its order, or the position it made. A stream that leaves one out looks healthy from within, and what is known stays wrong for good.
 * Two seconds behind each fill it compares what is known, and asks the venue only for what does not add up.
 */
export class FillWatch {
  readonly #parts: FillWatchParts;
  readonly #awaited = new Map<OrderId, Awaited>();
  /** What each contract's position should be: as it was last read, and what was filled since. Positive when long. */
  #expected = new Map<ContractId, number>();
  #timer: Timer | undefined;
  #isReading = false;
  #isClosed = false;

  constructor(parts: FillWatchParts) {
    this.#parts = parts;
  }

  /** The positions are as the venue shows them. */
  begin(): void {
    this.#expected = new Map(
      this.#parts.positions.all().map((position) => [position.contractId, signed(position)]),
    );
  }

  /** An order shows more as filled than before. */
  filled({ orderId, contractId, createdAt }: Order, isNew: boolean): void {
    const now = this.#parts.clock.now();
    if (isNew && now - createdAt > newsMs) return;
    this.#await(orderId, contractId, isNew ? Math.min(now, createdAt) : now);
  }

  /** A trade was counted for the first time. */
  counted(trade: Trade): void {
    const { contractId, orderId } = trade;
    this.#expected.set(contractId, (this.#expected.get(contractId) ?? 0) + signed(trade));
    // safeguard: a trade without its order or its position is looked into
    this.#await(orderId, contractId, this.#parts.clock.now());
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#awaited.clear();
  }

  #await(orderId: OrderId, contractId: ContractId, since: number): void {
    if (this.#isClosed || !this.#parts.isLive()) return;
    const known = this.#awaited.get(orderId);
    this.#awaited.set(orderId, {
      orderId,
      contractId,
      since: Math.min(since, known?.since ?? since),
      dueAt: this.#parts.clock.monotonic() + behindMs,
      looks: 1,
    });
    this.#again();
  }

  #again(): void {
    const { clock } = this.#parts;
    if (this.#isClosed || this.#isReading || this.#timer || this.#awaited.size === 0) return;
    const next = Math.min(...[...this.#awaited.values()].map(({ dueAt }) => dueAt));
    this.#timer = clock.setTimer(Math.max(0, next - clock.monotonic()), () => {
      this.#timer = undefined;
      this.#look();
    });
  }

  #look(): void {
    const { clock, isLive } = this.#parts;
    // What broke off is read over as a whole.
    if (!isLive()) return this.#awaited.clear();
    const now = clock.monotonic();
    const due = [...this.#awaited.values()].filter(({ dueAt }) => dueAt <= now);
    for (const { orderId } of due) this.#awaited.delete(orderId);
    const lacking = due.filter((each) => this.#lacks(each));
    if (lacking.length === 0) return this.#again();
    this.#isReading = true;
    void this.#read(lacking)
      // A read that fails says nothing; the next one may not.
      .catch(() => undefined)
      .then(() => {
        this.#isReading = false;
        for (const each of lacking) this.#lookAgain(each);
        this.#again();
      });
  }

  /** One request each for all orders, trades and positions that do not add up. */
  async #read(lacking: readonly Awaited[]): Promise<void> {
    const { reads, orders, positions, take, moved } = this.#parts;
    const span = (of: readonly Awaited[]): { readonly from: number } => ({
      from: Math.min(...of.map(({ since }) => since)) - marginMs,
    });
    const withoutOrder = lacking.filter((each) => this.#lacksOrder(each));
    if (withoutOrder.length > 0) {
      const ids = new Set(withoutOrder.map(({ orderId }) => orderId));
      const created = withoutOrder.map((each) => ({
        ...each,
        since: Math.min(each.since, orders.find(each.orderId)?.createdAt ?? each.since),
      }));
      const readSince = orders.count;
      for (const row of await reads.orders(span(created)))
        if (!this.#isClosed && ids.has(row.orderId)) orders.see(row, { readSince });
    }
    const withoutTrades = lacking.filter((each) => this.#lacksTrades(each));
    if (withoutTrades.length > 0) {
      for (const trade of (await reads.trades(span(withoutTrades))).toSorted((a, b) => a.at - b.at))
        if (!this.#isClosed) take(trade);
    }
    if (lacking.some((each) => this.#lacksPosition(each))) {
      const count = positions.count;
      const rows = await reads.positions();
      if (this.#isClosed) return;
      for (const contractId of positions.seeAll(rows, count)) moved(contractId);
      this.begin();
    }
  }

  /** Also of what was found: an event that is later still may undo it. */
  #lookAgain(each: Awaited): void {
    const { clock, log } = this.#parts;
    const { orderId, looks } = each;
    if (this.#isClosed || this.#awaited.has(orderId)) return;
    if (looks < mostLooks)
      this.#awaited.set(orderId, {
        ...each,
        looks: looks + 1,
        dueAt: clock.monotonic() + behindMs * 2 ** looks,
      });
    else if (this.#lacksTrades(each) || this.#lacksOrder(each))
      log.warn(
        { orderId },
        'the fills of an order and what it shows as filled do not add up, at the venue either',
      );
  }

  #lacks(each: Awaited): boolean {
    return this.#lacksTrades(each) || this.#lacksOrder(each) || this.#lacksPosition(each);
  }

  #lacksTrades({ orderId }: Awaited): boolean {
    const { orders, fills } = this.#parts;
    return fills.ofOrder(orderId).quantity < (orders.find(orderId)?.filledQuantity ?? 0);
  }

  #lacksOrder({ orderId }: Awaited): boolean {
    const { orders, fills } = this.#parts;
    return fills.ofOrder(orderId).quantity > (orders.find(orderId)?.filledQuantity ?? 0);
  }

  #lacksPosition({ contractId }: Awaited): boolean {
    const held = this.#parts.positions.find(contractId);
    return (held ? signed(held) : 0) !== (this.#expected.get(contractId) ?? 0);
  }
}

function signed({ side, quantity }: Pick<Position, 'side' | 'quantity'>): number {
  return side === 'buy' ? quantity : -quantity;
}
