import type { Clock } from '../clock.ts';
import { JournalError } from '../errors/journal-error.ts';
import type { Journal, JournalClaim, JournalContext, JournalRecord } from '../journal/journal.ts';
import { isThenable } from '../is-thenable.ts';
import type { Logger } from '../logger.ts';
import { setLongTimer } from '../set-long-timer.ts';
import { shown } from '../validation/field-problem.ts';
import { spanText, withinLimit } from './within-limit.ts';

/** Milliseconds for taking a journal: a large one may be rotated first. */
const openWithinMs = 60_000;
/** Milliseconds from one record that is read to the next. */
const recordWithinMs = 30_000;
const closeWithinMs = 5_000;
/** What ids may begin with; they are compared without case, and must have room for the rest. */
const prefixPattern = /^[a-z][a-z0-9_-]{0,23}$/;

/** A journal whose hooks can do no harm, in front of one that an author wrote. What it can't do it throws or rejects, with `JournalError`; closing it never does either. */
export function guardJournal(inner: Journal, clock: Clock, log: Logger): Journal {
  const late = (what: string, limitMs: number) => (): Error => new JournalError('JOURNAL_FAILED', `The journal: ${what} did not end in ${spanText(limitMs)}.`);
  let prefix: string | undefined;
  // Every member by name, so that none that is added later is left out.
  const guarded: { readonly [Name in keyof Required<Journal>]: Journal[Name] | undefined } = {
    get prefix() {
      return (prefix ??= checkedPrefix(inner));
    },
    get description() {
      return descriptionOf(inner);
    },
    open: (scope, context) => withinLimit(() => inner.open(scope, context), openWithinMs, clock, late('open', openWithinMs)),
    claim: inner.claim && ((context) => withinLimit(() => claimed(inner, context), openWithinMs, clock, late('claim', openWithinMs))),
    append: (record) => refusePromise('append', inner.append(record)),
    sync: inner.sync && (() => refusePromise('sync', inner.sync?.())),
    read: () => readInTime(inner, clock, late('read', recordWithinMs)),
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

function descriptionOf(inner: Journal): string | undefined {
  try {
    const description: unknown = inner.description;
    return typeof description === 'string' ? description : undefined;
  } catch {
    return undefined;
  }
}

async function claimed(inner: Journal, context: JournalContext | undefined): Promise<JournalClaim> {
  const claim: unknown = await inner.claim?.(context);
  const scope: unknown = typeof claim === 'object' && claim !== null && 'scope' in claim ? claim.scope : undefined;
  if (scope !== undefined && typeof scope !== 'string') throw new JournalError('JOURNAL_FAILED', `The journal: claim gave the scope ${shown(scope)}, must be text.`);
  return { scope };
}

function checkedPrefix(inner: Journal): string {
  const prefix: unknown = inner.prefix;
  if (typeof prefix === 'string' && prefixPattern.test(prefix)) return prefix;
  throw new JournalError('JOURNAL_FAILED', `The journal: its prefix is ${shown(prefix)}, must be 1 to 24 lower-case letters, digits, "_" or "-", beginning with a letter.`);
}

/** A journal that must await can't carry orders that leave in the caller's tick: what it promises is not yet so when the order leaves. */
function refusePromise(what: string, result: unknown): void {
  if (!isThenable(result)) return;
  Promise.resolve(result).then(undefined, () => undefined);
  // safeguard: a journal that only promises is not believed
  throw new JournalError('JOURNAL_FAILED', `The journal: ${what} gave a promise, and must have done its work when it returns.`);
}

/** One timer for each record would cost more than the record does: one looks again and again whether there was another since. */
async function* readInTime(inner: Journal, clock: Clock, late: () => Error): AsyncGenerator<JournalRecord> {
  const records = inner.read()[Symbol.asyncIterator]();
  let waiting: { readonly since: number; readonly reject: (error: Error) => void } | undefined;
  const look = (): void => {
    if (waiting && clock.monotonic() - waiting.since >= recordWithinMs) waiting.reject(late());
    timer = setLongTimer(clock, recordWithinMs, look);
  };
  let timer = setLongTimer(clock, recordWithinMs, look);
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<JournalRecord>>((resolve, reject) => {
        waiting = { since: clock.monotonic(), reject };
        records.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield checkedRecord(next.value);
    }
  } finally {
    waiting = undefined;
    timer.cancel();
    // One that hangs is not waited for.
    leave(records);
  }
}

/** What core relies on in every record, whichever its kind. */
function checkedRecord(record: unknown): JournalRecord {
  const fields: { readonly kind?: unknown; readonly at?: unknown; readonly clientOrderId?: unknown; readonly orderId?: unknown } = typeof record === 'object' && record !== null ? record : {};
  const isId = (id: unknown): boolean => id === undefined || id === null || typeof id === 'string';
  // safeguard: a record that can't be read is no record
  if (typeof fields.kind !== 'string' || typeof fields.at !== 'number' || !isId(fields.clientOrderId) || !isId(fields.orderId)) throw new JournalError('JOURNAL_DAMAGED', `The journal: read gave ${shown(record)}, which is no record.`);
  return record as JournalRecord;
}

function leave(records: AsyncIterator<JournalRecord>): void {
  try {
    records.return?.().then(undefined, () => undefined);
  } catch {
    // Whoever read has what there was.
  }
}
