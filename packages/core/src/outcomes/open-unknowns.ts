import type { Adapter } from '../adapter.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { UnknownCode } from '../outcome-codes.ts';
import type { Order } from '../order.ts';
import type { NotSent, Outcome, Rejected, Unknown, Unsettled } from '../outcome.ts';
import { Sweep } from './sweep.ts';
import type { Told } from './told.ts';

type FinalCode = Unsettled['code'];
/** How an unknown can end. */
export type End<Key extends string> = Exclude<Outcome<Key>, Unknown<Key, never>>;

export interface UnknownDetails {
  readonly code: Exclude<UnknownCode, FinalCode>;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** How an unknown is settled. */
export interface Search<Ended> {
  /** Wall milliseconds of the send. */
  readonly since: number;
  /** Looks once; undefined as long as nothing is proven. */
  look(sweep: Sweep): Promise<Ended | undefined>;
  /** Whether this row is worth another look at once. */
  concerns(order: Order): boolean;
  /** Called once with the end, before anybody else hears of it. */
  ended?(end: Ended): void;
}

/** An unknown that nothing will settle any more. */
export function unsettled<Key extends string>(base: Told<Key>, code: FinalCode, message: string): Unsettled<Key> {
  return { kind: 'unknown', ...base, final: true, code, message, retry: code === 'IN_USE_NOT_FOUND' ? 'no' : 'same-id', field: undefined, hint: undefined };
}

interface Open {
  readonly since: number;
  /** Monotonic; the next look is due. */
  dueAt: number;
  pauseMs: number;
  /** True when it has ended. */
  look(sweep: Sweep): Promise<boolean>;
  concerns(order: Order): boolean;
  close(): void;
}

const sweepEveryMs = 1_000;
const pauseGrowth = 1.5;
const longestPauseMs = 10_000;

export interface OpenUnknownsParts<Key extends string> {
  readonly adapter: Adapter;
  readonly clock: Clock;
  readonly log: Logger;
  /** Tells of an end, and writes it down. */
  announce(end: End<Key>): void;
}

/** The intents whose outcome is still unknown, each with the promise its bot may be waiting on. Looks for all of them together, at most once a second, and ever more seldom for each. */
export class OpenUnknowns<Key extends string> {
  readonly #open = new Set<Open>();
  readonly #parts: OpenUnknownsParts<Key>;
  #timer: Timer | undefined;
  #sweeping: Promise<void> | undefined;
  #closed = false;

  constructor(parts: OpenUnknownsParts<Key>) {
    this.#parts = parts;
  }

  /** After `closeAll` there is nobody left to settle it: it comes back final at once. Without a search only closing ends it. */
  open<Done>(base: Told<Key>, { code, message, hint }: UnknownDetails, search?: Search<Done | Rejected<Key> | NotSent<Key> | Unsettled<Key>>): Unknown<Key, Done> | Unsettled<Key> {
    if (this.#closed) return unsettled(base, 'CLOSED', `${message} The broker was closed before the venue could be asked.`);
    const outcome = { kind: 'unknown' as const, ...base, final: false as const, code, message, retry: 'same-id' as const, field: undefined, hint };
    const resolved = new Promise<Done | Rejected<Key> | NotSent<Key> | Unsettled<Key>>((resolve) => {
      const end = (ended: Done | Rejected<Key> | NotSent<Key> | Unsettled<Key>): void => {
        if (!this.#open.delete(open)) return;
        search?.ended?.(ended);
        // `Done` is one of the accepted outcomes; what a search ends in is an end of its own intent.
        this.#parts.announce(ended as End<Key>);
        resolve(ended);
      };
      const open: Open = {
        since: search?.since ?? Infinity,
        dueAt: this.#parts.clock.monotonic() + sweepEveryMs,
        pauseMs: sweepEveryMs,
        async look(sweep) {
          const ended = await search?.look(sweep);
          if (ended !== undefined) end(ended);
          return ended !== undefined;
        },
        concerns: (order) => search?.concerns(order) ?? false,
        close: () => end(unsettled(base, 'CLOSED', 'The broker was closed before the venue said what became of it.')),
      };
      this.#open.add(open);
      if (search) this.#arm();
    });
    // Enumerable, it would break JSON.stringify, structuredClone and every logger.
    return Object.defineProperty(outcome as Unknown<Key, Done>, 'resolved', { value: resolved, enumerable: false });
  }

  /** A row came: whoever looks for it looks at once. */
  seen(order: Order): void {
    if (this.#open.size === 0) return;
    const now = this.#parts.clock.monotonic();
    for (const open of this.#open) {
      if (!open.concerns(order)) continue;
      open.dueAt = now;
      void this.#sweep();
    }
  }

  /** Looks for everything that is open, at once. */
  async lookNow(): Promise<void> {
    await this.#sweeping;
    for (const open of this.#open) open.dueAt = this.#parts.clock.monotonic();
    await this.#sweep();
  }

  closeAll(): void {
    this.#closed = true;
    this.#timer?.cancel();
    for (const open of this.#open) open.close();
    this.#open.clear();
  }

  #arm(): void {
    if (this.#timer || this.#closed) return;
    this.#timer = this.#parts.clock.setTimer(sweepEveryMs, () => {
      this.#timer = undefined;
      void this.#sweep().then(() => {
        if ([...this.#open].some(({ since }) => since !== Infinity)) this.#arm();
      });
    });
  }

  /** One at a time: a second call waits for the first. */
  #sweep(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#sweeping ??= this.#lookAtDue().finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async #lookAtDue(): Promise<void> {
    const { adapter, clock, log } = this.#parts;
    const now = clock.monotonic();
    const due = [...this.#open].filter(({ dueAt, since }) => since !== Infinity && dueAt <= now);
    const sweep = new Sweep(adapter, Math.min(...due.map(({ since }) => since)), now);
    try {
      for (const open of due) {
        open.dueAt = now + open.pauseMs;
        open.pauseMs = Math.min(open.pauseMs * pauseGrowth, longestPauseMs);
        await open.look(sweep);
      }
    } catch (error) {
      log.warn({ error }, 'an unknown could not be looked for');
    }
  }
}
