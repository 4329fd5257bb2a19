import type { BrokerParts } from '../broker/broker-parts.ts';
import type { ContractId } from '../brand.ts';
import type { Order } from '../order.ts';
import type { PlaceOutcome } from '../outcome.ts';
import { EntryGuard } from './entry-guard.ts';
import type { OcoBook } from './oco-book.ts';
import type { OcoActions, OcoParts } from './oco-parts.ts';
import type { OwnOcoOptions } from './own-oco-options.ts';
import { defaultProtectWithinMs } from './own-oco-options.ts';
import type { ToCome } from './position-shares.ts';
import { contractsToCome, missingContracts } from './position-shares.ts';
import type { ProtectedEntry } from './protected-entry.ts';
import { readEntries } from './read-entries.ts';

/** Between two looks at the venue while its stream does not tell. */
const askEveryMs = 2_000;
const askEveryMsLater = 5_000;
const asksAtFirst = 10;
/** A fill and the position it makes come one after the other: between two looks that both must show contracts missing. */
const positionSettlesMs = 300;
/** Reads spend what getting out may need, so those that show nothing come ever less often. */
const longestPauseMs = 10_000;
const retryMs = 1_000;

/** Protects the entries of a broker by stops and targets that the broker places itself, where the account refuses the venue's brackets. */
export class OwnOco<Key extends string> {
  readonly #parts: OcoParts<Key>;
  readonly #guards = new Map<ProtectedEntry, EntryGuard<Key>>();
  readonly #toLookAt = new Set<ProtectedEntry>();
  /** Contracts whose position is being held against its entries; true: it has changed meanwhile. */
  readonly #checking = new Map<ContractId, boolean>();
  readonly #stops: (() => void)[] = [];
  /** Grows with each change of an order that is spoken of here. */
  #changes = 0;
  #isReady = false;
  #closed = false;

  constructor(
    broker: BrokerParts<Key>,
    book: OcoBook,
    options: OwnOcoOptions,
    actions: OcoActions<Key>,
  ) {
    const look = (entry: ProtectedEntry): void => this.#look(entry);
    this.#parts = {
      broker,
      book,
      ...actions,
      whenUnprotected: options.whenUnprotected,
      protectWithinMs: options.protectWithinMs ?? defaultProtectWithinMs,
      look,
      lookIn: (milliseconds, entry) =>
        void broker.clock.setTimer(Math.max(1, Math.ceil(milliseconds)), () => look(entry)),
    };
    const { state, events } = broker;
    this.#stops.push(
      state.orders.onChange((order) => {
        const entry = book.entryOf(order.clientOrderId);
        if (!entry) return;
        this.#changes += 1;
        book.seen(order);
        this.#look(entry);
      }),
      state.onPosition((contractId) => this.#positionChanged(contractId)),
    );
    const lookAtAll = (): void => this.#lookAtAll();
    events.on('stream.synced', lookAtAll);
    events.on('resumed', lookAtAll);
  }

  /** After what an earlier process left has been asked for. Nothing is placed before the venue has shown how its entries stand. */
  start(recovered: Promise<void>): void {
    const { book, broker } = this.#parts;
    const earlier = book.entries();
    void recovered.then(() => (earlier.length === 0 ? this.#begin() : this.#takeUp(earlier)));
    let asked = 0;
    const ask = (): void => {
      if (this.#closed) return;
      asked = broker.state.isLive ? 0 : asked + 1;
      broker.clock.setTimer(
        asked > asksAtFirst ? askEveryMsLater : askEveryMs,
        () => void this.#askWhileDeaf().finally(ask),
      );
    };
    ask();
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stops) stop();
  }

  /** What became of a place, of an entry or of a leg. */
  placed(outcome: PlaceOutcome<Key>): void {
    const entry = this.#parts.book.entryOf(outcome.clientOrderId);
    if (!entry) return;
    // At once: its id is free, and whoever was told this may place another order under it in the same tick.
    if (outcome.kind === 'not-sent' && entry.legs.length === 0)
      return this.#end(entry, 'nothing was sent');
    const facts = [entry, ...entry.legs].find(
      ({ clientOrderId }) => clientOrderId === outcome.clientOrderId,
    );
    if (facts && outcome.kind === 'accepted') facts.orderId ??= outcome.orderId;
    if (outcome.kind === 'unknown' && !outcome.final)
      void outcome.resolved.then((end) => this.placed(end));
    this.#look(entry);
  }

  /** A contract was read flat after a close: the legs of its entries go. Never rejects. */
  async closed(contractId: ContractId): Promise<void> {
    await Promise.all(
      this.#parts.book.inContract(contractId).map((entry) => this.#guard(entry).closed()),
    );
  }

  async #takeUp(earlier: readonly ProtectedEntry[]): Promise<void> {
    const { broker, book } = this.#parts;
    for (const entry of earlier) {
      for (const { clientOrderId } of [entry, ...entry.legs]) {
        const outcome = broker.book.find(clientOrderId)?.outcome;
        if (outcome) this.placed(outcome);
      }
    }
    while (!this.#closed) {
      try {
        await readEntries(broker, book, earlier);
        const contracts = new Set(earlier.map(({ contractId }) => contractId));
        for (const contractId of contracts) await this.#takeOffMissing(contractId);
        return this.#begin();
      } catch (error) {
        broker.log.warn(
          { error, entries: earlier.length },
          'the entries of an earlier process could not be asked for',
        );
        await this.#pause(retryMs);
      }
    }
  }

  #begin(): void {
    this.#isReady = true;
    this.#lookAtAll();
  }

  #lookAtAll(): void {
    const entries = this.#parts.book.entries();
    for (const entry of entries) this.#look(entry);
    for (const contractId of new Set(entries.map((entry) => entry.contractId)))
      this.#positionChanged(contractId);
  }

  /** In a turn of its own: events must not act between a call and its write. */
  #look(entry: ProtectedEntry): void {
    if (this.#toLookAt.size === 0) queueMicrotask(() => this.#lookAtMarked());
    this.#toLookAt.add(entry);
  }

  #lookAtMarked(): void {
    const marked = [...this.#toLookAt];
    this.#toLookAt.clear();
    if (!this.#isReady || this.#closed) return;
    for (const entry of marked) {
      try {
        if (this.#parts.book.has(entry)) this.#guard(entry).look();
        // A look may be the last one.
        if (!this.#parts.book.has(entry)) this.#guards.delete(entry);
      } catch (error) {
        this.#parts.broker.log.error(
          { clientOrderId: entry.clientOrderId, error },
          'an entry could not be looked at',
        );
      }
    }
  }

  #end(entry: ProtectedEntry, because: string): void {
    this.#parts.book.end(entry, because);
    this.#guards.delete(entry);
  }

  #guard(entry: ProtectedEntry): EntryGuard<Key> {
    const known = this.#guards.get(entry);
    if (known) return known;
    const guard = new EntryGuard(this.#parts, entry);
    this.#guards.set(entry, guard);
    return guard;
  }

  /** While the stream is down nobody tells of fills: the venue is asked. */
  async #askWhileDeaf(): Promise<void> {
    const { broker, book } = this.#parts;
    const entries = book.entries();
    if (!this.#isReady || broker.state.isLive || entries.length === 0) return;
    try {
      await readEntries(broker, book, entries);
    } catch (error) {
      broker.log.debug({ error }, 'the protected entries could not be asked for');
    }
    for (const entry of entries) this.#look(entry);
  }

  #positionChanged(contractId: ContractId): void {
    const { broker, book } = this.#parts;
    if (!this.#isReady || this.#closed || book.inContract(contractId).length === 0) return;
    if (this.#checking.has(contractId)) return void this.#checking.set(contractId, true);
    this.#checking.set(contractId, false);
    void this.#pause(positionSettlesMs)
      .then(() => (this.#seemsMissing(contractId) ? this.#takeOffMissing(contractId) : undefined))
      .catch((error: unknown) => {
        broker.log.warn(
          { contractId, error },
          'the position could not be held against its entries',
        );
        broker.clock.setTimer(retryMs, () => this.#positionChanged(contractId));
      })
      .finally(() => {
        const again = this.#checking.get(contractId);
        this.#checking.delete(contractId);
        if (again === true) this.#positionChanged(contractId);
      });
  }

  #seemsMissing(contractId: ContractId): boolean {
    const { state } = this.#parts.broker;
    return (
      !state.isLive ||
      missingContracts(
        this.#shares(contractId),
        state.positions.find(contractId),
        this.#toCome(state.orders.open(), contractId),
      ).length > 0
    );
  }

  #toCome(open: readonly Order[], contractId: ContractId): ToCome {
    return contractsToCome(
      open,
      contractId,
      ({ clientOrderId }) => this.#parts.book.entryOf(clientOrderId) !== undefined,
    );
  }

  #shares(contractId: ContractId): { readonly entry: ProtectedEntry; readonly left: number }[] {
    return this.#parts.book
      .inContract(contractId)
      .map((entry) => ({ entry, left: this.#guard(entry).left() }));
  }

  /** Takes off the entries what the venue's position does not have. Believed only when two reads show it, with nothing happening between them. Rejects when it can't be read. */
  async #takeOffMissing(contractId: ContractId): Promise<void> {
    const { broker, book } = this.#parts;
    /** The count of changes when the first read showed something missing. */
    let firstAt: number | undefined;
    for (
      let pauseMs = positionSettlesMs;
      !this.#closed;
      pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)
    ) {
      const guards = book.inContract(contractId).map((entry) => this.#guard(entry));
      // What is under way changes what is read, so there is nothing to read yet.
      if (guards.some(({ isAtRest }) => !isAtRest)) {
        await this.#pause(pauseMs);
        continue;
      }
      const open = await readEntries(
        broker,
        book,
        guards.map(({ entry }) => entry),
      );
      // What has gone from the venue tells nobody of it.
      for (const { entry } of guards)
        if (entry.isGone || entry.legs.some(({ isGone }) => isGone)) this.#look(entry);
      const changes = this.#changes;
      const positions = await broker.adapter.reads.positions('resolve');
      const missing = missingContracts(
        this.#shares(contractId),
        positions.find((position) => position.contractId === contractId),
        this.#toCome(open, contractId),
      );
      if (missing.length === 0) return;
      const isQuiet = changes === this.#changes && guards.every(({ isAtRest }) => isAtRest);
      if (isQuiet && firstAt === changes) {
        for (const { entry, left } of missing)
          book.writeOrGoOn(entry, {
            step: 'exit',
            quantity: left,
            because: 'the position is smaller',
          });
        for (const { entry } of missing) this.#look(entry);
        return;
      }
      firstAt = isQuiet ? changes : undefined;
      await this.#pause(pauseMs);
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.broker.clock.setTimer(milliseconds, resolve));
  }
}
