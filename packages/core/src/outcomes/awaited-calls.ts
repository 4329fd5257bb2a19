import type { Adapter } from '../adapter.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { LoopWatch } from '../loop-watch.ts';
import type { Order } from '../order.ts';
import { Sweep } from './sweep.ts';

/** A call that has no outcome yet. */
interface Awaited {
  /** Monotonic milliseconds from which its bot waits. */
  readonly countsFrom: number;
  /** Wall milliseconds before its first byte; undefined while nothing has left. */
  readonly sentAt: number | undefined;
  concerns(order: Order): boolean;
  seen(order: Order): void;
  overdue(): void;
}

export interface AwaitedCallsParts {
  readonly adapter: Adapter;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whose beats it goes by, so that one timer serves all of a broker. */
  readonly loop: LoopWatch;
  /** Milliseconds after its call from which an order is looked for though its answer may still come. */
  readonly lookupAfterMs: number;
  /** Milliseconds after its call in which a bot is told something. */
  readonly outcomeWithinMs: number;
  /** Called ahead of a read; gives what takes its rows in. */
  readonly reading: () => (order: Order) => void;
}

const tickEveryMs = 250;
const lookEveryMs = 1_000;

/** The calls whose answers are awaited. An answer that is late is not waited for in silence: the venue is asked for all of them together, at most once a second. */
export class AwaitedCalls {
  readonly #parts: AwaitedCallsParts;
  readonly #calls = new Set<Awaited>();
  /** Monotonic. */
  #tickedAt = 0;
  #isLooking = false;
  /** Monotonic. */
  #lookedAt = -Infinity;
  #closed = false;

  constructor(parts: AwaitedCallsParts) {
    this.#parts = parts;
    parts.loop.onBeat(() => this.#beat());
  }

  add(call: Awaited): void {
    this.#calls.add(call);
    if (this.#calls.size === 1) this.#tickedAt = call.countsFrom;
    this.#parts.loop.begun();
  }

  delete(call: Awaited): void {
    if (this.#calls.delete(call)) this.#parts.loop.ended();
  }

  /** A row came, by the stream or by a lookup. */
  seen(order: Order): void {
    if (this.#calls.size === 0) return;
    // safeguard: events settle a call
    for (const call of this.#calls) if (call.concerns(order)) call.seen(order);
  }

  /** What is still awaited at a close is told now: whoever delivers it may never come back. */
  endAll(): void {
    for (const call of this.#calls) call.overdue();
    this.#calls.clear();
  }

  close(): void {
    this.#closed = true;
    this.#parts.loop.close();
  }

  #beat(): void {
    const now = this.#parts.clock.monotonic();
    if (this.#closed || this.#calls.size === 0 || now - this.#tickedAt < tickEveryMs) return;
    this.#tickedAt = now;
    this.#tick();
  }

  #tick(): void {
    const { clock, lookupAfterMs, outcomeWithinMs } = this.#parts;
    const now = clock.monotonic();
    let oldest = Infinity;
    for (const call of this.#calls) {
      if (now - call.countsFrom >= outcomeWithinMs) call.overdue();
      if (now - call.countsFrom >= lookupAfterMs)
        oldest = Math.min(oldest, call.sentAt ?? Infinity);
    }
    if (oldest === Infinity || this.#isLooking || now - this.#lookedAt < lookEveryMs) return;
    this.#lookedAt = now;
    void this.#look(oldest, now);
  }

  async #look(since: number, now: number): Promise<void> {
    const { adapter, log, reading } = this.#parts;
    this.#isLooking = true;
    const seen = reading();
    try {
      for (const order of await new Sweep(adapter, since, now).orders()) {
        seen(order);
        // A row that changes nothing is told to nobody, and says all the same that the order is there.
        this.seen(order);
      }
    } catch (error) {
      log.debug({ error }, 'orders whose answers are late could not be looked for');
    } finally {
      this.#isLooking = false;
    }
  }
}
