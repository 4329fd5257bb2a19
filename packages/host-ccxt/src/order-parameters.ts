import type { Bracket, Contract, ModifyRequest, OrderRequest, Side } from '@hotpath/core';
import { ArgumentsRequired, InvalidOrder, NotSupported } from 'ccxt';

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

type Params = Readonly<Record<string, unknown>>;

/** A call of createOrder. */
export interface CreateOrder {
  readonly contract: Contract;
  readonly type: string;
  readonly side: string | undefined;
  readonly amount: number;
  readonly price: number | undefined;
  readonly params: Params;
}

/** What it asks for. Throws ccxt's own errors, naming the parameter: one that can't be kept is refused, never dropped. `reference`: the price that a market order is expected to fill at; undefined when none is known. */
export function orderRequest({ contract, type, side: given, amount, price, params }: CreateOrder, reference: number | undefined): OrderRequest {
  refuseUnknown(params);
  if (given !== 'buy' && given !== 'sell') throw new InvalidOrder(`side is ${shown(given)}, must be "buy" or "sell"`);
  const side: Side = given;
  if (type !== 'market' && type !== 'limit') throw new InvalidOrder(`type is ${shown(type)}, must be "market" or "limit"; a stop is a market order with params.triggerPrice`);
  const bracket = bracketOf(contract, side, type === 'limit' ? price : reference, params);
  const fields = { symbol: contract.id, side, quantity: amount, ...(bracket && { bracket }), ...optionsOf(params), ...clientOrderIdOf(params) };
  const stopPrice = numberOf(params, 'triggerPrice') ?? numberOf(params, 'stopPrice') ?? numberOf(params, 'stopLossPrice');
  const trailPrice = numberOf(params, 'trailingTriggerPrice');
  const trailingAmount = numberOf(params, 'trailingAmount');
  if (type === 'limit') {
    const extra = stopPrice ?? trailPrice ?? trailingAmount;
    if (extra !== undefined) throw new NotSupported('a stop or trail with a limit price: the venue has none; use type "market"');
    if (price === undefined) throw new ArgumentsRequired('price: a limit order needs one');
    return { ...fields, type: 'limit', limitPrice: price };
  }
  if (trailPrice !== undefined) return { ...fields, type: 'trailing-stop', trailPrice };
  if (trailingAmount !== undefined) return { ...fields, type: 'trailing-stop', trailTicks: ticksOf('params.trailingAmount', trailingAmount, contract) };
  if (stopPrice !== undefined) return { ...fields, type: 'stop', stopPrice };
  return { ...fields, type: 'market' };
}

/** What editOrder asks for: new values of the order it names. */
export function modifyRequest(id: string, type: string, isStop: boolean, amount: number | undefined, price: number | undefined, params: Params): ModifyRequest {
  refuseUnknown(params, new Set(['triggerPrice', 'stopPrice', 'stopLossPrice', 'trailingTriggerPrice', 'clientOrderId', 'timeInForce', ...own]));
  if (params['clientOrderId'] !== undefined) throw new NotSupported('params.clientOrderId: an order keeps its own');
  const stopPrice = numberOf(params, 'triggerPrice') ?? numberOf(params, 'stopPrice') ?? numberOf(params, 'stopLossPrice');
  const trailPrice = numberOf(params, 'trailingTriggerPrice');
  if (type === 'market' && price !== undefined && !isStop) throw new InvalidOrder('price: an order of type "market" has none to change');
  return {
    orderId: id,
    ...(amount !== undefined && { quantity: amount }),
    ...(price !== undefined && { limitPrice: price }),
    ...(stopPrice !== undefined && { stopPrice }),
    ...(trailPrice !== undefined && { trailPrice }),
    ...optionsOf(params),
  };
}

/** Throws for a parameter that a method does not know. */
export function refuseUnknown(params: Params, allowed: ReadonlySet<string> = known): void {
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    if (!allowed.has(name)) throw new NotSupported(`params.${name}: there is no such thing here; leave it out`);
    if (name === 'timeInForce' && value !== 'GTC') throw new NotSupported(`params.timeInForce is ${shown(value)}: orders work until they are cancelled, so only "GTC" holds`);
    if (name === 'postOnly' && value !== false) throw new NotSupported('params.postOnly: the venue has no such orders');
    if (name === 'reduceOnly' && value !== false) throw new NotSupported('params.reduceOnly: the venue has no such orders; closePosition() gets out of a position');
  }
}

function optionsOf(params: Params): { readonly strategy?: string; readonly deadlineMs?: number } {
  const { strategy } = params;
  if (strategy !== undefined && typeof strategy !== 'string') throw new InvalidOrder(`params.strategy is ${shown(strategy)}, must be a text`);
  const deadlineMs = numberOf(params, 'deadlineMs');
  return { ...(strategy !== undefined && { strategy }), ...(deadlineMs !== undefined && { deadlineMs }) };
}

function clientOrderIdOf({ clientOrderId }: Params): { readonly clientOrderId?: string } {
  if (clientOrderId === undefined) return {};
  if (typeof clientOrderId !== 'string') throw new InvalidOrder(`params.clientOrderId is ${shown(clientOrderId)}, must be a text`);
  return { clientOrderId };
}

function bracketOf(contract: Contract, side: Side, reference: number | undefined, params: Params): Bracket | undefined {
  const direction = side === 'buy' ? 1 : -1;
  const stopLossTicks = legOf('stopLoss', contract, -direction, reference, params['stopLoss']);
  const takeProfitTicks = legOf('takeProfit', contract, direction, reference, params['takeProfit']);
  if (stopLossTicks === undefined && takeProfitTicks === undefined) return undefined;
  return { ...(stopLossTicks !== undefined && { stopLossTicks }), ...(takeProfitTicks !== undefined && { takeProfitTicks }) };
}

/** Ticks from the fill. The venue keeps distances and no prices, so a price is a distance from where the entry is expected to fill. */
function legOf(name: 'stopLoss' | 'takeProfit', contract: Contract, direction: number, reference: number | undefined, given: unknown): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null) throw new InvalidOrder(`params.${name} is ${shown(given)}, must be { triggerPrice } or { ticks }`);
  const leg: Params = { ...given };
  refuseUnknown(leg, new Set(['triggerPrice', 'ticks', 'type']));
  if (leg['type'] !== undefined && leg['type'] !== (name === 'stopLoss' ? 'market' : 'limit')) throw new NotSupported(`params.${name}.type is ${shown(leg['type'])}: a stop loss is a stop at the market, a take profit a limit order`);
  const ticks = numberOf(leg, 'ticks');
  if (ticks !== undefined) return ticks;
  const triggerPrice = numberOf(leg, 'triggerPrice');
  if (triggerPrice === undefined) throw new ArgumentsRequired(`params.${name}: needs a triggerPrice, or ticks from the fill`);
  if (reference === undefined) throw new ArgumentsRequired(`params.${name}.triggerPrice: no price is known yet to measure it from; give params.${name}.ticks`);
  const distance = (triggerPrice - reference) * direction;
  if (distance <= 0) throw new InvalidOrder(`params.${name}.triggerPrice is ${triggerPrice}, on the wrong side of ${reference}`);
  return ticksOf(`params.${name}.triggerPrice`, distance, contract);
}

function ticksOf(name: string, distance: number, { tickSize }: Contract): number {
  const ticks = Math.round(distance / tickSize);
  if (ticks < 1 || Math.abs(ticks * tickSize - distance) > tickSize * 1e-6) throw new InvalidOrder(`${name}: ${distance} is no whole number of ticks of ${tickSize}`);
  return ticks;
}

function numberOf(params: Params, name: string): number | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new InvalidOrder(`params.${name} is ${shown(value)}, must be a number`);
  return number;
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
