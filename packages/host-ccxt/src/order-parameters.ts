import type { Bracket, Contract, ModifyRequest, OrderRef, OrderRequest, Side } from '@hotpath/core';
import { ArgumentsRequired, BadRequest, InvalidOrder, NotSupported } from 'ccxt';

/** What a bot may give in `params`, beside what has a place of its own. */
const known = new Set([
  'clientOrderId',
  'triggerPrice',
  'stopPrice',
  'stopLossPrice',
  'trailingAmount',
  'trailingTriggerPrice',
  'stopLoss',
  'takeProfit',
  'timeInForce',
  'postOnly',
  'reduceOnly',
  'strategy',
  'deadlineMs',
]);
const own = ['strategy', 'deadlineMs'] as const;
/** ccxt's names of the price that sets a stop off. */
const triggers = ['triggerPrice', 'stopPrice', 'stopLossPrice'] as const;

type Params = Readonly<Record<string, unknown>>;

/** A call of createOrder. Amounts and prices may be the texts that amountToPrecision and priceToPrecision give. */
export interface CreateOrder {
  readonly contract: Contract;
  readonly type: string;
  readonly side: string | undefined;
  readonly amount: unknown;
  readonly price: unknown;
  readonly params: Params;
}

/** When and at what price the order enters, as far as it is known before the market is asked. */
export type Entry =
  | { readonly type: 'market' }
  | { readonly type: 'limit'; readonly limitPrice: number }
  | { readonly type: 'stop'; readonly stopPrice: number }
  | { readonly type: 'trailing-stop'; readonly trailPrice: number }
  | { readonly type: 'trailing-stop'; readonly trailTicks: number };

/** Throws ccxt's own errors, naming the parameter: one that can't be kept is refused, never dropped. */
export function entryOf({
  contract,
  type,
  price,
  params,
}: Pick<CreateOrder, 'contract' | 'type' | 'price' | 'params'>): Entry {
  refuseUnknown(params);
  if (type !== 'market' && type !== 'limit')
    throw new InvalidOrder(
      `type is ${shown(type)}, must be "market" or "limit"; a stop is a market order with params.triggerPrice`,
    );
  const stopPrice = triggerOf(params);
  const trailPrice = numberOf(params, 'trailingTriggerPrice');
  const trailingAmount = numberOf(params, 'trailingAmount');
  if (type === 'limit') {
    if ((stopPrice ?? trailPrice ?? trailingAmount) !== undefined)
      throw new NotSupported(
        'a stop or trail with a limit price: the venue has none; use type "market"',
      );
    const limitPrice = numeric('price', price);
    if (limitPrice === undefined) throw new ArgumentsRequired('price: a limit order needs one');
    return { type: 'limit', limitPrice };
  }
  if (trailPrice !== undefined && trailingAmount !== undefined)
    throw new NotSupported(
      'params.trailingAmount: a trail here begins at once, from a price or by an amount; leave one of the two out',
    );
  if (stopPrice !== undefined && (trailPrice ?? trailingAmount) !== undefined)
    throw new NotSupported(
      `params.${trailPrice === undefined ? 'trailingAmount' : 'trailingTriggerPrice'}: a stop either stands or trails`,
    );
  if (trailPrice !== undefined) return { type: 'trailing-stop', trailPrice };
  if (trailingAmount !== undefined)
    return {
      type: 'trailing-stop',
      trailTicks: ticksOf('params.trailingAmount', trailingAmount, contract),
    };
  return stopPrice === undefined ? { type: 'market' } : { type: 'stop', stopPrice };
}

/** True when a price of now is needed to say what the order is: a market order's legs are measured from what it would get, and a trail begins at the last price. */
export function needsPrice(entry: Entry, params: Params): boolean {
  if (entry.type === 'trailing-stop') return 'trailTicks' in entry;
  return (
    entry.type === 'market' &&
    [params['stopLoss'], params['takeProfit']].some(
      (leg) => typeof leg === 'object' && leg !== null && 'triggerPrice' in leg,
    )
  );
}

/** What the call asks for. `marketPrice`: what a market order would get; undefined when none is known. */
export function orderRequest(
  { contract, side: given, amount, params }: CreateOrder,
  entry: Entry,
  marketPrice: number | undefined,
): OrderRequest {
  if (given !== 'buy' && given !== 'sell')
    throw new InvalidOrder(`side is ${shown(given)}, must be "buy" or "sell"`);
  const side: Side = given;
  const quantity = numeric('amount', amount);
  if (quantity === undefined)
    throw new ArgumentsRequired('amount: an order needs a number of contracts');
  const bracket = bracketOf(contract, side, entry, marketPrice, params);
  const fields = {
    symbol: contract.id,
    side,
    quantity,
    ...(bracket && { bracket }),
    ...optionsOf(params),
    ...clientOrderIdOf(params),
  };
  return { ...fields, ...entry };
}

/** What editOrder asks for: new values of the order it names. */
export function modifyRequest(
  reference: OrderRef,
  type: 'market' | 'limit',
  amount: number | undefined,
  price: unknown,
  params: Params,
): ModifyRequest {
  const limitPrice = numeric('price', price);
  if (type === 'market' && limitPrice !== undefined)
    throw new InvalidOrder(
      'price: an order of type "market" has none to change; a stop has params.triggerPrice',
    );
  const stopPrice = triggerOf(params);
  const trailPrice = numberOf(params, 'trailingTriggerPrice');
  return {
    ...reference,
    ...(amount !== undefined && { quantity: amount }),
    ...(limitPrice !== undefined && { limitPrice }),
    ...(stopPrice !== undefined && { stopPrice }),
    ...(trailPrice !== undefined && { trailPrice }),
    ...optionsOf(params),
  };
}
export const modifiable: ReadonlySet<string> = new Set([
  ...triggers,
  'trailingTriggerPrice',
  'clientOrderId',
  'timeInForce',
  ...own,
]);

/** Which order a call means: by its id, or by `params.clientOrderId` with an empty id. */
export function referenceOf(id: string | undefined, { clientOrderId }: Params): OrderRef {
  const hasId = id !== undefined && id !== '';
  if (hasId && clientOrderId !== undefined)
    throw new InvalidOrder(
      'params.clientOrderId: the order is named by its id already; give one of the two, with an empty id',
    );
  if (hasId) return { orderId: id };
  if (typeof clientOrderId === 'string') return { clientOrderId };
  throw new ArgumentsRequired('id: name the order by its id, or by params.clientOrderId');
}

/** Throws for a parameter that a method does not know. */
export function refuseUnknown(params: Params, allowed: ReadonlySet<string> = known): void {
  for (const [name, value] of entriesOf(params)) {
    if (value === undefined) continue;
    if (!allowed.has(name))
      throw new NotSupported(`params.${name}: there is no such thing here; leave it out`);
    if (name === 'timeInForce' && value !== 'GTC')
      throw new NotSupported(
        `params.timeInForce is ${shown(value)}: orders work until they are cancelled, so only "GTC" holds`,
      );
    if (name === 'postOnly' && value !== false)
      throw new NotSupported('params.postOnly: the venue has no such orders');
    if (name === 'reduceOnly' && value !== false)
      throw new NotSupported(
        'params.reduceOnly: the venue has no such orders; closePosition() gets out of a position',
      );
  }
}

function entriesOf(params: unknown): readonly (readonly [string, unknown])[] {
  // safeguard: parameters that are none are refused by name
  if (typeof params !== 'object' || params === null)
    throw new BadRequest(`params is ${shown(params)}, must be an object`);
  // end of safeguard
  try {
    return Object.entries(params);
  } catch {
    throw new BadRequest("params can't be read, must be a plain object");
  }
}

export function optionsOf(params: Params): {
  readonly strategy?: string;
  readonly deadlineMs?: number;
} {
  const { strategy } = params;
  if (strategy !== undefined && typeof strategy !== 'string')
    throw new InvalidOrder(`params.strategy is ${shown(strategy)}, must be a text`);
  const deadlineMs = numberOf(params, 'deadlineMs');
  return {
    ...(strategy !== undefined && { strategy }),
    ...(deadlineMs !== undefined && { deadlineMs }),
  };
}

/** A number, or the text of one; undefined when nothing is given. */
export function numeric(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw new InvalidOrder(`${name} is ${shown(value)}, must be a number`);
  return number;
}

function numberOf(params: Params, name: string): number | undefined {
  return numeric(`params.${name}`, params[name]);
}

/** The names stand for one price, so two that differ can't both be kept. */
function triggerOf(params: Params): number | undefined {
  let price: number | undefined;
  for (const name of triggers) {
    const given = numberOf(params, name);
    if (given !== undefined && price !== undefined && given !== price)
      throw new NotSupported(
        `params.${name} is ${given}, and the order is set off at ${price} already: it has one such price`,
      );
    price ??= given;
  }
  return price;
}

function clientOrderIdOf({ clientOrderId }: Params): { readonly clientOrderId?: string } {
  if (clientOrderId === undefined) return {};
  if (typeof clientOrderId !== 'string')
    throw new InvalidOrder(`params.clientOrderId is ${shown(clientOrderId)}, must be a text`);
  return { clientOrderId };
}

function bracketOf(
  contract: Contract,
  side: Side,
  entry: Entry,
  marketPrice: number | undefined,
  params: Params,
): Bracket | undefined {
  const direction = side === 'buy' ? 1 : -1;
  const stopLossTicks = legOf(
    'stopLoss',
    contract,
    -direction,
    entry,
    marketPrice,
    params['stopLoss'],
  );
  const takeProfitTicks = legOf(
    'takeProfit',
    contract,
    direction,
    entry,
    marketPrice,
    params['takeProfit'],
  );
  if (stopLossTicks === undefined && takeProfitTicks === undefined) return undefined;
  return {
    ...(stopLossTicks !== undefined && { stopLossTicks }),
    ...(takeProfitTicks !== undefined && { takeProfitTicks }),
  };
}

/** Ticks from the fill. The venue keeps distances and no prices, so a price is a distance from where the entry is expected to fill. */
function legOf(
  name: 'stopLoss' | 'takeProfit',
  contract: Contract,
  direction: number,
  entry: Entry,
  marketPrice: number | undefined,
  given: unknown,
): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null)
    throw new InvalidOrder(
      `params.${name} is ${shown(given)}, must be { triggerPrice } or { ticks }`,
    );
  const leg: Params = { ...given };
  refuseUnknown(leg, new Set(['triggerPrice', 'ticks', 'type']));
  if (leg['type'] !== undefined && leg['type'] !== (name === 'stopLoss' ? 'market' : 'limit'))
    throw new NotSupported(
      `params.${name}.type is ${shown(leg['type'])}: a stop loss is a stop at the market, a take profit a limit order`,
    );
  const ticks = numeric(`params.${name}.ticks`, leg['ticks']);
  const triggerPrice = numeric(`params.${name}.triggerPrice`, leg['triggerPrice']);
  if (ticks !== undefined && triggerPrice !== undefined)
    throw new NotSupported(`params.${name}: a triggerPrice and ticks are two distances; give one`);
  if (ticks !== undefined) return ticks;
  if (triggerPrice === undefined)
    throw new ArgumentsRequired(`params.${name}: needs a triggerPrice, or ticks from the fill`);
  if (entry.type === 'trailing-stop')
    throw new NotSupported(
      `params.${name}.triggerPrice: nobody knows where an order that trails will fill; give params.${name}.ticks`,
    );
  const reference =
    entry.type === 'limit'
      ? entry.limitPrice
      : entry.type === 'stop'
        ? entry.stopPrice
        : marketPrice;
  if (reference === undefined)
    throw new ArgumentsRequired(
      `params.${name}.triggerPrice: no price is known yet to measure it from; give params.${name}.ticks`,
    );
  const distance = (triggerPrice - reference) * direction;
  if (distance <= 0)
    throw new InvalidOrder(
      `params.${name}.triggerPrice is ${triggerPrice}, on the wrong side of ${reference}`,
    );
  return ticksOf(`params.${name}.triggerPrice`, distance, contract);
}

function ticksOf(name: string, distance: number, { tickSize }: Contract): number {
  const ticks = Math.round(distance / tickSize);
  if (ticks < 1 || Math.abs(ticks * tickSize - distance) > tickSize * 1e-6)
    throw new InvalidOrder(`${name}: ${distance} is no whole number of ticks of ${tickSize}`);
  return ticks;
}

/** Never throws. */
export function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return `of type ${typeof value}`;
  }
}
