import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import type { Clock, Timer } from '../clock.ts';
import { parseJsonText } from '../config/read-json.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import type { Logger } from '../logger.ts';
import { setPatientTimer } from '../set-patient-timer.ts';
import type { RoutingSource } from './routing-source.ts';

/** Milliseconds between two looks when nobody announces a change: shares, links that change elsewhere and some containers never do. */
const pollMs = 1_000;
/** Milliseconds after an announced change until the look, and between the two looks that must see the same. */
const settleMs = 50;
/** Milliseconds for a read, as the disk of another machine may not answer: for the first one, which holds the start up, and until it is said of a later one. */
const openWithinMs = 5_000;
const lookWithinMs = 60_000;

/**
 * A routing table in a file, read again when it changes. It is read whole each time and compared with what was read before, so it does not matter
 * how an editor writes: over the file, beside it with a rename, or by turning a link. A change counts once two looks in a row saw the same text;
 * what is half written is not judged.
 */
export class RoutingFile implements RoutingSource {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #read: (path: string) => Promise<string>;
  /** What was last judged, and what was seen since and must be seen once more. */
  #judged: string;
  #seen: string | undefined;
  #timer: Timer | undefined;
  #watcher: FSWatcher | undefined;
  #looking = false;
  #nudged = false;
  #closed = false;
  #take: (table: unknown) => void = () => {};
  #reject: (problems: readonly string[]) => void = () => {};

  private constructor(
    path: string,
    text: string,
    clock: Clock,
    log: Logger,
    read: (path: string) => Promise<string>,
  ) {
    this.#path = path;
    this.#judged = text;
    this.#clock = clock;
    this.#log = log;
    this.#read = read;
  }

  /** Reads the table to begin with. Rejects with `InvalidOptionsError` that names the file and what is wrong with it. */
  static async open(
    path: string,
    clock: Clock,
    log: Logger,
    read: (path: string) => Promise<string> = readTextFile,
  ): Promise<{ readonly first: unknown; readonly source: RoutingFile }> {
    const text = await new Promise<string>((resolve, reject) => {
      const late = setPatientTimer(clock, openWithinMs, () => reject(unread(path, openWithinMs)));
      read(path)
        .finally(() => late.cancel())
        .then(resolve, reject);
    });
    return {
      first: parseJsonText(text, path),
      source: new RoutingFile(path, text, clock, log, read),
    };
  }

  follow(take: (table: unknown) => void, reject: (problems: readonly string[]) => void): void {
    this.#take = take;
    this.#reject = reject;
    this.#watch();
    this.#lookIn(pollMs);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#watcher?.close();
  }

  /** The file, not its folder: a journal beside it would call for every order. It is watched anew after each announcement, since a rename puts another file in its place. */
  #watch(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    try {
      this.#watcher = watch(this.#path, { persistent: false }, () => this.#nudge());
      this.#watcher.on('error', (error) => this.#withoutWatcher(error));
    } catch (error) {
      this.#withoutWatcher(error);
    }
  }

  #withoutWatcher(error: unknown): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#log.debug(
      { file: this.#path, error },
      'the routing table can not be watched just now; it is looked at every second',
    );
  }

  #nudge(): void {
    if (this.#nudged || this.#closed) return;
    this.#nudged = true;
    if (!this.#looking) this.#lookIn(settleMs);
  }

  #lookIn(milliseconds: number): void {
    this.#timer?.cancel();
    if (!this.#closed) this.#timer = this.#clock.setTimer(milliseconds, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#looking = true;
    if (this.#nudged || !this.#watcher) this.#watch();
    this.#nudged = false;
    // Said while the read is still waited for: a second one would wait for the same.
    // safeguard: a read of the routing table that hangs is said
    const late = setPatientTimer(this.#clock, lookWithinMs, () =>
      this.#judge(unread(this.#path, lookWithinMs), ''),
    );
    // end of safeguard
    const text = await this.#read(this.#path).catch((error: unknown) =>
      InvalidOptionsError.is(error) ? error : new InvalidOptionsError(this.#path, [String(error)]),
    );
    late.cancel();
    this.#looking = false;
    if (this.#closed) return;
    const seen = typeof text === 'string' ? text : text.message;
    const unsettled = seen !== this.#judged && seen !== this.#seen;
    if (seen !== this.#judged && !unsettled) this.#judge(text, seen);
    this.#seen = seen;
    this.#lookIn(unsettled || this.#nudged ? settleMs : pollMs);
  }

  #judge(text: string | InvalidOptionsError, seen: string): void {
    this.#judged = seen;
    try {
      if (typeof text !== 'string') throw text;
      this.#take(parseJsonText(text, this.#path));
    } catch (error) {
      if (!InvalidOptionsError.is(error)) throw error;
      this.#reject(error.problems);
    }
  }
}

function unread(path: string, withinMs: number): InvalidOptionsError {
  return new InvalidOptionsError(path, [`file: could not be read within ${withinMs} ms`]);
}
