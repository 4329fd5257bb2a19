import type { CloseRequest, ReduceRequest } from '../order-request.ts';
import { didYouMean } from './did-you-mean.ts';
import { optionFields, optionsProblem, quantityProblem } from './field-checks.ts';
import type { FieldProblem } from './field-problem.ts';
import { invalid, shown } from './field-problem.ts';

const closeFields: ReadonlySet<string> = new Set(['symbol', ...optionFields]);
const reduceFields: ReadonlySet<string> = new Set([...closeFields, 'quantity']);

/** What is wrong with a close, or with a reduce, as a JavaScript author may have written it. */
export function closeProblem(request: CloseRequest | ReduceRequest, reducing: boolean): FieldProblem | undefined {
  const operation = reducing ? 'reduce' : 'close';
  if (typeof request !== 'object' || request === null) return invalid(operation, `takes an object with symbol, not ${shown(request)}`);
  const allowed = reducing ? reduceFields : closeFields;
  for (const field in request) if (!allowed.has(field)) return invalid(field, `is no field of ${operation}${didYouMean(field, allowed)}`);
  const { symbol } = request;
  if (typeof symbol !== 'string' || symbol === '') return invalid('symbol', `is ${shown(symbol)}, must be a root such as "MNQ", a contract name or a contract id`);
  return (reducing ? quantityProblem('quantity' in request ? request.quantity : undefined) : undefined) ?? optionsProblem(request);
}
