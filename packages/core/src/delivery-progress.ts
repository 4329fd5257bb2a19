import type { Clock, Timer } from './clock.ts';
import type { Answer, Delivery, FailureCode, Marks } from './delivery.ts';
import { bareCause } from './errors/bare-cause.ts';
import type { DeliverOptions } from './executor.ts';
import type { PreparedRequest } from './request.ts';
import { setLongTimer } from './set-long-timer.ts';

/** One delivery on its way, for executors to keep: it settles once, what is proven about its bytes only grows, and its deadline and signal end it as long as nothing has been written. */
export class DeliveryProgress {
  readonly request: PreparedRequest;
  readonly options: DeliverOptions;
  readonly delivery: Promise<Delivery>;
  readonly #clock: Clock;
  readonly #queued: number;
  #onAbort: (() => void) | undefined;
  #settle: ((delivery: Delivery) => void) | undefined;
  #settled = false;
  #stage: 'queued' | 'connecting' | 'writing' | 'sent' = 'queued';
  #nothingTaken = false;
  #written: number | undefined;
  #firstByte: number | undefined;
  #deadlineTimer: Timer | undefined;
  #isAllSent: (() => boolean) | undefined;

  constructor(request: PreparedRequest, options: DeliverOptions, clock: Clock) {
    this.request = request;
    this.options = options;
    this.#clock = clock;
    this.#queued = clock.monotonic();
    this.delivery = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** The last look before the write, in the same tick. False: it has ended without a byte and must never be written. */
  mayBeWritten(): boolean {
    if (this.#settled) return false;
    if (this.options.signal?.aborted === true) this.#abort();
    else if (this.#clock.monotonic() >= this.options.deadline) this.#expire();
    return !this.#settled;
  }

  /** It can't leave in this tick: from now on its deadline and signal end it by themselves. */
  wait(stage: 'queued' | 'connecting'): void {
    if (this.#settled) return;
    this.#stage = stage;
    if (this.#deadlineTimer) return;
    this.#heedSignal();
    const { deadline } = this.options;
    this.#deadlineTimer = setLongTimer(this.#clock, deadline - this.#clock.monotonic(), () =>
      this.#expire(),
    );
  }

  /** The write is about to be called. `isAllSent` is asked again when it matters: over TLS the proof comes late. */
  writing(isAllSent: () => boolean): void {
    this.#isAllSent = isAllSent;
    this.#deadlineTimer?.cancel();
    this.#stage = 'writing';
    this.#written = this.#clock.monotonic();
    this.#heedSignal();
  }

  /** The kernel refused the write as it was called: nothing left. */
  writeRefused(cause: unknown): void {
    if (this.#settled) return;
    this.#nothingTaken = true;
    this.#written = undefined;
    this.fail('RESET', 'The connection was already reset: the kernel took nothing.', cause);
  }

  firstByteRead(): void {
    this.#firstByte ??= this.#clock.monotonic();
  }

  answer(answer: Answer): void {
    this.#lookAtWrite();
    const bytes = this.#stage === 'sent' ? 'all' : 'maybe';
    this.#end({ stage: 'answered', bytes, answer, marks: this.#marks() });
  }

  fail(code: FailureCode, message: string, cause?: unknown): void {
    // safeguard: a failure carries nothing of what was sent or read
    const bare = bareCause(cause);
    const failure = bare === undefined ? { code, message } : { code, message, cause: bare };
    const marks = this.#marks();
    this.#lookAtWrite();
    if (this.#stage === 'sent') this.#end({ stage: 'sent', bytes: 'all', failure, marks });
    else if (this.#stage === 'writing')
      this.#end({ stage: 'writing', bytes: this.#nothingTaken ? 'none' : 'maybe', failure, marks });
    else this.#end({ stage: this.#stage, bytes: 'none', failure, marks });
  }

  #lookAtWrite(): void {
    if (this.#stage === 'writing' && !this.#nothingTaken && this.#isAllSent?.() === true)
      this.#stage = 'sent';
  }

  #heedSignal(): void {
    const { signal } = this.options;
    if (!signal || this.#onAbort) return;
    this.#onAbort = () => this.#abort();
    signal.addEventListener('abort', this.#onAbort);
  }

  #abort(): void {
    this.fail('ABORTED', 'The caller aborted it.');
  }

  #expire(): void {
    this.fail('DEADLINE', 'Its deadline passed before it could be written.');
  }

  #marks(): Marks {
    return {
      queued: this.#queued,
      written: this.#written,
      firstByte: this.#firstByte,
      end: this.#clock.monotonic(),
    };
  }

  #end(delivery: Delivery): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#deadlineTimer?.cancel();
    if (this.#onAbort) this.options.signal?.removeEventListener('abort', this.#onAbort);
    this.#settle?.(delivery);
  }
}
