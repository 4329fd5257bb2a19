/** Counts what is under way, so that closing can wait for it. */
export class Underway {
  #count = 0;
  #waiting: (() => void)[] = [];
  readonly #ended = (): void => {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  };

  /** Counts `work` until it settles, one way or the other. */
  add(work: Promise<unknown>): void {
    this.#count += 1;
    work.then(this.#ended, this.#ended);
  }

  /** Resolves when nothing is under way. */
  over(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => void this.#waiting.push(resolve));
  }
}
