import type { GatewayClock } from '../clock.ts';
import { after } from '../clock.ts';

/** Events that come late, in the order in which they happened. */
export class EventLane {
  readonly #clock: GatewayClock;
  readonly #lateMs: () => number;
  readonly #waiting: (() => void)[] = [];
  readonly #timers = new Set<{ cancel(): void }>();
  #lastDueAt = Number.NEGATIVE_INFINITY;

  constructor(clock: GatewayClock, lateMs: () => number) {
    this.#clock = clock;
    this.#lateMs = lateMs;
  }

  /** Does it when its time has come, and never before what came before it. */
  add(task: () => void): void {
    const now = this.#clock.now();
    const dueAt = Math.max(this.#lastDueAt, now + this.#lateMs());
    if (dueAt <= now && this.#waiting.length === 0) return task();
    this.#lastDueAt = dueAt;
    this.#waiting.push(task);
    // Each timer does the first of those that wait, so that timers which are due at once cannot change the order.
    const timer = after(this.#clock, Math.max(1, dueAt - now), () => {
      this.#timers.delete(timer);
      this.#waiting.shift()?.();
    });
    this.#timers.add(timer);
  }

  /** Forgets what waits. */
  clear(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#waiting.length = 0;
    this.#lastDueAt = Number.NEGATIVE_INFINITY;
  }
}
