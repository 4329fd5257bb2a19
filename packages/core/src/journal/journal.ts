import type { ClientOrderId } from '../brand.ts';
import type { Mutation } from '../operation.ts';
import type { OcoRecord } from '../oco/oco-records.ts';
import type { OutcomeKind } from '../outcome.ts';
import type { RolloutRecord, RolloutWindowRecord } from '../rollout/rollout-records.ts';

/** One line. `at` is wall milliseconds. */
export type JournalRecord = OrderRecord | WithdrawalRecord | ArrivalRecord | LatchRecord | OcoRecord | RolloutRecord | RolloutWindowRecord;

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
  | {
      readonly kind: 'intent';
      readonly at: number;
      readonly operation: Mutation;
      readonly clientOrderId: ClientOrderId | undefined;
      readonly orderId: string | undefined;
      readonly executor: string;
      /** What was asked for, without secrets. */
      readonly content: object;
    }
  /** A further attempt of the same intent: a takeover, or the one repeat after a renewed token. */
  | {
      readonly kind: 'attempt';
      readonly at: number;
      readonly operation: Mutation;
      readonly clientOrderId: ClientOrderId | undefined;
      readonly orderId: string | undefined;
      readonly executor: string;
      readonly because: string;
    }
  | {
      readonly kind: 'outcome';
      readonly at: number;
      readonly operation: Mutation;
      readonly clientOrderId: ClientOrderId | undefined;
      readonly orderId: string | undefined;
      readonly outcome: OutcomeKind;
      readonly code: string | undefined;
    };

/**
 * The durable record of intents and what became of them.
 * `append` is synchronous and returns when the record would survive what the journal promises to survive; it throws when it can't, and the order is then not sent.
 * A journal that must await, such as a database, can't carry orders that leave in the caller's tick.
 */
export interface Journal {
  /** Begins every client order id minted under this journal, so that a later start knows its own orders. Lower-case; only after `open`. */
  readonly prefix: string;
  /** `scope` names the venue and account whose orders it records; another scope than the one it was made for is refused. */
  open(scope: string): Promise<void>;
  append(record: JournalRecord): void;
  /** Forces what was appended to where a power cut can't reach it, whatever `append` promises by itself. Absent: there is no such place. */
  sync?(): void;
  read(): AsyncIterable<JournalRecord>;
  close(): Promise<void>;
}

export function isOrderRecord(record: JournalRecord): record is OrderRecord {
  return record.kind === 'intent' || record.kind === 'attempt' || record.kind === 'outcome';
}
