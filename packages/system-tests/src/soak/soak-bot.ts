import type { Broker, OrderRequest, Subscription } from '@hotpath/core';
import { isFinal } from '@hotpath/core';
import type { OrderLedger } from './order-ledger.ts';

const symbols = ['MNQ', 'MES'] as const;
type TradedSymbol = (typeof symbols)[number];

export interface SoakBotParts {
  readonly ledger: OrderLedger;
  readonly broker: Broker<'fast' | 'fallback'>;
  /** Of its client order ids. */
  readonly prefix: string;
  readonly chance: () => number;
  readonly now: () => number;
  /** Told of what no bot should meet. */
  readonly meets: (error: unknown) => void;
}

/** A bot that does a bit of everything, by chance. */
export class SoakBot {
  readonly ledger: OrderLedger;
  readonly #broker: Broker<'fast' | 'fallback'>;
  readonly #chance: () => number;
  readonly #now: () => number;
  readonly #prefix: string;
  readonly #meets: (error: unknown) => void;
  readonly #markets = new Map<TradedSymbol, Subscription>();

  constructor({ ledger, broker, prefix, chance, now, meets }: SoakBotParts) {
    this.ledger = ledger;
    this.#broker = broker;
    this.#prefix = prefix;
    this.#chance = chance;
    this.#now = now;
    this.#meets = meets;
  }

  /** After each start, and after a roll. */
  async watch(): Promise<void> {
    for (const symbol of symbols) {
      await this.#markets.get(symbol)?.close();
      this.#markets.set(
        symbol,
        await this.#broker.subscribe({ symbol, channels: ['quotes', 'trades', 'depth'] }),
      );
    }
  }

  /** One decision. Reads may fail, as they may for any bot; whatever else is thrown is kept. */
  async act(): Promise<void> {
    const broker = this.#broker;
    const roll = this.#chance();
    try {
      if (roll < 0.3)
        return await this.#place({
          ...this.#entry('MNQ'),
          type: 'market',
          bracket: this.#bracket(),
        });
      if (roll < 0.55) return await this.#placeNear('MNQ', 8);
      if (roll < 0.65) return await this.#placeNear('MES', 400);
      if (roll < 0.8) return await this.#changeOne('cancel');
      if (roll < 0.88) return await this.#changeOne('modify');
      if (roll < 0.95) return void (await broker.closePosition({ symbol: 'MNQ' }));
      if (roll < 0.98) return void (await broker.reducePosition({ symbol: 'MNQ', quantity: 1 }));
      if (roll < 0.99) return void (await broker.cancelAllOrders());
      return await this.#checkBars();
    } catch (error) {
      if (!(error instanceof Error && 'isHotpathError' in error)) this.#meets(error);
    }
  }

  #entry(symbol: TradedSymbol): {
    readonly symbol: TradedSymbol;
    readonly side: 'buy' | 'sell';
    readonly quantity: number;
    readonly clientOrderId: string;
  } {
    return {
      symbol,
      side: this.#chance() < 0.5 ? 'buy' : 'sell',
      quantity: 1 + Math.floor(this.#chance() * 3),
      clientOrderId: `${this.#prefix}-${this.ledger.count + 1}`,
    };
  }

  #bracket(): OrderRequest['bracket'] {
    return {
      stopLossTicks: 8 + Math.floor(this.#chance() * 60),
      takeProfitTicks: 8 + Math.floor(this.#chance() * 60),
    };
  }

  /** A limit order beside the market, as long as its price is to be seen. */
  async #placeNear(symbol: TradedSymbol, ticks: number): Promise<void> {
    const watched = this.#markets.get(symbol);
    const last = watched?.quote?.last;
    if (last === undefined || watched?.isLive !== true) return;
    const entry = this.#entry(symbol);
    const away = Math.ceil(this.#chance() * ticks) * 0.25;
    await this.#place({
      ...entry,
      type: 'limit',
      limitPrice: entry.side === 'buy' ? last - away : last + away,
      ...(symbol === 'MNQ' && { bracket: this.#bracket() }),
    });
  }

  async #checkBars(): Promise<void> {
    const [from, to] = [this.#now() - 6 * 3_600_000, this.#now()];
    const bars = await this.#broker.getBars({ symbol: 'MNQ', from, to, unit: 'minute' });
    if (bars.some(({ at }, index) => at < from || at >= to || at <= (bars[index - 1]?.at ?? 0)))
      this.#meets(new Error('bars came out of order or out of their span'));
  }

  async #place(order: OrderRequest & { readonly clientOrderId: string }): Promise<void> {
    this.ledger.called(order.clientOrderId);
    const outcome = await this.#broker.placeOrder(order);
    this.ledger.told(order.clientOrderId, outcome);
    if (outcome.kind === 'unknown' && !outcome.final)
      this.ledger.told(order.clientOrderId, await outcome.resolved);
  }

  async #changeOne(how: 'cancel' | 'modify'): Promise<void> {
    const orders = (await this.#broker.getOpenOrders()).filter(
      ({ clientOrderId, status, parentOrderId }) =>
        parentOrderId === undefined &&
        clientOrderId !== undefined &&
        this.ledger.has(clientOrderId) &&
        !isFinal(status),
    );
    const order = orders[Math.floor(this.#chance() * orders.length)];
    if (!order) return;
    if (how === 'cancel') await this.#broker.cancelOrder({ orderId: order.orderId });
    else if (order.limitPrice !== undefined)
      await this.#broker.modifyOrder({
        orderId: order.orderId,
        limitPrice: order.limitPrice + (this.#chance() < 0.5 ? -1 : 1),
      });
  }
}
