import type { ClientOrderId, OrderId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { JournalRecord, OrderRecord } from '../journal/journal.ts';
import { isOrderRecord } from '../journal/journal.ts';
import type { OrderChange } from '../order-request.ts';

/** A modify or a cancel that an earlier process sent, and of whose end its journal has no word. */
export interface EarlierChange {
  readonly operation: 'modify' | 'cancel';
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId | undefined;
  /** Empty for a cancel. */
  readonly change: OrderChange;
  /** Wall milliseconds of its line. */
  readonly at: number;
  readonly executor: string;
  readonly attempts: number;
}

/** What is older its bot has seen the end of in other ways. */
const keptMs = 24 * 60 * 60 * 1000;

type IntentRecord = Extract<OrderRecord, { readonly kind: 'intent' }>;

/** The modifies and cancels that a journal tells of and whose end it does not. Fed with its records, oldest first. */
export class EarlierChanges {
  /** By operation and order: of two on their way the later is the one that counts. */
  readonly #open = new Map<
    string,
    { readonly intent: IntentRecord; executor: string; attempts: number }
  >();

  take(record: JournalRecord): void {
    if (!isOrderRecord(record) || (record.operation !== 'modify' && record.operation !== 'cancel'))
      return;
    const key = `${record.operation} ${record.orderId ?? ''}`;
    if (record.kind === 'intent') {
      if (record.orderId !== undefined)
        this.#open.set(key, { intent: record, executor: record.executor, attempts: 1 });
      return;
    }
    const known = this.#open.get(key);
    if (record.kind === 'attempt') {
      if (!known) return;
      known.attempts += 1;
      known.executor = record.executor;
      return;
    }
    if (record.outcome === 'unknown' && record.code !== 'ABSENT') return;
    if (record.orderId !== undefined) this.#open.delete(key);
    else this.#endOf(record.operation, record.clientOrderId);
  }

  /** Those of the last day. `now`: wall milliseconds. */
  open(now: number): EarlierChange[] {
    const young = [...this.#open.values()].filter(({ intent }) => intent.at >= now - keptMs);
    return young.map(
      ({ intent: { operation, orderId, clientOrderId, content, at }, executor, attempts }) => ({
        operation: operation === 'modify' ? 'modify' : 'cancel',
        orderId: orderId as OrderId,
        clientOrderId,
        change: content as OrderChange,
        at,
        executor,
        attempts,
      }),
    );
  }

  /** An end that came to nothing names no order of the venue's, and of one that is not this bot's no id either. It may then be that of any: what was refused must not be taken for open and sent again. */
  #endOf(operation: string, clientOrderId: ClientOrderId | undefined): void {
    for (const [key, { intent }] of this.#open) {
      const isAnother =
        clientOrderId !== undefined &&
        intent.clientOrderId !== undefined &&
        clientOrderIdKey(intent.clientOrderId) !== clientOrderIdKey(clientOrderId);
      if (intent.operation === operation && !isAnother) this.#open.delete(key);
    }
  }
}
