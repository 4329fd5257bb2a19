import { isFinal } from '../order.ts';
import { LegKeeper } from './leg-keeper.ts';
import { rowOf } from './leg-state.ts';
import type { OcoParts } from './oco-parts.ts';
import type { ProtectedEntry } from './protected-entry.ts';
import { settleExcess } from './settle-excess.ts';
import { UnprotectedAlarm } from './unprotected-alarm.ts';

/** How long an entry that was never seen may still turn up, in milliseconds. */
const absentWatchedMs = 24 * 60 * 60 * 1000;

/** Protects one entry: looks at what is known, and has each leg take its next step. Every look decides anew, so a restart only has to look. */
export class EntryGuard<Key extends string> {
  readonly entry: ProtectedEntry;
  readonly #parts: OcoParts<Key>;
  readonly #stop: LegKeeper<Key>;
  readonly #target: LegKeeper<Key>;
  readonly #alarm: UnprotectedAlarm<Key>;
  /** Contracts that both legs took too much, as far as that is being or has been settled. */
  #excess = 0;
  #isSettling = false;

  constructor(parts: OcoParts<Key>, entry: ProtectedEntry) {
    this.#parts = parts;
    this.entry = entry;
    this.#stop = new LegKeeper(parts, entry, 'stop');
    this.#target = new LegKeeper(parts, entry, 'target');
    this.#alarm = new UnprotectedAlarm(parts, this);
  }

  get keepers(): readonly LegKeeper<Key>[] {
    return [this.#stop, this.#target];
  }

  /** Contracts of the entry that are held still. */
  left(): number {
    return Math.max(0, this.#filled - this.#out);
  }

  /** Nothing is under way: what is known of it may be held against a position. */
  get isAtRest(): boolean {
    return !this.entry.isExiting && !this.#stop.isBusy && !this.#target.isBusy;
  }

  look(): void {
    const { broker, book, whenUnprotected } = this.#parts;
    const { entry } = this;
    const left = this.left();
    this.#settleExcess();
    if (
      left === 0 &&
      this.#isEntryOver &&
      this.#stop.isOver &&
      this.#target.isOver &&
      !this.#isSettling
    )
      return book.end(entry, this.#filled === 0 ? 'nothing filled' : 'out');
    // After a halt nothing enters; it closes by itself.
    if (entry.isExiting || (broker.latch.isSet && left > 0)) return;
    const averagePrice = this.#averagePrice();
    this.#stop.advance(left, averagePrice);
    const wantsStop = entry.bracket.stopLossTicks !== undefined && left > 0;
    const covered = !wantsStop || this.#stop.covers(left);
    const { state } = this.#stop;
    const isRefused = state.is === 'refused' && !state.throttled;
    // The target waits for the stop, but not for one that is not to be had.
    if (
      left === 0 ||
      covered ||
      this.#stop.state.is === 'working' ||
      ((isRefused || this.#stop.isGivenUp) && whenUnprotected === 'leave')
    )
      this.#target.advance(left, averagePrice);
    this.#alarm.look(covered, isRefused);
  }

  /** Both legs filled. */
  #settleExcess(): void {
    const excess = this.#legsFilled - this.#filled;
    if (excess <= 0 || this.#row === undefined || this.#excess === excess) return;
    this.#excess = excess;
    this.#isSettling = true;
    void settleExcess(this.#parts, this.entry, excess).finally(() => {
      this.#isSettling = false;
      this.#parts.look(this.entry);
    });
  }

  /** The position was closed: its legs go before whoever closed it is told. */
  async closed(): Promise<void> {
    if (this.entry.isExiting) return;
    this.entry.isExiting = true;
    try {
      await Promise.all(this.keepers.map((keeper) => keeper.cancel()));
      const quantity = this.left();
      if (quantity > 0)
        this.#parts.book.writeOrGoOn(this.entry, { step: 'exit', quantity, because: 'closed' });
    } finally {
      this.entry.isExiting = false;
      this.#parts.look(this.entry);
    }
  }

  get #row(): ReturnType<typeof rowOf> {
    return rowOf(
      this.#parts.broker,
      this.#parts.book,
      this.entry.clientOrderId,
      this.entry.orderId,
    );
  }

  get #filled(): number {
    return Math.max(this.#row?.filledQuantity ?? 0, this.entry.filledAtLeast);
  }

  get #legsFilled(): number {
    return this.#stop.filled + this.#target.filled;
  }

  get #out(): number {
    return this.#legsFilled + this.entry.exits;
  }

  #averagePrice(): number | undefined {
    const row = this.#row;
    return (
      row?.averagePrice ?? (row && this.#parts.broker.state.fills.ofOrder(row.orderId).averagePrice)
    );
  }

  /** Nothing of the entry will fill any more. */
  get #isEntryOver(): boolean {
    const row = this.#row;
    if (row) return isFinal(row.status);
    if (this.entry.isGone) return true;
    const { broker } = this.#parts;
    const outcome = broker.book.find(this.entry.clientOrderId)?.outcome;
    if (!this.entry.wasSent || outcome?.kind === 'rejected' || outcome?.kind === 'not-sent')
      return true;
    if (outcome?.kind !== 'unknown' || !outcome.final || outcome.code !== 'ABSENT') return false;
    return broker.clock.now() - this.entry.armedAt > absentWatchedMs;
  }
}
