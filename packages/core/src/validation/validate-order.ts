import type { Capabilities } from '../capabilities.ts';
import { clientOrderIdProblem, longestClientOrderId } from '../client-order-id.ts';
import type { ClientOrderId } from '../brand.ts';
import type { Contract } from '../contract.ts';
import type { ValidatedOrder } from '../intent.ts';
import type { OrderRequest, OrderType } from '../order-request.ts';
import { longestProtectedId } from '../oco/leg-ids.ts';
import { didYouMean } from './did-you-mean.ts';
import { exactPrice, optionsProblem, quantityProblem, symbolProblem } from './field-checks.ts';
import type { FieldProblem } from './field-problem.ts';
import { invalid, shown } from './field-problem.ts';
import { sharedOrderFields } from './order-fields.ts';

const fieldsOf: Readonly<Record<OrderType, ReadonlySet<string>>> = {
  market: new Set(sharedOrderFields),
  limit: new Set([...sharedOrderFields, 'limitPrice']),
  stop: new Set([...sharedOrderFields, 'stopPrice']),
  'trailing-stop': new Set([...sharedOrderFields, 'trailPrice', 'trailTicks']),
  'join-bid': new Set(sharedOrderFields),
  'join-ask': new Set(sharedOrderFields),
};
const orderTypes = Object.keys(fieldsOf);

/** What can be said against an order before its contract is known. Takes whatever a JavaScript author passes. `ownOco`: brackets are kept by the broker, as orders of its own. */
export function orderShapeProblem(
  request: OrderRequest,
  capabilities: Capabilities,
  ownOco: boolean,
): FieldProblem | undefined {
  if (typeof request !== 'object' || request === null)
    return invalid(
      'order',
      `is ${shown(request)}, must be an object with type, symbol, side and quantity`,
    );
  const { type, symbol, side } = request;
  if (typeof type !== 'string' || !Object.hasOwn(fieldsOf, type))
    return invalid(
      'type',
      `is ${shown(type)}, must be one of ${orderTypes.join(', ')}${didYouMean(shown(type), orderTypes)}`,
    );
  const allowed = fieldsOf[type];
  if (!capabilities.orderTypes.includes(type)) {
    return {
      code: 'UNSUPPORTED',
      field: 'type',
      message: `type ${shown(type)} is not offered by this broker`,
      hint: `It takes ${capabilities.orderTypes.join(', ')}.`,
    };
  }
  for (const field in request) {
    // A price on a market order, or a misspelt field, means that the author wants something this order would not do.
    if (!allowed.has(field))
      return invalid(field, `is no field of a ${type} order${didYouMean(field, allowed)}`);
  }
  const named = symbolProblem(symbol);
  if (named) return named;
  if (side !== 'buy' && side !== 'sell')
    return invalid('side', `is ${shown(side)}, must be "buy" or "sell"`);
  if (request.clientOrderId !== undefined) {
    const problem = idProblem(request.clientOrderId, capabilities);
    if (problem) return invalid('clientOrderId', problem);
  }
  return (
    quantityProblem(request.quantity) ??
    optionsProblem(request) ??
    trailProblem(request) ??
    bracketProblem(request.bracket, capabilities, ownOco) ??
    (ownOco ? ownLegsProblem(request, capabilities) : undefined)
  );
}

/** What is wrong with a client order id at this venue, as a sentence without its subject. */
export function idProblem(
  id: unknown,
  { clientOrderId: rules }: Pick<Capabilities, 'clientOrderId'>,
): string | undefined {
  return clientOrderIdProblem(id, rules.reservedSuffixes, {
    longest: longestClientOrderId(rules),
    pattern: rules.pattern,
    description: rules.description,
  });
}

/** Puts prices exactly on the contract's ticks; the order must have passed `orderShapeProblem`. */
export function validateOrder(
  request: OrderRequest,
  contract: Contract,
  clientOrderId: ClientOrderId,
): ValidatedOrder | FieldProblem {
  const exact = withExactPrices(request, contract);
  if ('field' in exact) return exact;
  const validated: Omit<ValidatedOrder, '__brand'> = {
    operation: 'place',
    clientOrderId,
    contract,
    request: exact,
  };
  return validated as ValidatedOrder;
}

function withExactPrices(request: OrderRequest, contract: Contract): OrderRequest | FieldProblem {
  switch (request.type) {
    case 'market':
    case 'join-bid':
    case 'join-ask':
      return request;
    case 'limit': {
      const limitPrice = exactPrice('limitPrice', request.limitPrice, contract);
      return typeof limitPrice === 'number' ? { ...request, limitPrice } : limitPrice;
    }
    case 'stop': {
      const stopPrice = exactPrice('stopPrice', request.stopPrice, contract);
      return typeof stopPrice === 'number' ? { ...request, stopPrice } : stopPrice;
    }
    case 'trailing-stop': {
      if (request.trailPrice === undefined) return request;
      const trailPrice = exactPrice('trailPrice', request.trailPrice, contract);
      return typeof trailPrice === 'number' ? { ...request, trailPrice } : trailPrice;
    }
  }
}

function trailProblem(request: OrderRequest): FieldProblem | undefined {
  if (request.type !== 'trailing-stop') return undefined;
  if ((request.trailPrice === undefined) === (request.trailTicks === undefined))
    return invalid('trailPrice', 'or trailTicks must be given, and only one of them');
  return request.trailTicks === undefined
    ? undefined
    : ticksProblem('trailTicks', request.trailTicks);
}

function bracketProblem(
  bracket: OrderRequest['bracket'],
  capabilities: Capabilities,
  ownOco: boolean,
): FieldProblem | undefined {
  if (bracket === undefined) return undefined;
  if (capabilities.brackets === 'none' && !ownOco)
    return {
      code: 'UNSUPPORTED',
      field: 'bracket',
      message: 'bracket is not offered by this broker',
      hint: 'With the option ownOco the broker places stop and target as orders of its own.',
    };
  if (typeof bracket !== 'object' || bracket === null)
    return invalid(
      'bracket',
      `is ${shown(bracket)}, must be an object with stopLossTicks, takeProfitTicks or both`,
    );
  const { stopLossTicks, takeProfitTicks, trailing, ...others } = bracket;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return invalid(
      `bracket.${unknown}`,
      `is no field of a bracket${didYouMean(unknown, ['stopLossTicks', 'takeProfitTicks', 'trailing'])}`,
    );
  if (stopLossTicks === undefined && takeProfitTicks === undefined)
    return invalid('bracket', 'is empty, must have stopLossTicks, takeProfitTicks or both');
  if (trailing !== undefined && typeof trailing !== 'boolean')
    return invalid('bracket.trailing', `is ${shown(trailing)}, must be true or false`);
  if (trailing === true && stopLossTicks === undefined)
    return invalid('bracket.trailing', 'needs stopLossTicks');
  return (
    (stopLossTicks === undefined
      ? undefined
      : ticksProblem('bracket.stopLossTicks', stopLossTicks)) ??
    (takeProfitTicks === undefined
      ? undefined
      : ticksProblem('bracket.takeProfitTicks', takeProfitTicks))
  );
}

/** What legs that are orders of their own ask for beyond what the venue's would. */
function ownLegsProblem(
  { bracket, clientOrderId }: OrderRequest,
  capabilities: Capabilities,
): FieldProblem | undefined {
  if (!bracket) return undefined;
  const legs: readonly (OrderType | undefined)[] = [
    bracket.stopLossTicks === undefined
      ? undefined
      : bracket.trailing === true
        ? 'trailing-stop'
        : 'stop',
    bracket.takeProfitTicks === undefined ? undefined : 'limit',
  ];
  const missing = legs.find(
    (type) => type !== undefined && !capabilities.orderTypes.includes(type),
  );
  if (missing !== undefined)
    return {
      code: 'UNSUPPORTED',
      field: 'bracket',
      message: `bracket needs an order of type "${missing}", which this broker does not offer`,
      hint: `It takes ${capabilities.orderTypes.join(', ')}.`,
    };
  const longest = longestProtectedId(longestClientOrderId(capabilities.clientOrderId));
  if (clientOrderId === undefined || clientOrderId.length <= longest) return undefined;
  return invalid(
    'clientOrderId',
    `has ${clientOrderId.length} characters, must have at most ${longest}: the ids of the stop and the target are made from it`,
  );
}

function ticksProblem(field: string, value: unknown): FieldProblem | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return undefined;
  return invalid(
    field,
    `is ${shown(value)}, must be a whole number of ticks, 1 or more, without sign`,
  );
}
