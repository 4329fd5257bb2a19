import type { Capabilities } from '../capabilities.ts';
import type { Contract } from '../contract.ts';
import type { CancelRequest, ModifyRequest, OrderChange, OrderRef } from '../order-request.ts';
import type { Order } from '../order.ts';
import { didYouMean } from './did-you-mean.ts';
import { exactPrice, optionFields, optionsProblem, quantityProblem } from './field-checks.ts';
import type { FieldProblem } from './field-problem.ts';
import { invalid, shown } from './field-problem.ts';

export const cancelFields: readonly string[] = ['orderId', 'clientOrderId', ...optionFields];
const changes = ['quantity', 'limitPrice', 'stopPrice', 'trailPrice'] as const;
export const modifyFields: readonly string[] = [...cancelFields, ...changes];

/** Which price an order of each type has; the others have none to change. */
const priceOfType: Readonly<Record<Order['type'], (typeof changes)[number] | 'none' | 'any'>> = {
  market: 'none',
  limit: 'limitPrice',
  stop: 'stopPrice',
  'trailing-stop': 'trailPrice',
  'join-bid': 'limitPrice',
  'join-ask': 'limitPrice',
  unknown: 'any',
};

export function cancelProblem(
  request: CancelRequest,
  capabilities: Capabilities,
): FieldProblem | undefined {
  return (
    fieldsProblem('cancel', request, cancelFields) ??
    referenceProblem(request, capabilities) ??
    optionsProblem(request)
  );
}

export function modifyProblem(
  request: ModifyRequest,
  capabilities: Capabilities,
): FieldProblem | undefined {
  const problem =
    fieldsProblem('modify', request, modifyFields) ??
    referenceProblem(request, capabilities) ??
    optionsProblem(request);
  if (problem) return problem;
  if (changes.every((field) => request[field] === undefined))
    return invalid('quantity', `is missing; give at least one new value: ${changes.join(', ')}`);
  return request.quantity === undefined ? undefined : quantityProblem(request.quantity);
}

/** The change with its prices exactly on ticks; the request must have passed `modifyProblem`. */
export function validateChange(
  request: ModifyRequest,
  contract: Contract,
  type: Order['type'],
): OrderChange | FieldProblem {
  const change: { -readonly [Field in keyof OrderChange]: number } = {};
  if (request.quantity !== undefined) change.quantity = request.quantity;
  const own = priceOfType[type];
  for (const field of ['limitPrice', 'stopPrice', 'trailPrice'] as const) {
    if (request[field] === undefined) continue;
    if (own !== 'any' && field !== own)
      return invalid(
        field,
        `is nothing that a ${type} order has`,
        own === 'none' ? 'Only its quantity can change.' : `Change ${own}.`,
      );
    const exact = exactPrice(field, request[field], contract);
    if (typeof exact !== 'number') return exact;
    change[field] = exact;
  }
  return change;
}

function fieldsProblem(
  operation: string,
  request: object,
  allowed: readonly string[],
): FieldProblem | undefined {
  if (typeof request !== 'object' || request === null)
    return invalid(
      operation,
      `takes an object with orderId or clientOrderId, not ${shown(request)}`,
    );
  for (const field in request)
    if (!allowed.includes(field))
      return invalid(field, `is no field of ${operation}${didYouMean(field, allowed)}`);
  return undefined;
}

/** What is wrong with the name of an order. */
export function referenceProblem(
  reference: OrderRef,
  capabilities: Capabilities,
): FieldProblem | undefined {
  const { orderId, clientOrderId } = reference;
  if ((orderId === undefined) === (clientOrderId === undefined))
    return invalid('orderId', 'or clientOrderId must be given, and only one of them');
  const [field, value] =
    orderId === undefined
      ? (['clientOrderId', clientOrderId] as const)
      : (['orderId', orderId] as const);
  if (typeof value !== 'string' || value === '')
    return invalid(field, `is ${shown(value)}, must be text`);
  const { pattern, description } = capabilities.orderId;
  return field === 'clientOrderId' || pattern.test(value)
    ? undefined
    : invalid(field, `is ${shown(value)}, must be ${description}`);
}
