import { JournalError } from '../errors/journal-error.ts';
import type { Logger } from '../logger.ts';

/** Lines that are named one by one. */
const mostNamed = 10;

/** What a journal's file could not be read for. */
export class Damage {
  /** Lines that are lost, or not in their place. */
  count = 0;
  readonly #path: string;
  readonly #named: { readonly line: number; readonly because: string }[] = [];
  readonly #unknown = new Map<string, number>();

  constructor(path: string) {
    this.#path = path;
  }

  note(line: number, because: string, lines: number = 1): void {
    this.count += lines;
    if (this.#named.length < mostNamed) this.#named.push({ line, because });
  }

  noteUnknown(kind: string): void {
    this.#unknown.set(kind, (this.#unknown.get(kind) ?? 0) + 1);
  }

  /** Throws `JournalError` when there is any. */
  refuse(): void {
    const [first, ...others] = this.#named;
    if (!first) return;
    const more =
      others.length === 0 ? '' : ` So it is with ${this.count} lines in all: ${this.#list()}.`;
    throw new JournalError(
      'JOURNAL_DAMAGED',
      `Line ${first.line} of ${this.#path} is not what was written: ${first.because}.${more} Restore the file from a copy (one before its last rotation is ${this.#path}.old), or let damaged lines be passed over by the journal's option damagedLines: what they said is lost then.`,
    );
  }

  /** Says what was passed over. */
  tell(log: Logger): void {
    if (this.count > 0) {
      log.error(
        { journal: this.#path, lines: this.count, named: this.#named },
        `${this.count} lines of the journal are not what was written and were passed over (${this.#list()}): orders that only they told of are unknown to this start; those under ids that Hotpath gave are found if they work at the venue, those under ids of your own count as somebody else's. One of the lines may have been a halt, so that one stands until resume()`,
      );
    }
    for (const [kind, lines] of this.#unknown)
      log.warn(
        { journal: this.#path, kind, lines },
        `the journal has ${lines} lines of the kind "${kind}", which a newer version of Hotpath writes: they are kept, and nothing is made of them`,
      );
  }

  #list(): string {
    const named = this.#named.map(({ line, because }) => `line ${line}: ${because}`).join('; ');
    return this.#named.length < mostNamed ? named : `${named}; and so on`;
  }
}
