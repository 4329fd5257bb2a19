/** Timers of Node fire up to a millisecond late: the last part of a wait is spent turning the event loop. */
const spinMs = 1.2;

/** Does things at their time, to a few microseconds. */
export class DelayLine {
  /** By time; those of one time in the order in which they were pushed. */
  readonly #waiting: { readonly at: number; readonly act: () => void }[] = [];
  #draining = false;
  /** Of the wake-up that counts; earlier ones find that they are out of date. */
  #wakeUp = 0;

  push(at: number, act: () => void): void {
    let index = this.#waiting.length;
    while (index > 0 && (this.#waiting[index - 1]?.at ?? 0) > at) index -= 1;
    this.#waiting.splice(index, 0, { at, act });
    if (index === 0 && !this.#draining) this.#drain();
  }

  #drain(): void {
    this.#draining = true;
    const wakeUp = (this.#wakeUp += 1);
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const left = first.at - performance.now();
      if (left > 0) {
        const again = (): void => {
          if (wakeUp === this.#wakeUp) this.#drain();
        };
        if (left > spinMs) setTimeout(again, left - spinMs);
        else setImmediate(again);
        break;
      }
      this.#waiting.shift();
      first.act();
    }
    this.#draining = false;
  }
}
