import type { RoutingConfig } from '@hotpath/core';

export type ExecutorKey = 'fast' | 'fallback';

/** Percent of places that go to the fast executor, one step after the other. */
export const fastPercents = [25, 50, 75, 100] as const;

function tableOf(fast: number): RoutingConfig<ExecutorKey> {
  return { version: 1, salt: 'demo', stickyBy: 'order', default: { fast, fallback: 100 - fast } };
}

/** Gives the broker its routing tables while the bot trades. */
export class RolloutSteps implements AsyncIterable<RoutingConfig<ExecutorKey>> {
  #announce: ((fast: number) => void) | undefined;
  #percent: number = fastPercents[0];

  get percent(): number {
    return this.#percent;
  }

  raiseTo(percent: number): void {
    this.#percent = percent;
    this.#announce?.(percent);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RoutingConfig<ExecutorKey>> {
    yield tableOf(this.#percent);
    for (;;) yield tableOf(await new Promise<number>((resolve) => (this.#announce = resolve)));
  }
}
