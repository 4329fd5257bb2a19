import type { Broker, OrderRequest, Subscription } from '@hotpath/core';
import { isFinal } from '@hotpath/core';
import type { OrderLedger } from './order-ledger.ts';

const symbols = ['MNQ', 'MES'] as const;
type TradedSymbol = (typeof symbols)[number];

/** A bot that does a bit of everything, by chance. It outlives its broker. */
export class SoakBot {
  readonly ledger: OrderLedger;
  readonly #chance: () => number;
  readonly #now: () => number;
  readonly #prefix: string;
  #placed = 0;
  readonly #markets = new Map<TradedSymbol, Subscription>();
  readonly errors: unknown[] = [];

  constructor(ledger: OrderLedger, prefix: string, chance: () => number, now: () => number) {
    this.#now = now;
    this.ledger = ledger;
    this.#prefix = prefix;
    this.#chance = chance;
  }

  /** After each start, and after a roll. */
  async watch(broker: Broker<'fast' | 'fallback'>): Promise<void> {
    for (const symbol of symbols) {
      await this.#markets.get(symbol)?.close();
      this.#markets.set(symbol, await broker.subscribe({ symbol, channels: ['quotes', 'trades', 'depth'] }));
    }
  }

  /** One decision. Reads may fail, as they may for any bot; whatever else is thrown is kept. */
  async act(broker: Broker<'fast' | 'fallback'>): Promise<void> {
    const roll = this.#chance();
    try {
      if (roll < 0.3) return await this.#place(broker, { ...this.#entry('MNQ'), type: 'market', bracket: this.#bracket() });
      if (roll < 0.55) return await this.#placeNear(broker, 'MNQ', 8);
      if (roll < 0.65) return await this.#placeNear(broker, 'MES', 400);
      if (roll < 0.8) return await this.#changeOne(broker, 'cancel');
      if (roll < 0.88) return await this.#changeOne(broker, 'modify');
      if (roll < 0.95) return void (await broker.closePosition({ symbol: 'MNQ' }));
      if (roll < 0.98) return void (await broker.reducePosition({ symbol: 'MNQ', quantity: 1 }));
      if (roll < 0.99) return void (await broker.cancelAllOrders());
      return await this.#checkBars(broker);
    } catch (error) {
      if (!(error instanceof Error && 'isHotpathError' in error)) this.errors.push(error);
    }
  }

  #entry(symbol: TradedSymbol): { readonly symbol: TradedSymbol; readonly side: 'buy' | 'sell'; readonly quantity: number; readonly clientOrderId: string } {
    this.#placed += 1;
    return { symbol, side: this.#chance() < 0.5 ? 'buy' : 'sell', quantity: 1 + Math.floor(this.#chance() * 3), clientOrderId: `${this.#prefix}-${this.#placed}` };
  }

  #bracket(): OrderRequest['bracket'] {
    return { stopLossTicks: 8 + Math.floor(this.#chance() * 60), takeProfitTicks: 8 + Math.floor(this.#chance() * 60) };
  }

  /** A limit order beside the market, as long as its price is to be seen. */
  async #placeNear(broker: Broker<'fast' | 'fallback'>, symbol: TradedSymbol, ticks: number): Promise<void> {
    const watched = this.#markets.get(symbol);
    const last = watched?.quote?.last;
    if (last === undefined || watched?.isLive !== true) return;
    const entry = this.#entry(symbol);
    const away = Math.ceil(this.#chance() * ticks) * 0.25;
    await this.#place(broker, { ...entry, type: 'limit', limitPrice: entry.side === 'buy' ? last - away : last + away, ...(symbol === 'MNQ' && { bracket: this.#bracket() }) });
  }

  async #checkBars(broker: Broker<'fast' | 'fallback'>): Promise<void> {
    const [from, to] = [this.#now() - 6 * 3_600_000, this.#now()];
    const bars = await broker.getBars({ symbol: 'MNQ', from, to, unit: 'minute' });
    if (bars.some(({ at }, index) => at < from || at >= to || at <= (bars[index - 1]?.at ?? 0))) this.errors.push(new Error('bars came out of order or out of their span'));
  }

  async #place(broker: Broker<'fast' | 'fallback'>, order: OrderRequest & { readonly clientOrderId: string }): Promise<void> {
    this.ledger.called(order.clientOrderId);
    const outcome = await broker.placeOrder(order);
    this.ledger.told(order.clientOrderId, outcome);
    if (outcome.kind === 'unknown' && !outcome.final) this.ledger.told(order.clientOrderId, await outcome.resolved);
  }

  async #changeOne(broker: Broker<'fast' | 'fallback'>, how: 'cancel' | 'modify'): Promise<void> {
    const orders = (await broker.getOpenOrders()).filter(({ clientOrderId, status, parentOrderId }) => parentOrderId === undefined && clientOrderId !== undefined && this.ledger.has(clientOrderId) && !isFinal(status));
    const order = orders[Math.floor(this.#chance() * orders.length)];
    if (!order) return;
    if (how === 'cancel') await broker.cancelOrder({ orderId: order.orderId });
    else if (order.limitPrice !== undefined) await broker.modifyOrder({ orderId: order.orderId, limitPrice: order.limitPrice + (this.#chance() < 0.5 ? -1 : 1) });
  }
}
