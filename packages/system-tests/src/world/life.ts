/** The life of a process that can be killed: what ends with it, and the instants at which it may end. */
export interface Life {
  readonly isDead: boolean;
  /** Every instant that it came through, by name. Only the last ones are kept. */
  readonly instants: readonly string[];
  /** From here on nothing of it happens. Nothing is said goodbye to. */
  kill(): void;
  /** One more instant; it may be the last. */
  reach(instant: string): void;
  /** Called at the kill: what the kernel does for a dead process. */
  atEnd(close: () => unknown): void;
}

const keptInstants = 1_000;

/** `dieAt` is told of each instant and its number; `true` kills at it. */
export function createLife(dieAt?: (instant: string, count: number) => boolean): Life {
  const instants: string[] = [];
  const closing: (() => unknown)[] = [];
  let dead = false;
  let count = 0;
  const kill = (): void => {
    if (dead) return;
    dead = true;
    for (const close of closing.splice(0)) close();
  };
  return {
    get isDead() {
      return dead;
    },
    instants,
    kill,
    reach(instant) {
      if (dead) return;
      count += 1;
      instants.push(instant);
      if (instants.length > keptInstants) instants.shift();
      if (dieAt?.(instant, count) === true) kill();
    },
    atEnd(close) {
      if (dead) close();
      else closing.push(close);
    },
  };
}
