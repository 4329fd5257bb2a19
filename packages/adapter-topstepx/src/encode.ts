import type {
  Authorization,
  Bracket,
  Contract,
  Encoded,
  Intent,
  OrderChange,
  OrderRequest,
  Side,
  ValidatedOrder,
} from '@hotpath/core';
import { decimalText, nearestTicks, priceOfTicks } from '@hotpath/core';
import { mutations } from './endpoints.ts';
import { sideNumbers, typeNumbers } from './enumerations.ts';

/** The last traded price of a contract, when a fresh one is known. */
export type LastPrice = (contract: Contract) => number | undefined;

/** Writes an intent as the gateway wants it. `accountId` is the account's number as text. */
export function encodeIntent(
  intent: Intent,
  accountId: string,
  authorization: Authorization | undefined,
  lastPrice: LastPrice = () => undefined,
): Encoded {
  if (!authorization) return { ready: false, missing: 'authorization' };
  if (intent.operation !== 'place')
    return {
      ready: true,
      request: {
        template: mutations[intent.operation],
        authorization,
        body: bodyOf(intent, accountId),
      },
    };
  const request = withTrailPrice(intent, lastPrice);
  if (!request) return { ready: false, missing: 'last-price' };
  return {
    ready: true,
    request: {
      template: mutations.place,
      authorization,
      body: `{"accountId":${accountId}${placeFields(intent, request)}}`,
    },
  };
}

/** A distance in ticks becomes a price by the last one: below it for a sell, above it for a buy. The gateway takes absolute prices and makes a distance of them again (documentation, 2026). */
function withTrailPrice(
  { request, contract }: ValidatedOrder,
  lastPrice: LastPrice,
): OrderRequest | undefined {
  if (request.type !== 'trailing-stop' || request.trailPrice !== undefined) return request;
  const last = lastPrice(contract);
  if (last === undefined || request.trailTicks === undefined) return undefined;
  const away = request.side === 'sell' ? -request.trailTicks : request.trailTicks;
  const { trailTicks: _ticks, ...rest } = request;
  return {
    ...rest,
    trailPrice: priceOfTicks(nearestTicks(last, contract.tickSize) + away, contract.tickSize),
  };
}

/** Written by hand: JSON.stringify prints small prices as 5e-7, and twice as slowly. Only text that may hold anything is quoted by it. */
function bodyOf(intent: Exclude<Intent, ValidatedOrder>, accountId: string): string {
  const account = `{"accountId":${accountId}`;
  switch (intent.operation) {
    case 'modify':
      return `${account},"orderId":${intent.orderId}${changeFields(intent.change)}}`;
    case 'cancel':
      return `${account},"orderId":${intent.orderId}}`;
    case 'close':
      return `${account},"contractId":${JSON.stringify(intent.contract.id)}}`;
    case 'reduce':
      return `${account},"contractId":${JSON.stringify(intent.contract.id)},"size":${intent.quantity}}`;
  }
}

function placeFields({ contract, clientOrderId }: ValidatedOrder, request: OrderRequest): string {
  return (
    `,"contractId":${quoted(contract.id)},"type":${typeNumbers[request.type]},"side":${sideNumbers[request.side]},"size":${request.quantity}` +
    `${priceField(request)},"customTag":"${clientOrderId}"${bracketFields(request.bracket, request.side)}`
  );
}

/** Contracts in quotes, as they were needed: few, and the same in nearly every order. */
const quotedContracts = new Map<string, string>();
const mostQuotedContracts = 1_000;

function quoted(contractId: string): string {
  const known = quotedContracts.get(contractId);
  if (known !== undefined) return known;
  const text = JSON.stringify(contractId);
  if (quotedContracts.size < mostQuotedContracts) quotedContracts.set(contractId, text);
  return text;
}

function priceField(request: OrderRequest): string {
  switch (request.type) {
    case 'limit':
      return `,"limitPrice":${decimalText(request.limitPrice)}`;
    case 'stop':
      return `,"stopPrice":${decimalText(request.stopPrice)}`;
    case 'trailing-stop':
      return request.trailPrice === undefined
        ? ''
        : `,"trailPrice":${decimalText(request.trailPrice)}`;
    case 'market':
    case 'join-bid':
    case 'join-ask':
      return '';
  }
}

/**
 * Ticks are signed offsets from the fill: below it for a long position's stop and a short one's target (refusal texts seen live; the documentation's sample is misleading).
 * Leg types: a stop is 4, or 5 trailing; a target is 1.
 */
function bracketFields(bracket: Bracket | undefined, side: Side): string {
  if (!bracket) return '';
  const { stopLossTicks, takeProfitTicks, trailing = false } = bracket;
  const away = side === 'buy' ? 1 : -1;
  const stop =
    stopLossTicks === undefined
      ? ''
      : `,"stopLossBracket":{"ticks":${-away * stopLossTicks},"type":${trailing ? 5 : 4}}`;
  const target =
    takeProfitTicks === undefined
      ? ''
      : `,"takeProfitBracket":{"ticks":${away * takeProfitTicks},"type":1}`;
  return stop + target;
}

function changeFields({ quantity, limitPrice, stopPrice, trailPrice }: OrderChange): string {
  return (
    (quantity === undefined ? '' : `,"size":${quantity}`) +
    (limitPrice === undefined ? '' : `,"limitPrice":${decimalText(limitPrice)}`) +
    (stopPrice === undefined ? '' : `,"stopPrice":${decimalText(stopPrice)}`) +
    (trailPrice === undefined ? '' : `,"trailPrice":${decimalText(trailPrice)}`)
  );
}
