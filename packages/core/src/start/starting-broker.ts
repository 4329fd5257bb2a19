import type { Broker } from '../broker/broker.ts';
import type { Clock } from '../clock.ts';
import type { Latch } from '../halt/latch.ts';
import type { Logger } from '../logger.ts';
import { StartError } from '../errors/start-error.ts';
import type { Starting } from './starting.ts';
import { triedFor } from './tried-for.ts';

export interface StartingParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** The author's own signal. */
  readonly signal: AbortSignal | undefined;
}

/** What is known of a start, and the ways to end it. One owner, from the call of `createBroker` to its end. */
export class StartingBroker implements Starting {
  readonly since: number;
  readonly #parts: StartingParts;
  readonly #stopper = new AbortController();
  readonly #heedSignal = (): void => this.#stopper.abort(this.#parts.signal?.reason);
  readonly #begunAt: number;
  #address = '';
  #attempts = 0;
  #reason: string | undefined;
  #state: Starting['state'] = 'starting';
  #latch: Latch | undefined;
  #haltWanted = false;
  #broker: Pick<Broker, 'halt' | 'flatten'> | undefined;

  constructor(parts: StartingParts) {
    this.#parts = parts;
    this.since = parts.clock.now();
    this.#begunAt = parts.clock.monotonic();
    if (parts.signal?.aborted === true) this.#heedSignal();
    else parts.signal?.addEventListener('abort', this.#heedSignal);
  }

  get address(): string {
    return this.#address;
  }

  get attempts(): number {
    return this.#attempts;
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  get state(): Starting['state'] {
    return this.#state;
  }

  get isHalted(): boolean {
    return this.#latch ? this.#latch.isSet : this.#haltWanted;
  }

  /** Aborted when the start has been given up from outside. */
  get stop(): AbortSignal {
    return this.#stopper.signal;
  }

  /** Throws `StartError` when it has been given up. */
  refuseWhenStopped(): void {
    if (!this.stop.aborted) return;
    const because = this.#reason === undefined ? '' : ` The last try failed: ${this.#reason}`;
    throw new StartError(
      'START_ABORTED',
      `The start was given up after ${triedFor(this)}.${because}`,
      { cause: this.stop.reason },
    );
  }

  /** Milliseconds since it began. By the monotonic clock: a machine that boots has its wall clock set meanwhile. */
  get elapsedMs(): number {
    return this.#parts.clock.monotonic() - this.#begunAt;
  }

  halt(): boolean {
    this.#haltWanted = true;
    if (this.#broker) void this.#broker.halt();
    else this.#setLatch();
    return this.#latch?.isRecorded === true;
  }

  abort(reason: unknown = new Error('abort() was called.')): void {
    if (this.#state === 'starting') this.#stopper.abort(reason);
  }

  /** Where the venue is sought. */
  seek(address: string): void {
    this.#address = address;
  }

  tryBegins(): void {
    this.#attempts += 1;
  }

  tryFailed(reason: string): void {
    this.#reason = reason;
  }

  /** The journal can be written: a halt that was asked for before is written now. */
  journalOpen(latch: Latch): void {
    this.#latch = latch;
    // safeguard: a halt of before the journal could be written is written then
    if (this.#haltWanted) this.#setLatch();
  }

  started(broker: Pick<Broker, 'halt' | 'flatten'>): void {
    this.#state = 'started';
    this.#reason = undefined;
    this.#broker = broker;
    this.#leaveSignal();
    // What an earlier process left is not left to whoever asked for the halt before there was a broker.
    // safeguard: a halt while the venue was away gets out once it is there
    if (this.#haltWanted) void broker.flatten();
  }

  failed(): void {
    this.#state = 'failed';
    this.#latch = undefined;
    this.#leaveSignal();
  }

  #setLatch(): void {
    if (!this.#latch || this.#latch.isRecorded) return;
    try {
      this.#latch.set();
    } catch (error) {
      this.#parts.log.error(
        { error },
        'a halt could not be written to the journal; it holds in this process',
      );
    }
  }

  #leaveSignal(): void {
    this.#parts.signal?.removeEventListener('abort', this.#heedSignal);
  }
}
