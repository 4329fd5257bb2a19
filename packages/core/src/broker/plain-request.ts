import type { OrderRequest, OrderType } from '../order-request.ts';
import { orderFields } from '../validation/order-fields.ts';

/**
 * What a bot gave, as a plain copy of which every field was read once: a getter or a proxy may give something else the next time, and a bot may change its object while a contract is being fetched.
 * Throws what reading throws. What is no object is given back as it is, for whoever says so.
 */
export function plainRequest<Request>(given: Request, known: readonly string[]): Request {
  if (typeof given !== 'object' || given === null) return given;
  return isPlain(given) ? { ...given } : copyOf(given, known);
}

/** An order as such a copy. `type`: of the method that was called, whatever a JavaScript author wrote in the request. */
export function plainOrder(given: object, type: OrderType | undefined): OrderRequest {
  if (typeof given !== 'object' || given === null) return given;
  const order: { type?: OrderType; bracket?: unknown } = isPlain(given)
    ? copyOfType(given, type)
    : copyOf(given, orderFields);
  if (type !== undefined) order.type = type;
  // Most orders have none, and looking costs less than copying.
  if (order.bracket !== undefined) order.bracket = plainRequest(order.bracket, bracketFields);
  return order as OrderRequest;
}

const bracketFields = ['stopLossTicks', 'takeProfitTicks', 'trailing'] as const;

/** The field stands before the spread: adding one to a copy takes ten times as long. */
function copyOfType(given: object, type: OrderType | undefined): object {
  return type === undefined ? { ...given } : { type, ...given };
}

function isPlain(given: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === Object.prototype || prototype === null;
}

/** Also what stands on a prototype: a class of the author's may have its fields there. */
function copyOf<Given extends object>(given: Given, known: readonly string[]): Given {
  const fields: Readonly<Record<string, unknown>> = given as Given & Record<string, unknown>;
  const entries = new Map<string, unknown>();
  for (const name in fields) entries.set(name, fields[name]);
  for (const name of known)
    if (!entries.has(name) && name in fields) entries.set(name, fields[name]);
  return Object.fromEntries(entries) as Given;
}
