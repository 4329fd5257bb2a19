import type { OrderId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { Journal } from '../journal/journal.ts';
import { isOrderRecord } from '../journal/journal.ts';
import { ProtectedEntry } from './protected-entry.ts';

/** The entries that an earlier process left under its protection, oldest first. */
export async function readProtected(journal: Journal): Promise<ProtectedEntry[]> {
  const entries = new Map<string, ProtectedEntry>();
  /** Whose order an id is: an entry's, or that of the entry whose leg it is. */
  const byOrder = new Map<string, ProtectedEntry>();
  for await (const record of journal.read()) {
    if (record.kind === 'oco') {
      const key = clientOrderIdKey(record.entry);
      const entry = entries.get(key);
      if (record.step === 'armed' && !entry) {
        const armed = new ProtectedEntry(record);
        entries.set(key, armed);
        byOrder.set(key, armed);
      } else if (record.step === 'ended' && entry) {
        entries.delete(key);
        for (const id of [entry.clientOrderId, ...entry.legs.map(({ clientOrderId }) => clientOrderId)]) byOrder.delete(clientOrderIdKey(id));
      } else {
        entry?.take(record);
        if (entry && record.step === 'leg') byOrder.set(clientOrderIdKey(record.clientOrderId), entry);
      }
      continue;
    }
    if (!isOrderRecord(record) || record.operation !== 'place' || record.clientOrderId === undefined) continue;
    const key = clientOrderIdKey(record.clientOrderId);
    const entry = byOrder.get(key);
    if (!entry) continue;
    const named = key === clientOrderIdKey(entry.clientOrderId) ? entry : entry.legs.find(({ clientOrderId }) => clientOrderIdKey(clientOrderId) === key);
    if (named === entry && record.kind === 'intent') entry.wasSent = true;
    if (named && record.kind === 'outcome' && record.orderId !== undefined && record.outcome === 'accepted') named.orderId = record.orderId as OrderId;
  }
  return [...entries.values()];
}
