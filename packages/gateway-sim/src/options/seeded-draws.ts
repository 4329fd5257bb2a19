import { seededRandom } from '../seeded-random.ts';
import type { Latency } from './latency.ts';
import { latencyOf } from './latency.ts';

/** What chance decides about a venue, each by a stream of its own from the same seed. */
export class SeededDraws {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** How long something takes, drawn anew at each call. */
  latency(given: Latency | undefined, stream: string): () => number {
    return latencyOf(given, seededRandom(this.#seed, `latency ${stream}`));
  }

  /** Whether something happens; nothing is drawn where it is certain. */
  coin(probability: number, stream: string): () => boolean {
    const random = seededRandom(this.#seed, stream);
    return () => probability >= 1 || (probability > 0 && random() < probability);
  }
}
