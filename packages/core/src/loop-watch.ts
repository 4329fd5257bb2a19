import type { Clock, Timer } from './clock.ts';
import { afterHearing, heldUpMs } from './standstill.ts';

const beatMs = 50;
/** Stretches that are remembered: more than one delivery can have seen. */
const kept = 64;

interface Stretch {
  readonly from: number;
  readonly until: number;
}

/**
 * Knows when the event loop stood still: because the bot computed, or because the process was stopped. What is measured across such a stretch says nothing about an executor.
 * It beats only while something is under way, with one timer for all; a stretch much shorter than a beat is not seen.
 */
export class LoopWatch {
  readonly #clock: Clock;
  readonly #stretches: Stretch[] = [];
  readonly #listeners: (() => void)[] = [];
  #underWay = 0;
  #timer: Timer | undefined;
  #due = Infinity;
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something is under way, until `ended` is called for it. */
  begun(): void {
    this.#underWay += 1;
    if (!this.#timer && !this.#isClosed) this.#arm();
  }

  ended(): void {
    this.#underWay -= 1;
  }

  /** Calls back every 50 ms while something is under way; after a stretch in which the loop stood still, once what has come meanwhile has been read. */
  onBeat(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Milliseconds between two instants, monotonic, for which the loop is known to have stood still. */
  stoodStillMs(from: number, until: number): number {
    if (this.#stretches.length === 0 && until - this.#due < heldUpMs) return 0;
    let sum = until - this.#due >= heldUpMs ? until - Math.max(from, this.#due) : 0;
    for (const stretch of this.#stretches)
      sum += Math.max(0, Math.min(until, stretch.until) - Math.max(from, stretch.from));
    return sum;
  }

  /** Whether what was noticed at this instant, monotonic, may have happened earlier: the loop had just stood still. */
  isLateAt(instant: number): boolean {
    return this.stoodStillMs(instant - heldUpMs, instant) > 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#due = Infinity;
  }

  #arm(): void {
    this.#due = this.#clock.monotonic() + beatMs;
    this.#timer = this.#clock.setTimer(beatMs, () => this.#beat());
  }

  #beat(): void {
    const now = this.#clock.monotonic();
    const wasHeldUp = now - this.#due >= heldUpMs;
    if (wasHeldUp) {
      this.#stretches.push({ from: this.#due, until: now });
      if (this.#stretches.length > kept) this.#stretches.shift();
    }
    this.#timer = undefined;
    this.#due = Infinity;
    if (this.#underWay > 0) this.#arm();
    if (wasHeldUp) afterHearing(() => this.#tell());
    else this.#tell();
  }

  #tell(): void {
    if (this.#isClosed) return;
    for (const listener of this.#listeners) listener();
  }
}
