import type { Clock } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';

/** Whether anything may enter the market. Set, it stays set over restarts, by its line in the journal. */
export class Latch {
  readonly #journal: Journal;
  readonly #clock: Clock;
  #isSet: boolean;
  #isRecorded: boolean;

  /** `isSet`: what the journal says. */
  constructor(journal: Journal, clock: Clock, isSet: boolean) {
    this.#journal = journal;
    this.#clock = clock;
    this.#isSet = isSet;
    this.#isRecorded = isSet;
  }

  get isSet(): boolean {
    return this.#isSet;
  }

  /** Whether it is set and a restart would find it so. */
  get isRecorded(): boolean {
    return this.#isSet && this.#isRecorded;
  }

  /** Holds from this call on, whether or not its line can be written. Throws what the journal throws. */
  set(): void {
    this.#isSet = true;
    this.#isRecorded = false;
    this.#write('halt');
    this.#isRecorded = true;
  }

  /** Holds only once its line is written: a latch that a restart would find again has not been lifted. */
  lift(): void {
    this.#write('resume');
    this.#isSet = false;
  }

  #write(kind: 'halt' | 'resume'): void {
    this.#journal.append({ kind, at: this.#clock.now() });
    this.#journal.sync?.();
  }
}
