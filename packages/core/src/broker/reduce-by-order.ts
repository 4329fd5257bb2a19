import type { Contract } from '../contract.ts';
import type { ReduceRequest } from '../order-request.ts';
import { unknownCodes } from '../outcome-codes.ts';
import type { Closed, CloseOutcome, Placed, PlaceOutcome, Unknown } from '../outcome.ts';
import type { EndOf, UnknownDetails } from '../outcomes/open-unknown.ts';
import { unsettled } from '../outcomes/open-unknown.ts';
import type { Call, Told } from '../outcomes/told.ts';
import { inMode } from '../outcomes/told.ts';
import type { Position } from '../position.ts';
import type { Deadline } from '../router/deadline.ts';
import { remainingMs } from '../router/deadline.ts';
import { becameOf } from './became-of.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { PlaceOrders } from './place-orders.ts';
import { settledPosition } from './settle-close.ts';

interface ReduceByOrder {
  readonly contract: Contract;
  /** What the venue held ahead of it. */
  readonly before: Position;
  readonly request: ReduceRequest;
  readonly call: Call;
  readonly deadline: Deadline;
}

const readAgainMs = 1_000;

/** Takes contracts off by a market order under an id of ours: settled, looked for and watched as every place, and never acting twice. */
export async function reduceByOrder<Key extends string>(
  parts: BrokerParts<Key>,
  placing: Pick<PlaceOrders<Key>, 'place'>,
  reduce: ReduceByOrder,
): Promise<CloseOutcome<Key>> {
  const { contract, before, request, deadline } = reduce;
  const { quantity, strategy, signal, dryRun } = request;
  // What is left of the time that the author gave for all of it.
  const deadlineMs =
    request.deadlineMs === undefined ? undefined : Math.max(0, remainingMs(deadline, parts.clock));
  const side = before.side === 'buy' ? 'sell' : 'buy';
  const outcome = await placing.place(
    { type: 'market', symbol: contract.id, side, quantity, strategy, deadlineMs, signal, dryRun },
    { getsOut: true, isExit: true },
  );
  if (outcome.kind === 'unknown' && !outcome.final)
    return held(parts, reduce, outcome, detailsOf(outcome), outcome.resolved);
  if (outcome.kind !== 'accepted') return { ...outcome, operation: 'reduce' };
  const look = await settledPosition(parts, reduce);
  if (look.read) return closed(parts, reduce, outcome, look.position);
  return held(
    parts,
    reduce,
    outcome,
    {
      code: 'NOT_CONFIRMED',
      message: `Order ${outcome.orderId} was taken, but the position could not be read: ${look.message}`,
    },
    Promise.resolve(outcome),
  );
}

/** Told as unknown now, and ended when its order is and the position has been read. */
function held<Key extends string>(
  parts: BrokerParts<Key>,
  reduce: ReduceByOrder,
  outcome: PlaceOutcome<Key>,
  details: UnknownDetails,
  end: Promise<EndOf<Key, Placed<Key>>>,
): CloseOutcome<Key> {
  const open = parts.unknowns.hold<Closed<Key>>(toldOf(outcome), details);
  void end.then(async (ended) =>
    open.end(
      ended.kind === 'accepted'
        ? await closedOnceRead(parts, reduce, ended)
        : { ...ended, operation: 'reduce' },
    ),
  );
  return open.outcome;
}

async function closedOnceRead<Key extends string>(
  parts: BrokerParts<Key>,
  reduce: ReduceByOrder,
  placed: Placed<Key>,
): Promise<EndOf<Key, Closed<Key>>> {
  const { router, clock } = parts;
  for (;;) {
    const look = await settledPosition(parts, reduce);
    if (look.read) return closed(parts, reduce, placed, look.position);
    if (router.isClosed)
      return unsettled(
        toldOf(placed),
        'CLOSED',
        `Order ${placed.orderId} was taken; the broker was closed before the position could be read.`,
      );
    await new Promise<void>((resolve) => void clock.setTimer(readAgainMs, resolve));
  }
}

function closed<Key extends string>(
  parts: BrokerParts<Key>,
  { contract, before }: ReduceByOrder,
  placed: Placed<Key>,
  position: Position | undefined,
): Closed<Key> {
  return {
    kind: 'accepted',
    ...toldOf(placed),
    operation: 'reduce',
    became: becameOf(parts, contract, before, 'reduce', position),
    remainingQuantity: position?.quantity ?? 0,
  };
}

function toldOf<Key extends string>({
  clientOrderId,
  symbol,
  mode,
  executor,
  deliveries,
  timings,
}: PlaceOutcome<Key>): Told<Key> {
  return inMode(mode, {
    clientOrderId,
    operation: 'reduce',
    symbol,
    executor,
    deliveries,
    timings,
  });
}

function detailsOf<Key extends string>({
  code,
  message,
  hint,
}: Unknown<Key, Placed<Key>>): UnknownDetails {
  const known = unknownCodes.find((each) => each === code);
  return {
    code:
      known === undefined ||
      known === 'ABSENT' ||
      known === 'IN_USE_NOT_FOUND' ||
      known === 'CLOSED'
        ? 'NOT_CONFIRMED'
        : known,
    message,
    hint,
  };
}
