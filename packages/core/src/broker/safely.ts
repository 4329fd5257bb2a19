import type { Mutation } from '../operation.ts';
import type { NotSent, Outcome, Unknown, Unsettled } from '../outcome.ts';
import { notSent } from '../outcomes/refusals.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import type { BrokerParts } from './broker-parts.ts';
import { brokenCall } from './broken-call.ts';
import { namedSymbol } from './named-symbol.ts';
import { plainRequest } from './plain-request.ts';
import { partProblem, readableRequest } from './readable-request.ts';

type Broken<Key extends string> = NotSent<Key> | Unknown<Key, never> | Unsettled<Key>;

/**
 * A mutation that never throws and never rejects: what the bot gives is read once, and what fails by itself is told.
 * Not an async function: for what is warm, the executor has the request when this returns.
 */
export function safely<Key extends string, Request extends object, Result extends Outcome<Key>>(
  parts: BrokerParts<Key>,
  operation: Mutation,
  given: Request,
  known: readonly string[],
  go: (request: Request) => Promise<Result>,
): Promise<Result | Broken<Key>> {
  const { handedOver } = parts.router;
  let request: Request;
  // safeguard: a request is read once
  try {
    request = plainRequest(given, known);
  } catch (error) {
    const readable = readableRequest(given, known);
    const problem = partProblem(operation, error, readable);
    if (problem)
      return announced(
        parts,
        notSent(told<Key>(callOf(parts, operation, readable.request), parts.clock), problem),
      );
    parts.log.warn(
      { operation, leftOut: [...readable.unreadable.keys()], error },
      'a part of a way out could not be read',
    );
    request = readable.request;
  }
  // end of safeguard
  const failed = (error: unknown): Promise<Broken<Key>> =>
    announced(
      parts,
      brokenCall<Key, never>(parts, callOf(parts, operation, request), error, handedOver),
    );
  // safeguard: a mutation never throws
  try {
    return go(request).catch(failed);
  } catch (error) {
    return failed(error);
  }
  // end of safeguard
}

function callOf<Key extends string>(
  { adapter, clock }: BrokerParts<Key>,
  operation: Mutation,
  request: unknown,
): Call {
  return {
    operation,
    clientOrderId: undefined,
    symbol: namedSymbol(request),
    mode: adapter.mode,
    startedAt: clock.monotonic(),
  };
}

/** Told in a later microtask, so that listeners never run inside the call. */
function announced<Key extends string, Told extends Outcome<Key>>(
  parts: BrokerParts<Key>,
  outcome: Told,
): Promise<Told> {
  return Promise.resolve(outcome).then((same) => {
    parts.announce(same);
    return same;
  });
}
