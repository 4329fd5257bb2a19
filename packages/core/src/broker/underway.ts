/** What began between two calls of `over`. Counted, since a set of promises would cost every order more than the count does. */
class Group {
  #count = 0;
  #resolve: (() => void) | undefined;
  readonly ended = (): void => {
    this.#count -= 1;
    if (this.#count === 0) this.#resolve?.();
  };

  add(): void {
    this.#count += 1;
  }

  over(): Promise<void> {
    return this.#count === 0
      ? Promise.resolve()
      : new Promise((resolve) => void (this.#resolve = resolve));
  }
}

/** Knows what is under way, so that closing can wait for it. */
export class Underway {
  #group = new Group();
  #before: Promise<unknown> = Promise.resolve();

  /** `work` is under way until it settles, one way or the other. */
  add(work: Promise<unknown>): void {
    const { ended } = this.#group;
    this.#group.add();
    work.then(ended, ended);
  }

  /** Resolves when all that has begun before this call has settled; what begins later is not waited for. */
  over(): Promise<unknown> {
    this.#before = Promise.all([this.#before, this.#group.over()]);
    this.#group = new Group();
    return this.#before;
  }
}
