import type { ClientOrderId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { JournalRecord, OrderRecord } from '../journal/journal.ts';
import { isOrderRecord } from '../journal/journal.ts';

type IntentRecord = Extract<OrderRecord, { readonly kind: 'intent' }>;
type OutcomeRecord = Extract<OrderRecord, { readonly kind: 'outcome' }>;

/** A place of an earlier process, as its journal has it. */
export interface EarlierPlace {
  readonly clientOrderId: ClientOrderId;
  readonly intent: IntentRecord;
  readonly attempts: number;
  /** Who delivered the last of them. */
  readonly executor: string;
  /** The last word; undefined when the process ended before there was one. */
  readonly outcome: OutcomeRecord | undefined;
  /** Its order was cancelled before its end was known. */
  readonly withdrawn: boolean;
  /** The venue has shown that it has it. */
  readonly arrived: boolean;
  /** Its order by the lines of modifies and cancels: whoever sent those knew it, also where the line of the outcome found no room on the disk. */
  readonly changedOrderId: string | undefined;
}

/** Places so young are at hand from the start on. */
const keptMs = 24 * 60 * 60 * 1000;

/** The places that a journal tells of. Fed with its records, oldest first. */
export class EarlierPlaces {
  readonly #places = new Map<
    string,
    {
      intent: IntentRecord;
      attempts: number;
      executor: string;
      outcome: OutcomeRecord | undefined;
      withdrawn: boolean;
      arrived: boolean;
      changedOrderId: string | undefined;
    }
  >();

  take(record: JournalRecord): void {
    if (record.kind === 'withdrawal' || record.kind === 'arrival') {
      const taken = this.#places.get(clientOrderIdKey(record.clientOrderId));
      if (taken && record.kind === 'withdrawal') taken.withdrawn = true;
      else if (taken) taken.arrived = true;
      return;
    }
    if (!isOrderRecord(record) || record.clientOrderId === undefined) return;
    const key = clientOrderIdKey(record.clientOrderId);
    const known = this.#places.get(key);
    if (record.operation === 'modify' || record.operation === 'cancel') {
      // safeguard: an order that was changed is the one that its changes name
      if (known) known.changedOrderId ??= record.orderId;
      return;
    }
    if (record.operation !== 'place') return;
    if (record.kind === 'intent')
      this.#places.set(key, {
        intent: record,
        attempts: (known?.attempts ?? 0) + 1,
        executor: record.executor,
        outcome: undefined,
        withdrawn: false,
        arrived: known?.arrived ?? false,
        changedOrderId: undefined,
      });
    else if (known && record.kind === 'attempt') {
      known.attempts += 1;
      // safeguard: an order stays over a restart with the executor that took it over
      known.executor = record.executor;
    } else if (known && record.kind === 'outcome') known.outcome = record;
  }

  /** The place of an id, whatever its age. */
  of(key: string): EarlierPlace | undefined {
    const place = this.#places.get(key);
    const clientOrderId = place?.intent.clientOrderId;
    return place && clientOrderId !== undefined ? { ...place, clientOrderId } : undefined;
  }

  /** Keys of the ids of all the others. */
  olderThan(now: number): ReadonlySet<string> {
    const kept = new Set(
      this.since(now).map(({ clientOrderId }) => clientOrderIdKey(clientOrderId)),
    );
    return new Set([...this.#places.keys()].filter((key) => !kept.has(key)));
  }

  /** Those of the last day and those that are open. `now`: wall milliseconds. */
  since(now: number): EarlierPlace[] {
    const kept: EarlierPlace[] = [];
    for (const place of this.#places.values()) {
      const { clientOrderId } = place.intent;
      const isOpen = place.outcome === undefined || place.outcome.outcome === 'unknown';
      if (clientOrderId !== undefined && (isOpen || place.intent.at >= now - keptMs))
        kept.push({ ...place, clientOrderId });
    }
    return kept;
  }
}
