import type { AdapterReads, Lane } from '../adapter.ts';
import { ReadError } from '../errors/read-error.ts';
import type { AdapterGuardParts } from './guarded-adapter.ts';
import type { ValueProblem } from './row-problems.ts';
import {
  accountProblem,
  barProblem,
  contractProblem,
  listProblem,
  orderProblem,
  positionProblem,
  tradeProblem,
} from './row-problems.ts';
import { spanText, withinLimit } from './within-limit.ts';

/** Milliseconds for a read that an exit, or the end of an unknown, waits for. */
const exitReadWithinMs = 30_000;
/** Milliseconds for the other reads, which may wait for their turn. */
const readWithinMs = 120_000;
/** Milliseconds for bars: over a long span they are read page by page, as the venue's limits allow. */
const barsWithinMs = 900_000;

type GuardedRead = <Value>(
  what: string,
  work: () => PromiseLike<Value>,
  problemOf: ValueProblem,
  limitMs?: number,
) => Promise<Value>;

/** Reads that end, and that give what they should or reject: nothing that a bot could take for an answer. */
export function guardReads(reads: AdapterReads, parts: AdapterGuardParts): AdapterReads {
  const read = readGuard(parts);
  const bars = reads.bars?.bind(reads);
  // Every argument is handed on, also one that is added later.
  return {
    account: (...given) =>
      read(
        'reads.account',
        () => reads.account(...given),
        (value) => prefixed(accountProblem(value)),
      ),
    accounts: (...given) =>
      read('reads.accounts', () => reads.accounts(...given), listProblem(accountProblem)),
    openOrders: (...given) =>
      read(
        'reads.openOrders',
        () => reads.openOrders(...given),
        listProblem(orderProblem),
        inLane(given[0]),
      ),
    orders: (...given) =>
      read(
        'reads.orders',
        () => reads.orders(...given),
        listProblem(orderProblem),
        inLane(given[1]),
      ),
    positions: (...given) =>
      read(
        'reads.positions',
        () => reads.positions(...given),
        listProblem(positionProblem),
        inLane(given[0]),
      ),
    trades: (...given) =>
      read(
        'reads.trades',
        () => reads.trades(...given),
        listProblem(tradeProblem),
        inLane(given[1]),
      ),
    searchContracts: (...given) =>
      read(
        'reads.searchContracts',
        () => reads.searchContracts(...given),
        listProblem(contractProblem),
      ),
    ...(bars && {
      bars: (...given: Parameters<typeof bars>) =>
        read('reads.bars', () => bars(...given), listProblem(barProblem), barsWithinMs),
    }),
  };
}

/** Runs one read: it ends in time, and what it gives is looked at. */
function readGuard({ name, clock }: AdapterGuardParts): GuardedRead {
  return (what, work, problemOf, limitMs = readWithinMs) =>
    withinLimit(
      work,
      limitMs,
      clock,
      () =>
        new ReadError(
          'UNREACHABLE',
          `The adapter ${name}: ${what} did not end in ${spanText(limitMs)}.`,
        ),
      (value) => {
        const problem = problemOf(value);
        // safeguard: a read that gives nonsense
        return problem === undefined
          ? undefined
          : new ReadError('UNREADABLE', `The adapter ${name}: ${what} ${problem}.`);
        // end of safeguard
      },
    );
}

function inLane(lane: Lane | undefined): number {
  return lane === undefined || lane === 'read' ? readWithinMs : exitReadWithinMs;
}

function prefixed(problem: string | undefined): string | undefined {
  return problem && `gave ${problem}`;
}
