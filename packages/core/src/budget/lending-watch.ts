import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';

/** Whether somebody lends, and since when nobody does; said in the log when it begins and when it ends, and not for every order between. */
export class LendingWatch {
  readonly #clock: Clock;
  readonly #log: Logger;
  #stoppedAt: number | undefined;
  #because: string | undefined;
  #failures = 0;
  /** What has been said, so that it is said once until all is well again. */
  readonly #said = new Set<string>();

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  get hasStopped(): boolean {
    return this.#stoppedAt !== undefined;
  }

  /** Wall milliseconds. */
  get stoppedAt(): number | undefined {
    return this.#stoppedAt;
  }

  get because(): string | undefined {
    return this.#because;
  }

  /** In a row. */
  get failures(): number {
    return this.#failures;
  }

  failed(because: string, error: unknown): void {
    this.#failures += 1;
    this.#because =
      error === undefined
        ? because
        : `${because}: ${error instanceof Error ? error.message : 'no reason given'}`;
    if (this.#stoppedAt !== undefined) return;
    this.#stoppedAt = this.#clock.now();
    this.#log.warn(
      { because, error },
      'nobody lends a part of the shared rate budget: entries and reads are refused, and exits spend a share of their own',
    );
  }

  lent(keptBy: string | undefined): void {
    if (this.#stoppedAt === undefined) return;
    this.#log.info(
      { keptBy, afterMs: this.#clock.now() - this.#stoppedAt, failures: this.#failures },
      'the shared rate budget is lent again',
    );
    this.#stoppedAt = undefined;
    this.#because = undefined;
    this.#failures = 0;
    this.#said.clear();
  }

  /** Something that is wrong with whoever lends, and that is got over. */
  fault(what: string, error: unknown): void {
    if (this.#said.has(what) || this.#said.size > 20) return;
    this.#said.add(what);
    this.#log.warn(
      { because: what, error },
      'the source of the shared rate budget does not keep to what it promised',
    );
  }
}
