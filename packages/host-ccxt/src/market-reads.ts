import type { Contract, Order, OrderRef, Quote } from '@hotpath/core';
import type { Exchange, Str } from 'ccxt';
import { OrderNotFound } from 'ccxt';
import { guardedRead } from './guarded-read.ts';
import { innerOf } from './inner-of.ts';

// What several methods of an exchange have to know first. Each loads the markets where that has not been done.

/** Rejects where a symbol is given that no market has. */
export async function knownSymbol(exchange: Exchange, symbol: Str): Promise<void> {
  await exchange.loadMarkets();
  if (symbol !== undefined) exchange.market(symbol);
}

export async function contractOf(exchange: Exchange, symbol: string): Promise<Contract> {
  await exchange.loadMarkets();
  return exchange.market(symbol).info as Contract;
}

export async function quoteOf(exchange: Exchange, symbol: string): Promise<Quote> {
  const { id } = await contractOf(exchange, symbol);
  return guardedRead(() => innerOf(exchange).quotes.read(id, symbol));
}

export async function orderOf(exchange: Exchange, reference: OrderRef): Promise<Order> {
  await exchange.loadMarkets();
  const order = await guardedRead(() => innerOf(exchange).broker.getOrder(reference));
  if (!order)
    throw new OrderNotFound(
      `the venue shows no order ${reference.orderId ?? reference.clientOrderId}`,
    );
  return order;
}
