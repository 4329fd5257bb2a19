import type { Clock } from '../clock.ts';
import { JournalError } from '../errors/journal-error.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import { heed, isThenable } from '../is-thenable.ts';
import type { Logger } from '../logger.ts';
import { setPatientTimer } from '../set-patient-timer.ts';
import { spanText, withinLimit } from './within-limit.ts';

/** Milliseconds for taking a journal: a large one may be rotated first. */
const openWithinMs = 60_000;
/** Milliseconds from one record that is read to the next. */
const recordWithinMs = 30_000;
const closeWithinMs = 5_000;

/** A journal whose hooks can do no harm, in front of one that an author wrote: they end in time, and closing it never rejects. Whether what it gives is right is looked at where it is used. */
export function guardJournal(inner: Journal, clock: Clock, log: Logger): Journal {
  const late = (what: string, limitMs: number) => (): Error =>
    new JournalError('JOURNAL_FAILED', `The journal: ${what} did not end in ${spanText(limitMs)}.`);
  let prefix: string | undefined;
  const [claims, syncs] = [isOffered(inner, 'claim'), isOffered(inner, 'sync')];
  // Every member by name, so that none that is added later is left out.
  const guarded: { readonly [Name in keyof Required<Journal>]: Journal[Name] | undefined } = {
    get prefix() {
      // Read once: it stands between a call and its write.
      return (prefix ??= inner.prefix);
    },
    get description() {
      return descriptionOf(inner);
    },
    open: (scope, context) =>
      withinLimit(
        () => inner.open(scope, context),
        openWithinMs,
        clock,
        late('open', openWithinMs),
      ),
    claim: claims
      ? (context) =>
          withinLimit(
            () => inner.claim?.(context) ?? { scope: undefined },
            openWithinMs,
            clock,
            late('claim', openWithinMs),
          )
      : undefined,
    append: (record) => refusePromise('append', inner.append(record)),
    sync: syncs ? () => refusePromise('sync', inner.sync?.()) : undefined,
    read() {
      const records = inner.read();
      // What is no sequence is said by who reads.
      return Symbol.asyncIterator in Object(records)
        ? readInTime(records, clock, late('read', recordWithinMs))
        : records;
    },
    async close() {
      try {
        await withinLimit(() => inner.close(), closeWithinMs, clock, late('close', closeWithinMs));
      } catch (error) {
        log.error({ error }, 'the journal could not be closed');
      }
    },
  };
  return guarded as Journal;
}

function isOffered(inner: Journal, name: 'claim' | 'sync'): boolean {
  try {
    return typeof inner[name] === 'function';
  } catch {
    return false;
  }
}

function descriptionOf(inner: Journal): string | undefined {
  try {
    const description: unknown = inner.description;
    return typeof description === 'string' ? description : undefined;
  } catch {
    return undefined;
  }
}

/** A journal that must await can't carry orders that leave in the caller's tick: what it promises is not yet so when the order leaves. */
function refusePromise(what: string, result: unknown): void {
  if (!isThenable(result)) return;
  heed(result);
  // safeguard: a journal that only promises is not believed
  throw new JournalError(
    'JOURNAL_FAILED',
    `The journal: ${what} gave a promise, and must have done its work when it returns.`,
  );
  // end of safeguard
}

/** One timer for each record would cost more than the record does: one looks again and again whether there was another since. */
async function* readInTime(
  given: AsyncIterable<JournalRecord>,
  clock: Clock,
  late: () => Error,
): AsyncGenerator<JournalRecord> {
  const records = given[Symbol.asyncIterator]();
  let waiting: { readonly since: number; readonly reject: (error: Error) => void } | undefined;
  const look = (): void => {
    if (waiting && clock.monotonic() - waiting.since >= recordWithinMs) waiting.reject(late());
    timer = setPatientTimer(clock, recordWithinMs, look);
  };
  let timer = setPatientTimer(clock, recordWithinMs, look);
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<JournalRecord>>((resolve, reject) => {
        waiting = { since: clock.monotonic(), reject };
        records.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    waiting = undefined;
    timer.cancel();
    // One that hangs is not waited for.
    leave(records);
  }
}

function leave(records: AsyncIterator<JournalRecord>): void {
  try {
    records.return?.().then(undefined, () => undefined);
  } catch {
    // Whoever read has what there was.
  }
}
