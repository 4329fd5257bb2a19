import type { OrderId } from '../brand.ts';
import type { FillSummary } from '../fill-summary.ts';
import type { Order } from '../order.ts';
import type { Trade } from '../trade.ts';

/** Fills beyond this many are forgotten, oldest first. No more than half a power of two: a map that loses as many as it gains then stays as large as it is. */
const keptFills = 16_000;
const clearedAtOnce = 64;

interface Held {
  trade: Trade;
  /** Listeners have heard of it. */
  isTold: boolean;
  /** The fill before it of the same order: most orders have one fill, and a list for each would weigh as much as the fill. */
  before: Held | undefined;
}

/** The account's fills, each once, however often and by whichever way it was told. Fills that the venue took back count no more. */
export class FillState {
  readonly #byId = new Map<string, Held>();
  /** The newest fill of each order. */
  readonly #byOrder = new Map<OrderId, Held>();
  /** In the order in which they came, from `#oldest` on: finding the first of a map of this size costs more than all the rest. */
  readonly #ids: string[] = [];
  #oldest = 0;

  /** True for one that was not known. */
  see(trade: Trade): boolean {
    const known = this.#byId.get(trade.tradeId);
    if (known) {
      // safeguard: a fill told again stays as it was told first
      known.trade = toldAgain(known.trade, trade);
      return false;
    }
    const held: Held = { trade, isTold: false, before: this.#byOrder.get(trade.orderId) };
    this.#byId.set(trade.tradeId, held);
    this.#ids.push(trade.tradeId);
    this.#byOrder.set(trade.orderId, held);
    if (this.#byId.size > keptFills) this.#forgetOldest();
    return true;
  }

  /**
   * Whether a trade may tell once more, under another id, of a fill that is known: the gateway repeats the trade that opened a position at each close of it, and whether under its own id was not recorded.
   * A repeat has no result. It goes beyond what its order can fill at all, or is like a known fill of the order and goes beyond what the order's row shows as filled: `order`, undefined while there is no row.
   */
  mayBeRepeat(
    trade: Trade,
    order: Pick<Order, 'quantity' | 'filledQuantity'> | undefined,
  ): boolean {
    if (trade.profitAndLoss !== undefined || trade.voided || this.#byId.has(trade.tradeId))
      return false;
    const { quantity } = this.ofOrder(trade.orderId);
    if (quantity === 0 || quantity + trade.quantity <= (order?.filledQuantity ?? 0)) return false;
    if (order && quantity + trade.quantity > order.quantity) return true;
    for (const { trade: known } of this.#ofOrder(trade.orderId))
      if (
        !known.voided &&
        known.price === trade.price &&
        known.side === trade.side &&
        trade.quantity <= known.quantity
      )
        return true;
    return false;
  }

  /** When the last known fill of an order was, milliseconds since the epoch by the venue's clock; undefined without one. */
  lastOf(orderId: OrderId): number | undefined {
    let last: number | undefined;
    for (const { trade } of this.#ofOrder(orderId))
      if (!trade.voided) last = Math.max(last ?? trade.at, trade.at);
    return last;
  }

  /** Of every fill that is known by now listeners have heard, or they never need to. */
  claimAll(): void {
    for (const held of this.#byId.values()) held.isTold = true;
  }

  /** True the first time it is asked of a fill that was seen: listeners hear of each once. */
  claim(tradeId: string): boolean {
    const held = this.#byId.get(tradeId);
    if (!held || held.isTold) return false;
    held.isTold = true;
    return true;
  }

  /** Whether any fill of an order is known, taken back or not. */
  has(orderId: OrderId): boolean {
    return this.#byOrder.has(orderId);
  }

  ofOrder(orderId: OrderId): FillSummary {
    return summaryOf(this.#ofOrder(orderId));
  }

  /** What all fills since an instant of the venue's time come to; wall milliseconds. */
  since(at: number): FillSummary {
    return summaryOf([...this.#byId.values()].filter(({ trade }) => trade.at >= at));
  }

  #forgetOldest(): void {
    const tradeId = this.#ids[this.#oldest] ?? '';
    this.#oldest += 1;
    if (this.#oldest === clearedAtOnce) {
      this.#ids.splice(0, clearedAtOnce);
      this.#oldest = 0;
    }
    const held = this.#byId.get(tradeId);
    if (!held) return;
    this.#byId.delete(tradeId);
    const { orderId } = held.trade;
    // The oldest of all is the last in its order's chain.
    if (this.#byOrder.get(orderId) === held) this.#byOrder.delete(orderId);
    for (const other of this.#ofOrder(orderId)) if (other.before === held) other.before = undefined;
  }

  *#ofOrder(orderId: OrderId): Generator<Held> {
    for (let held = this.#byOrder.get(orderId); held; held = held.before) yield held;
  }
}

/** A fill is what it was first told as, also where a later row leaves its result out or has another order or time; what a later row knows beyond that is added. */
function toldAgain(first: Trade, again: Trade): Trade {
  return {
    ...first,
    profitAndLoss: first.profitAndLoss ?? again.profitAndLoss,
    fees: Math.max(first.fees, again.fees),
    voided: first.voided || again.voided,
  };
}

function summaryOf(held: Iterable<Held>): FillSummary {
  let [quantity, value, fees, profitAndLoss] = [0, 0, 0, 0];
  for (const { trade } of held) {
    if (trade.voided) continue;
    quantity += trade.quantity;
    value += trade.quantity * trade.price;
    fees += trade.fees;
    profitAndLoss += trade.profitAndLoss ?? 0;
  }
  return {
    quantity,
    averagePrice: quantity === 0 ? undefined : value / quantity,
    fees,
    profitAndLoss,
  };
}
