import type { Clock } from '../clock.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { messageOf } from '../errors/message-of.ts';
import { spanText, withinLimit } from '../guests/within-limit.ts';
import { isThenable } from '../is-thenable.ts';
import type { Logger } from '../logger.ts';
import { shown } from '../validation/field-problem.ts';
import type { RoutingSource } from './routing-source.ts';

/** Milliseconds that a source has to give the table to begin with. */
const firstWithinMs = 5_000;
/** Tables taken before everything else has its turn. */
const mostInTurn = 100;

interface Step {
  readonly done?: unknown;
  readonly value?: unknown;
}

/**
 * Tables from an async iterable: a flag service, a database, a test. The first is waited for, with a limit; the others come while the broker runs, and one that is waiting for its next table is not waited for at the end.
 * Rejects with `InvalidOptionsError` for a source that gives no table to begin with.
 */
export async function openIterable(
  iterable: AsyncIterable<unknown>,
  clock: Clock,
  log: Logger,
): Promise<{ readonly first: unknown; readonly source: RoutingSource }> {
  const refused = (problem: string): InvalidOptionsError =>
    new InvalidOptionsError('createBroker', [`routing: the source ${problem}`]);
  let tables: AsyncIterator<unknown> | undefined;
  try {
    tables = iterable[Symbol.asyncIterator]();
    const given = tables;
    const step = checkedStep(
      await withinLimit(
        () => given.next(),
        firstWithinMs,
        clock,
        () => refused(`gave no table in ${spanText(firstWithinMs)}`),
      ),
    );
    if (step.done === true) throw refused('ended without a table');
    return { first: step.value, source: followIterator(tables, log) };
  } catch (error) {
    if (tables) leave(tables, log);
    throw InvalidOptionsError.is(error) ? error : refused(`failed: ${messageOf(error)}`);
  }
}

function followIterator(tables: AsyncIterator<unknown>, log: Logger): RoutingSource {
  let isGone = false;
  let inTurn = 0;
  return {
    follow(take, reject) {
      const run = async (): Promise<void> => {
        for (;;) {
          const step = checkedStep(await tables.next());
          if (isGone || step.done === true) return;
          take(step.value);
          inTurn += 1;
          if (inTurn === 1) setImmediate(() => (inTurn = 0));
          // A source that always has another would let nothing else run.
          // safeguard: a source of tables without a pause
          if (inTurn >= mostInTurn) await new Promise((resolve) => setImmediate(resolve));
        }
      };
      // safeguard: a source of tables that fails is said
      run().catch((error: unknown) =>
        reject([`source: failed, and gives no more tables (${messageOf(error)})`]),
      );
      // end of safeguard
    },
    close() {
      isGone = true;
      leave(tables, log);
    },
  };
}

/** Tells it that nobody listens any more; what it does then is its own matter. */
function leave(tables: AsyncIterator<unknown>, log: Logger): void {
  const failed = (error: unknown): void =>
    log.warn({ error }, 'the source of routing tables could not be left');
  // safeguard: a source of tables that can't be left
  try {
    const left: unknown = tables.return?.();
    if (isThenable(left)) Promise.resolve(left).then(undefined, failed);
  } catch (error) {
    failed(error);
  }
  // end of safeguard
}

function checkedStep(step: unknown): Step {
  if (typeof step !== 'object' || step === null) throw new TypeError(`next gave ${shown(step)}`);
  return step;
}
