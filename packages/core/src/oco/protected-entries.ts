import type { OrderId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { JournalRecord } from '../journal/journal.ts';
import { isOrderRecord } from '../journal/journal.ts';
import type { OcoRecord } from './oco-records.ts';
import { ProtectedEntry } from './protected-entry.ts';

/** The entries that an earlier process left under its protection. Fed with its journal's records, oldest first. */
export class ProtectedEntries {
  readonly #entries = new Map<string, ProtectedEntry>();
  /** Whose order an id is: an entry's, or that of the entry whose leg it is. */
  readonly #byOrder = new Map<string, ProtectedEntry>();

  take(record: JournalRecord): void {
    if (record.kind === 'oco') return this.#step(record);
    if (
      !isOrderRecord(record) ||
      record.operation !== 'place' ||
      record.clientOrderId === undefined
    )
      return;
    const key = clientOrderIdKey(record.clientOrderId);
    const entry = this.#byOrder.get(key);
    if (!entry) return;
    const named =
      key === clientOrderIdKey(entry.clientOrderId)
        ? entry
        : entry.legs.find(({ clientOrderId }) => clientOrderIdKey(clientOrderId) === key);
    if (named === entry && record.kind === 'intent') entry.wasSent = true;
    if (
      named &&
      record.kind === 'outcome' &&
      record.orderId !== undefined &&
      record.outcome === 'accepted'
    )
      named.orderId = record.orderId as OrderId;
  }

  /** Oldest first. */
  list(): ProtectedEntry[] {
    return [...this.#entries.values()];
  }

  #step(record: OcoRecord): void {
    const key = clientOrderIdKey(record.entry);
    const entry = this.#entries.get(key);
    if (record.step === 'armed' && !entry) {
      const armed = new ProtectedEntry(record);
      this.#entries.set(key, armed);
      this.#byOrder.set(key, armed);
    } else if (record.step === 'ended' && entry) {
      this.#entries.delete(key);
      for (const id of [
        entry.clientOrderId,
        ...entry.legs.map(({ clientOrderId }) => clientOrderId),
      ])
        this.#byOrder.delete(clientOrderIdKey(id));
    } else {
      entry?.take(record);
      if (entry && record.step === 'leg')
        this.#byOrder.set(clientOrderIdKey(record.clientOrderId), entry);
    }
  }
}
