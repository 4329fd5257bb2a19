import type { CancelOutcome, Contract, Order, OrderRef } from '@hotpath/core';
import type { Exchange, Num, Order as CcxtOrder, OrderSide, OrderType, Str } from 'ccxt';
import { InvalidOrder, RequestTimeout } from 'ccxt';
import { errorOf } from './errors.ts';
import { guardedRead, readAhead } from './guarded-read.ts';
import { innerOf } from './inner-of.ts';
import { contractOf, orderOf, quoteOf } from './market-reads.ts';
import {
  entryOf,
  modifiable,
  modifyRequest,
  needsPrice,
  numeric,
  optionsOf,
  orderRequest,
  referenceOf,
  refuseUnknown,
} from './order-parameters.ts';
import { unifiedOrder } from './unified-rows.ts';

// The methods of an exchange that change something at the venue.

type Params = Record<string, unknown>;

/** What became of several cancels. */
interface Cancelling {
  readonly outcomes: readonly CancelOutcome[];
  readonly complete: boolean;
}

const none: ReadonlySet<string> = new Set();
const named: ReadonlySet<string> = new Set(['clientOrderId']);
const closing: ReadonlySet<string> = new Set(['strategy', 'deadlineMs']);

export async function createOrder(
  exchange: Exchange,
  symbol: string,
  type: OrderType,
  side: OrderSide,
  amount: number,
  price: Num,
  params: Params,
): Promise<CcxtOrder> {
  const contract = await readAhead(() => contractOf(exchange, symbol));
  const call = { contract, type, side, amount, price, params };
  const entry = entryOf(call);
  const quote = needsPrice(entry, params)
    ? await readAhead(() => quoteOf(exchange, symbol))
    : undefined;
  const request = orderRequest(call, entry, side === 'buy' ? quote?.ask : quote?.bid);
  const outcome = await innerOf(exchange).broker.placeOrder(request);
  if (outcome.kind !== 'accepted') throw errorOf(outcome);
  return orderAfter(
    exchange,
    { orderId: outcome.orderId },
    {
      id: outcome.orderId,
      clientOrderId: outcome.clientOrderId,
      symbol,
      type,
      side,
      amount,
      price,
      status: 'open',
      info: outcome,
    },
  );
}

export async function editOrder(
  exchange: Exchange,
  id: string,
  symbol: string,
  type: OrderType,
  side: OrderSide,
  amount: Num,
  price: Num,
  params: Params,
): Promise<CcxtOrder> {
  refuseUnknown(params, modifiable);
  const { broker } = innerOf(exchange);
  const reference = referenceOf(id, params);
  const contract = await readAhead(() => contractOf(exchange, symbol));
  const before = await readAhead(() => orderOf(exchange, reference));
  const kept = before.type === 'limit' ? 'limit' : 'market';
  if (before.contractId !== contract.id)
    throw new InvalidOrder(
      `symbol is "${symbol}", and order ${before.orderId} is one of ${before.contractId}`,
    );
  if (side !== undefined && side !== before.side)
    throw new InvalidOrder(
      `side is "${side}", and order ${before.orderId} is a ${before.side}; an order keeps its side`,
    );
  if (type !== undefined && type !== kept)
    throw new InvalidOrder(
      `type is "${type}", and order ${before.orderId} is of type "${kept}"; an order keeps its type`,
    );
  const quantity = numeric('amount', amount);
  const outcome = await broker.modifyOrder(
    modifyRequest(
      { orderId: before.orderId },
      kept,
      quantity === before.quantity ? undefined : quantity,
      price,
      params,
    ),
  );
  if (outcome.kind !== 'accepted') throw errorOf(outcome);
  // What the stream has shown so far may be the order as it was.
  return orderAfter(
    exchange,
    { orderId: before.orderId },
    {
      id: before.orderId,
      symbol,
      type,
      side: before.side,
      amount: amount ?? before.quantity,
      price,
      status: 'open',
      info: outcome,
    },
    true,
  );
}

export async function cancelOrder(
  exchange: Exchange,
  id: Str,
  symbol: Str,
  params: Params,
): Promise<CcxtOrder> {
  refuseUnknown(params, named);
  const reference = referenceOf(id, params);
  // A cancel waits for no list of markets.
  if (symbol !== undefined && exchange.markets !== undefined) exchange.market(symbol);
  const outcome = await innerOf(exchange).broker.cancelOrder(reference);
  if (outcome.kind !== 'accepted') throw errorOf(outcome);
  return cancelledOrder(exchange, outcome, symbol);
}

/** Cancels this bot's orders, of a symbol or all. Throws when one is not known to be gone, `RequestTimeout` when it may still work. */
export async function cancelAllOrders(
  exchange: Exchange,
  symbol: Str,
  params: Params,
): Promise<CcxtOrder[]> {
  refuseUnknown(params, none);
  const { outcomes, complete } =
    symbol === undefined
      ? await cancelEvery(exchange)
      : await cancelEveryOf(exchange, await readAhead(() => contractOf(exchange, symbol)));
  const failed = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [] : [outcome]));
  const [first] = failed;
  if (first !== undefined && failed.every(({ kind }) => kind !== 'unknown')) throw errorOf(first);
  if (!complete)
    throw new RequestTimeout(
      `not every order is known to be gone${failed.map(({ clientOrderId, message }) => `; ${clientOrderId ?? 'an order'}: ${message}`).join('')}`,
    );
  return Promise.all(
    outcomes.flatMap((outcome) =>
      outcome.kind === 'accepted' ? [cancelledOrder(exchange, outcome, symbol)] : [],
    ),
  );
}

export async function closePosition(
  exchange: Exchange,
  symbol: string,
  side: OrderSide | undefined,
  params: Params,
): Promise<CcxtOrder> {
  refuseUnknown(params, closing);
  const options = optionsOf(params);
  const { id } = await readAhead(() => contractOf(exchange, symbol));
  if (side !== undefined) {
    const wanted = ['buy', 'long'].includes(side)
      ? 'buy'
      : ['sell', 'short'].includes(side)
        ? 'sell'
        : undefined;
    if (wanted === undefined)
      throw new InvalidOrder(`side is "${side}", must be that of the position, "long" or "short"`);
    const held = (
      await readAhead(() => guardedRead(() => innerOf(exchange).broker.getPositions()))
    ).find(({ contractId }) => contractId === id);
    if (held !== undefined && held.side !== wanted)
      throw new InvalidOrder(
        `side is "${side}", and the position is ${held.side === 'buy' ? 'long' : 'short'}`,
      );
  }
  const outcome = await innerOf(exchange).broker.closePosition({ symbol: id, ...options });
  if (outcome.kind !== 'accepted') throw errorOf(outcome);
  return exchange.safeOrder({
    info: outcome,
    symbol,
    type: 'market',
    status: outcome.remainingQuantity === 0 ? 'closed' : 'open',
    remaining: outcome.remainingQuantity,
  });
}

/** A mutation has been accepted: whatever the reads say, it is not reported as failed. */
async function orderAfter(
  exchange: Exchange,
  reference: OrderRef,
  told: Params,
  fresh = false,
): Promise<CcxtOrder> {
  try {
    const order = await innerOf(exchange).broker.getOrder(reference, { fresh });
    if (order) return unifiedOrder(exchange, order);
  } catch {
    // What the venue answered to the order itself stands.
  }
  return exchange.safeOrder(told);
}

async function cancelEvery(exchange: Exchange): Promise<Cancelling> {
  const { orders, complete } = await innerOf(exchange).broker.cancelAllOrders();
  return {
    outcomes: orders.flatMap((outcome) => (outcome.operation === 'cancel' ? [outcome] : [])),
    complete,
  };
}

async function cancelEveryOf(
  exchange: Exchange,
  { id, root, name }: Contract,
): Promise<Cancelling> {
  const { broker } = innerOf(exchange);
  const working = (): Promise<Order[]> =>
    guardedRead(async () =>
      (await broker.getOpenOrders({ fresh: true })).filter(
        ({ contractId, foreign }) => contractId === id && foreign !== true,
      ),
    );
  const listed = await readAhead(working);
  const ids = new Set(listed.map(({ orderId }) => orderId));
  // What the bot was told is unknown may be live without being shown yet.
  const hidden = broker
    .intents({ open: true })
    .filter(
      ({ contractId, orderId, request }) =>
        (contractId === undefined
          ? [id, root, name].includes(request.symbol)
          : contractId === id) &&
        (orderId === undefined || !ids.has(orderId)),
    );
  const outcomes = await Promise.all([
    ...listed.map(({ orderId }) => broker.cancelOrder({ orderId })),
    ...hidden.map(({ clientOrderId }) => broker.cancelOrder({ clientOrderId })),
  ]);
  // One may have come meanwhile. A read that fails shows nothing, and is no proof of it.
  const left = await working().catch(() => undefined);
  return {
    outcomes,
    complete: left?.length === 0 && outcomes.every(({ kind }) => kind === 'accepted'),
  };
}

async function cancelledOrder(
  exchange: Exchange,
  {
    orderId,
    filledQuantity,
    remainingQuantity,
    became,
    ...rest
  }: Extract<CancelOutcome, { kind: 'accepted' }>,
  symbol: Str,
): Promise<CcxtOrder> {
  const filled = became === 'filled';
  return orderAfter(
    exchange,
    { orderId },
    {
      id: orderId,
      symbol,
      status: filled ? 'closed' : 'canceled',
      filled: filledQuantity,
      remaining: filled ? remainingQuantity : undefined,
      info: { orderId, filledQuantity, remainingQuantity, became, ...rest },
    },
  );
}
