import type { Clock } from '../clock.ts';
import { deadlineIn } from '../router/deadline.ts';
import { waitWithin } from '../router/wait-within.ts';

/** Milliseconds that the undoing of one thing may take: a plugin that hangs must not keep a start from failing. */
const undoWithinMs = 5_000;

/** What a start has opened, and how each of it is closed again should the start fail. */
export class UndoList {
  readonly #clock: Clock;
  readonly #undos = new Set<() => unknown>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The same function counts once. */
  add(undo: () => unknown): void {
    this.#undos.add(undo);
  }

  /** All at once. Never rejects. */
  async undo(): Promise<void> {
    const undos = [...this.#undos];
    this.#undos.clear();
    await Promise.all(
      undos.map((undo) =>
        waitWithin(
          async () => undo(),
          deadlineIn(undoWithinMs, this.#clock),
          undefined,
          this.#clock,
        ),
      ),
    );
  }
}
