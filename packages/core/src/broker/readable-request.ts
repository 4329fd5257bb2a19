import { messageOf } from '../errors/message-of.ts';
import type { Mutation } from '../operation.ts';
import type { FieldProblem } from '../validation/field-problem.ts';
import { invalid } from '../validation/field-problem.ts';

/** What can be read of a request that could not be copied as a whole, each known field by itself, and why the others can't. */
export interface ReadableRequest<Request> {
  readonly request: Request;
  readonly unreadable: ReadonlyMap<string, string>;
}

/** `given` is an object. Never throws. */
export function readableRequest<Request extends object>(
  given: Request,
  known: readonly string[],
): ReadableRequest<Request> {
  const fields = new Map<string, unknown>();
  const unreadable = new Map<string, string>();
  for (const name of known) {
    try {
      const value = (given as Readonly<Record<string, unknown>>)[name];
      if (value !== undefined) fields.set(name, value);
    } catch (error) {
      unreadable.set(name, messageOf(error));
    }
  }
  return { request: Object.fromEntries(fields) as Request, unreadable };
}

/** Why it can't be acted on; undefined for a way out that still says what it is of. */
export function partProblem(
  operation: Mutation,
  error: unknown,
  readable: ReadableRequest<object>,
): FieldProblem | undefined {
  // safeguard: a way out is taken by what can be read of it
  if (saysWhatToLeave(operation, readable)) return undefined;
  return unreadableProblem(operation, error, readable);
}

/** What is left out then bounds the waiting, or picks an executor, and nothing else. */
function saysWhatToLeave(
  operation: Mutation,
  { request, unreadable }: ReadableRequest<object>,
): boolean {
  if (unreadable.has('dryRun')) return false;
  if (operation === 'cancel') return 'orderId' in request || 'clientOrderId' in request;
  if (operation === 'reduce') return 'symbol' in request && 'quantity' in request;
  return operation === 'close' && 'symbol' in request;
}

/** The refusal of what can't be read: by the first field that can't, or, where each can by itself, as a whole. */
export function unreadableProblem(
  operation: Mutation,
  error: unknown,
  { unreadable }: ReadableRequest<object>,
): FieldProblem {
  for (const [field, problem] of unreadable) return invalid(field, `can't be read (${problem})`);
  return invalid(
    operation === 'place' ? 'order' : operation,
    `can't be read (${messageOf(error)})`,
  );
}
