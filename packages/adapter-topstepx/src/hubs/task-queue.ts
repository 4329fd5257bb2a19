import type { SliceSource } from './slice-queue.ts';

/** Tasks in the order in which they came; none is ever dropped. */
export class TaskQueue implements SliceSource {
  #tasks: (() => void)[] = [];
  #next = 0;

  push(task: () => void): void {
    this.#tasks.push(task);
  }

  step(): boolean {
    const task = this.#tasks[this.#next];
    if (!task) return false;
    this.#next += 1;
    if (this.#next === this.#tasks.length) {
      this.#tasks = [];
      this.#next = 0;
    }
    task();
    return true;
  }
}
