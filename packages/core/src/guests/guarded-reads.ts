import type { AdapterReads, Lane } from '../adapter.ts';
import { ReadError } from '../errors/read-error.ts';
import type { AdapterGuardParts } from './guarded-adapter.ts';
import type { ValueProblem } from './row-problems.ts';
import { accountProblem, barProblem, contractProblem, listProblem, orderProblem, positionProblem, tradeProblem } from './row-problems.ts';
import { spanText, withinLimit } from './within-limit.ts';

/** Milliseconds for a read that an exit, or the end of an unknown, waits for. */
const exitReadWithinMs = 30_000;
/** Milliseconds for the other reads, which may wait for their turn. */
const readWithinMs = 120_000;
/** Milliseconds for bars: over a long span they are read page by page, as the venue's limits allow. */
const barsWithinMs = 900_000;

/** Reads that end, and that give what they should or reject: nothing that a bot could take for an answer. */
export function guardReads(reads: AdapterReads, { name, clock }: AdapterGuardParts): AdapterReads {
  const read = <Value>(what: string, work: () => PromiseLike<Value>, problemOf: ValueProblem, limitMs: number = readWithinMs): Promise<Value> =>
    withinLimit(
      work,
      limitMs,
      clock,
      () => new ReadError('UNREACHABLE', `The adapter ${name}: ${what} did not end in ${spanText(limitMs)}.`),
      (value) => {
        const problem = problemOf(value);
        // safeguard: a read that gives nonsense
        return problem === undefined ? undefined : new ReadError('UNREADABLE', `The adapter ${name}: ${what} ${problem}.`);
      },
    );
  const inLane = (lane: Lane | undefined): number => (lane === undefined || lane === 'read' ? readWithinMs : exitReadWithinMs);
  const bars = reads.bars?.bind(reads);
  return {
    account: () => read('reads.account', () => reads.account(), (value) => prefixed(accountProblem(value))),
    accounts: () => read('reads.accounts', () => reads.accounts(), listProblem(accountProblem)),
    openOrders: (lane) => read('reads.openOrders', () => reads.openOrders(lane), listProblem(orderProblem), inLane(lane)),
    orders: (span, lane) => read('reads.orders', () => reads.orders(span, lane), listProblem(orderProblem), inLane(lane)),
    positions: (lane) => read('reads.positions', () => reads.positions(lane), listProblem(positionProblem), inLane(lane)),
    trades: (span) => read('reads.trades', () => reads.trades(span), listProblem(tradeProblem)),
    searchContracts: (text) => read('reads.searchContracts', () => reads.searchContracts(text), listProblem(contractProblem)),
    ...(bars && { bars: (request: Parameters<typeof bars>[0]) => read('reads.bars', () => bars(request), listProblem(barProblem), barsWithinMs) }),
  };
}

function prefixed(problem: string | undefined): string | undefined {
  return problem && `gave ${problem}`;
}
