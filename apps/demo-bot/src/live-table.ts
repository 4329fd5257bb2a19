import type { WriteStream } from 'node:tty';

/** Redraws some lines in place while work goes on; silent where there is no terminal. */
export class LiveTable {
  readonly #stream: WriteStream;
  readonly #lines: () => string[];
  #shown = 0;
  #calls = 0;

  constructor(stream: WriteStream, lines: () => string[]) {
    this.#stream = stream;
    this.#lines = lines;
  }

  get isShown(): boolean {
    return this.#stream.isTTY;
  }

  /** Draws every hundredth time: drawing is work that the measured orders would wait for. */
  refresh(): void {
    this.#calls += 1;
    if (!this.isShown || this.#calls % 100 !== 0) return;
    this.clear();
    const lines = this.#lines();
    this.#stream.write(`${lines.join('\n')}\n`);
    this.#shown = lines.length;
  }

  clear(): void {
    if (this.#shown === 0) return;
    this.#stream.moveCursor(0, -this.#shown);
    this.#stream.clearScreenDown();
    this.#shown = 0;
  }
}
