import type { OrderId } from '../brand.ts';
import type { FillSummary } from '../fill-summary.ts';
import type { Trade } from '../trade.ts';

/** Fills beyond this many are forgotten, oldest first. */
const keptFills = 20_000;

/** The account's fills, each once, however often and by whichever way it was told. Fills that the venue took back count no more. */
export class FillState {
  readonly #byId = new Map<string, Trade>();
  readonly #byOrder = new Map<OrderId, Map<string, Trade>>();
  readonly #told = new Set<string>();

  see(trade: Trade): void {
    this.#byId.set(trade.tradeId, trade);
    const ofOrder = this.#byOrder.get(trade.orderId) ?? new Map<string, Trade>();
    this.#byOrder.set(trade.orderId, ofOrder.set(trade.tradeId, trade));
    if (this.#byId.size > keptFills) this.#forgetOldest();
  }

  /** True the first time it is asked of a fill: listeners hear of each once. */
  claim(tradeId: string): boolean {
    if (this.#told.has(tradeId)) return false;
    this.#told.add(tradeId);
    return true;
  }

  ofOrder(orderId: OrderId): FillSummary {
    return summaryOf(this.#byOrder.get(orderId)?.values() ?? []);
  }

  /** What all fills since an instant of the venue's time come to; wall milliseconds. */
  since(at: number): FillSummary {
    return summaryOf([...this.#byId.values()].filter((trade) => trade.at >= at));
  }

  #forgetOldest(): void {
    for (const [tradeId, { orderId }] of this.#byId) {
      this.#byId.delete(tradeId);
      this.#told.delete(tradeId);
      const ofOrder = this.#byOrder.get(orderId);
      ofOrder?.delete(tradeId);
      if (ofOrder?.size === 0) this.#byOrder.delete(orderId);
      return;
    }
  }
}

function summaryOf(trades: Iterable<Trade>): FillSummary {
  let [quantity, value, fees, profitAndLoss] = [0, 0, 0, 0];
  for (const trade of trades) {
    if (trade.voided) continue;
    quantity += trade.quantity;
    value += trade.quantity * trade.price;
    fees += trade.fees;
    profitAndLoss += trade.profitAndLoss ?? 0;
  }
  return { quantity, averagePrice: quantity === 0 ? undefined : value / quantity, fees, profitAndLoss };
}
