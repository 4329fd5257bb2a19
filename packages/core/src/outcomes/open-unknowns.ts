import type { Adapter } from '../adapter.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Order } from '../order.ts';
import type { Unknown, Unsettled } from '../outcome.ts';
import { setPatientTimer } from '../set-patient-timer.ts';
import type { End, EndOf, Search, UnknownDetails } from './open-unknown.ts';
import { OpenUnknown, unsettled } from './open-unknown.ts';
import { Sweep } from './sweep.ts';
import type { Call, Told } from './told.ts';

/** What the many kinds of open unknowns have in common. */
type AnyOpen = Pick<
  OpenUnknown<string, unknown>,
  'since' | 'dueAt' | 'pauseMs' | 'look' | 'concerns' | 'close'
>;

const sweepEveryMs = 1_000;
const pauseGrowth = 1.5;
const longestPauseMs = 10_000;

export interface OpenUnknownsParts<Key extends string> {
  readonly adapter: Adapter;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds after its call in which a bot is told something. */
  readonly outcomeWithinMs: number;
  /** Tells of the end of what was told as unknown, and writes it down. */
  announce(end: End<Key>): void;
}

/** The intents whose outcome is still unknown, each with the promise its bot may be waiting on. Looks for all of them together, at most once a second, and ever more seldom for each. */
export class OpenUnknowns<Key extends string> {
  readonly #open = new Set<AnyOpen>();
  readonly #parts: OpenUnknownsParts<Key>;
  #timer: Timer | undefined;
  #sweeping: Promise<void> | undefined;
  #closed = false;

  constructor(parts: OpenUnknownsParts<Key>) {
    this.#parts = parts;
  }

  /** Looked for from here on, and told as unknown at once. After `closeAll` there is nobody left to settle it: it comes back final. */
  open<Done>(
    base: Told<Key>,
    details: UnknownDetails,
    search: Search<EndOf<Key, Done>>,
  ): Unknown<Key, Done> | Unsettled<Key> {
    return this.#add<Done>(base, details, search, true)?.tell() ?? closed(base, details);
  }

  /**
   * Looked for from here on, for the bot of `call`: within `outcomeWithinMs` it is told the end and nothing else, after that that it is unknown.
   * Who gave up waiting is told at once.
   */
  within<Done>(
    base: Told<Key>,
    details: UnknownDetails,
    search: Search<EndOf<Key, Done>>,
    call: Call,
  ): Unknown<Key, Done> | Unsettled<Key> | Promise<EndOf<Key, Done> | Unknown<Key, Done>> {
    const { clock, outcomeWithinMs } = this.#parts;
    const leftMs = (call.countsFrom ?? call.startedAt) + outcomeWithinMs - clock.monotonic();
    if (leftMs <= 0 || details.code === 'WAIT_ABORTED') return this.open(base, details, search);
    const open = this.#add<Done>(base, details, search, false);
    if (!open) return closed(base, details);
    return new Promise((resolve) => {
      const timer = setPatientTimer(clock, leftMs, () =>
        resolve(open.tell(clock.monotonic() - call.startedAt)),
      );
      void open.resolved.then((ended) => {
        timer.cancel();
        resolve(ended);
      });
    });
  }

  /** Told as unknown at once, and settled elsewhere: by who holds it, or by closing. */
  hold<Done>(
    base: Told<Key>,
    details: UnknownDetails,
  ): {
    readonly outcome: Unknown<Key, Done> | Unsettled<Key>;
    readonly end: OpenUnknown<Key, Done>['end'];
  } {
    const open = this.#add<Done>(base, details, undefined, true);
    return open
      ? { outcome: open.tell(), end: (ended, options) => open.end(ended, options) }
      : { outcome: closed(base, details), end: () => undefined };
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

  #add<Done>(
    base: Told<Key>,
    details: UnknownDetails,
    search: Search<EndOf<Key, Done>> | undefined,
    isTold: boolean,
  ): OpenUnknown<Key, Done> | undefined {
    if (this.#closed) return undefined;
    const open = new OpenUnknown<Key, Done>({
      base,
      details,
      search,
      isTold,
      dueAt: this.#parts.clock.monotonic() + sweepEveryMs,
      pauseMs: sweepEveryMs,
      announce: (end) => this.#parts.announce(end),
      forget: (ended) => void this.#open.delete(ended),
    });
    this.#open.add(open);
    if (search) this.#arm();
    return open;
  }

  #arm(): void {
    if (this.#timer || this.#closed) return;
    this.#timer = this.#parts.clock.setTimer(sweepEveryMs, () => {
      this.#timer = undefined;
      void this.#sweep().then(() => {
        if ([...this.#open].some(({ since }) => since !== undefined)) this.#arm();
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
    const due: AnyOpen[] = [];
    let oldest = Infinity;
    for (const open of this.#open) {
      if (open.since === undefined || open.dueAt > now) continue;
      due.push(open);
      oldest = Math.min(oldest, open.since);
    }
    const sweep = new Sweep(adapter, oldest, now);
    for (const open of due) {
      open.dueAt = now + open.pauseMs;
      open.pauseMs = Math.min(open.pauseMs * pauseGrowth, longestPauseMs);
      try {
        await open.look(sweep);
      } catch (error) {
        log.warn({ error }, 'an unknown could not be looked for');
      }
    }
  }
}

function closed<Key extends string>(base: Told<Key>, { message }: UnknownDetails): Unsettled<Key> {
  return unsettled(
    base,
    'CLOSED',
    `${message} The broker was closed before the venue could be asked.`,
  );
}
