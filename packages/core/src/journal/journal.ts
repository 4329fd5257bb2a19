import type { ClientOrderId } from '../brand.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Mutation } from '../operation.ts';
import type { OcoRecord } from '../oco/oco-records.ts';
import type { OutcomeKind } from '../outcome.ts';
import type { DecisionRecord, DetourRecord } from '../router/decision-record.ts';
import type { RolloutRecord, RolloutWindowRecord } from '../rollout/rollout-records.ts';

/** One line. `at` is wall milliseconds. */
export type JournalRecord =
  | OrderRecord
  | WithdrawalRecord
  | ArrivalRecord
  | LatchRecord
  | OcoRecord
  | RolloutRecord
  | RolloutWindowRecord;

/** Nothing enters the market from `halt` on, until `resume`. */
export interface LatchRecord {
  readonly kind: 'halt' | 'resume';
  readonly at: number;
}

/** A place whose order was cancelled before its end was known: no further attempt of it starts, and what turns up of it is cancelled. */
export interface WithdrawalRecord {
  readonly kind: 'withdrawal';
  readonly at: number;
  readonly clientOrderId: ClientOrderId;
}

/** The venue has shown that it has a request of this place, though not what it made of it: it is never called absent. */
export interface ArrivalRecord {
  readonly kind: 'arrival';
  readonly at: number;
  readonly clientOrderId: ClientOrderId;
}

/** One line of an order's story. */
export type OrderRecord =
  /** Written before the first byte of an intent leaves. */
  | (DecisionRecord & {
      readonly kind: 'intent';
      readonly at: number;
      readonly operation: Mutation;
      readonly clientOrderId: ClientOrderId | undefined;
      readonly orderId: string | undefined;
      readonly executor: string;
      /** What was asked for, without secrets. */
      readonly content: object;
    })
  /** A further attempt of the same intent: a takeover, or the one repeat after a renewed token. */
  | (DetourRecord & {
      readonly kind: 'attempt';
      readonly at: number;
      readonly operation: Mutation;
      readonly clientOrderId: ClientOrderId | undefined;
      readonly orderId: string | undefined;
      readonly executor: string;
      readonly because: string;
    })
  | {
      readonly kind: 'outcome';
      readonly at: number;
      readonly operation: Mutation;
      readonly clientOrderId: ClientOrderId | undefined;
      readonly orderId: string | undefined;
      readonly outcome: OutcomeKind;
      readonly code: string | undefined;
      /** What the bot was told in words, at most 300 characters; absent where it was accepted, and in journals from before it was kept. */
      readonly message?: string | undefined;
    };

/** What goes wrong with a journal beside the lines of orders: they are told by what `append` throws. */
export interface JournalTrouble {
  /** `rotation`: the file could not be rotated; it goes on as it was, and rotating it is tried again later. `file`: what the file holds is not what was written. */
  readonly what: 'rotation' | 'file';
  /** A `JournalError`, with what the system said in its own `cause`. */
  readonly cause: unknown;
}

/** What a journal is told of the broker that takes it. A journal may leave all of it alone. */
export interface JournalContext {
  readonly log?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** The name of the adapter's plugin. It is told to whoever is refused because this broker holds the journal, as is the next. */
  readonly adapter?: string | undefined;
  /** Where the venue is. */
  readonly baseUrl?: string | undefined;
  /** Called for what goes wrong while nobody calls the journal; becomes the event `journal.failed`. Must not throw. */
  readonly onTrouble?: ((trouble: JournalTrouble) => void) | undefined;
}

/** A journal that has been claimed. */
export interface JournalClaim {
  /** The scope that it records; undefined for one that has recorded nothing yet. */
  readonly scope: string | undefined;
}

/**
 * The durable record of intents and what became of them.
 * `append` is synchronous and returns when the record would survive what the journal promises to survive; it throws when it can't, and the order is then not sent.
 * A journal that must await, such as a database, can't carry orders that leave in the caller's tick.
 */
export interface Journal {
  /** Begins every client order id minted under this journal, so that a later start knows its own orders. Lower-case; only after `open`, or after a `claim` that gave a scope. */
  readonly prefix: string;
  /**
   * Takes the journal before the venue has been reached: locks it, opens it, and looks at how it begins. Rejects with `JournalError` (`JOURNAL_LOCKED`, `JOURNAL_DAMAGED`, `JOURNAL_FAILED`), and holds nothing when it does.
   * Absent: the journal is taken by `open` alone.
   *
   * A start goes this way: `const claimed = await journal.claim?.(context)` before anything is asked of the network, so that a journal that is in use or damaged is said at once. When `claimed?.scope` is defined, `prefix` and `read` work from here on, and `append` takes a halt or a resume: what the journal knows (the latch, open orders) is there while the venue can't be reached.
   * Then, once the account is known, `await journal.open(scope, context)`. After a failed start, `close` lets go of what was claimed; a journal whose `claim` or `open` has rejected is left alone, since somebody else may hold it.
   */
  claim?(context?: JournalContext): Promise<JournalClaim>;
  /** `scope` names the venue and account whose orders it records; another scope than the one it was made for is refused with `JOURNAL_SCOPE`. Claims it first where that has not been done. */
  open(scope: string, context?: JournalContext): Promise<void>;
  /** Names it in the log; for a file, its path. */
  readonly description?: string | undefined;
  append(record: JournalRecord): void;
  /** Forces what was appended to where a power cut can't reach it, whatever `append` promises by itself. Absent: there is no such place. */
  sync?(): void;
  read(): AsyncIterable<JournalRecord>;
  close(): Promise<void>;
}

export function isOrderRecord(record: JournalRecord): record is OrderRecord {
  return record.kind === 'intent' || record.kind === 'attempt' || record.kind === 'outcome';
}
