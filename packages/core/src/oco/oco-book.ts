import type { ClientOrderId, ContractId, OrderId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { Clock } from '../clock.ts';
import type { Contract } from '../contract.ts';
import type { Journal } from '../journal/journal.ts';
import type { OrderRequest } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { OcoRecord } from './oco-records.ts';
import { ProtectedEntry } from './protected-entry.ts';

/** A step without what every line has. */
export type OcoStep = OcoRecord extends infer Line
  ? Line extends OcoRecord
    ? Omit<Line, 'kind' | 'at' | 'entry'>
    : never
  : never;

/** Which entries this broker protects by itself, and with which orders. Writes every step down; does nothing at the venue. */
export class OcoBook {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #entries = new Map<string, ProtectedEntry>();
  /** Entries by their own ids and by their legs'. */
  readonly #byOrder = new Map<string, ProtectedEntry>();
  /** The last row of each order that is spoken of here; the state forgets old ones. */
  readonly #rows = new Map<string, Order>();

  constructor(journal: Journal, clock: Clock, earlier: readonly ProtectedEntry[]) {
    this.#journal = journal;
    this.#clock = clock;
    for (const entry of earlier) this.#add(entry);
  }

  entries(): ProtectedEntry[] {
    return [...this.#entries.values()];
  }

  has(entry: ProtectedEntry): boolean {
    return this.#entries.get(clientOrderIdKey(entry.clientOrderId)) === entry;
  }

  inContract(contractId: ContractId): ProtectedEntry[] {
    return this.entries().filter((entry) => entry.contractId === contractId);
  }

  /** The entry that an order is, or that it protects. */
  entryOf(clientOrderId: string | undefined): ProtectedEntry | undefined {
    return clientOrderId === undefined || this.#byOrder.size === 0
      ? undefined
      : this.#byOrder.get(clientOrderIdKey(clientOrderId));
  }

  /** The entry that an order protects; undefined for any other order. */
  protectedBy({ clientOrderId }: Order): ProtectedEntry | undefined {
    const entry = this.entryOf(clientOrderId);
    return entry && clientOrderIdKey(entry.clientOrderId) !== clientOrderIdKey(clientOrderId ?? '')
      ? entry
      : undefined;
  }

  parentOf(order: Order): OrderId | undefined {
    const entry = this.protectedBy(order);
    return entry && (entry.orderId ?? this.rowOf(entry.clientOrderId)?.orderId);
  }

  /** Before the entry's own line: its legs are known before a byte of it leaves. Throws what the journal throws. */
  arm(
    clientOrderId: ClientOrderId,
    { side, bracket, strategy }: OrderRequest,
    contract: Contract,
  ): void {
    if (!bracket || this.#entries.has(clientOrderIdKey(clientOrderId))) return;
    const record: OcoRecord = {
      kind: 'oco',
      at: this.#clock.now(),
      entry: clientOrderId,
      step: 'armed',
      contractId: contract.id,
      side,
      bracket: { ...bracket },
      strategy,
    };
    this.#journal.append(record);
    const entry = new ProtectedEntry(record);
    entry.wasSent = true;
    this.#add(entry);
  }

  /** Writes a step down, then takes it in. Throws what the journal throws, and has taken nothing in when it does. */
  write(entry: ProtectedEntry, step: OcoStep): void {
    const record: OcoRecord = {
      kind: 'oco',
      at: this.#clock.now(),
      entry: entry.clientOrderId,
      ...step,
    };
    this.#journal.append(record);
    this.#take(entry, record);
  }

  /** As `write`, for what gets out: it goes on though its line can't be written. */
  writeOrGoOn(entry: ProtectedEntry, step: OcoStep): void {
    try {
      this.write(entry, step);
    } catch {
      this.#take(entry, {
        kind: 'oco',
        at: this.#clock.now(),
        entry: entry.clientOrderId,
        ...step,
      });
    }
  }

  /** Nothing of it is or will be at the venue. */
  end(entry: ProtectedEntry, because: string): void {
    if (!this.has(entry)) return;
    this.writeOrGoOn(entry, { step: 'ended', because });
    this.#entries.delete(clientOrderIdKey(entry.clientOrderId));
    for (const id of [
      entry.clientOrderId,
      ...entry.legs.map(({ clientOrderId }) => clientOrderId),
    ]) {
      this.#byOrder.delete(clientOrderIdKey(id));
      this.#rows.delete(clientOrderIdKey(id));
    }
  }

  seen(order: Order): void {
    if (order.clientOrderId !== undefined)
      this.#rows.set(clientOrderIdKey(order.clientOrderId), order);
  }

  rowOf(clientOrderId: ClientOrderId): Order | undefined {
    return this.#rows.get(clientOrderIdKey(clientOrderId));
  }

  #take(entry: ProtectedEntry, record: OcoRecord): void {
    entry.take(record);
    if (record.step === 'leg') this.#byOrder.set(clientOrderIdKey(record.clientOrderId), entry);
  }

  #add(entry: ProtectedEntry): void {
    const key = clientOrderIdKey(entry.clientOrderId);
    this.#entries.set(key, entry);
    for (const id of [entry.clientOrderId, ...entry.legs.map(({ clientOrderId }) => clientOrderId)])
      this.#byOrder.set(clientOrderIdKey(id), entry);
  }
}
