import type { Clock, Timer } from '../clock.ts';
import { JournalError } from '../errors/journal-error.ts';
import type { Logger } from '../logger.ts';
import { fileState } from './file-state.ts';
import type { FileSystem } from './file-system.ts';
import { systemWords } from './file-system.ts';
import type { Damage } from './journal-damage.ts';
import type { JournalFile } from './journal-file.ts';
import type { Header } from './journal-header.ts';
import type { DamagedLines } from './journal-lines.ts';
import { recordsIn } from './records-in.ts';
import type { JournalRecord, JournalTrouble } from './journal.ts';
import type { Lock, Taken } from './lock/folder-lock.ts';
import { holderSentence } from './lock/lock-info.ts';
import { rotateJournal } from './rotate-journal.ts';

/** How often it is looked whether the file and its lock are still there. */
const lookEveryMs = 5_000;
/** A rotation that failed is tried again after so long. */
const rotateAgainMs = 60_000;

export interface OpenJournalParts {
  readonly files: FileSystem;
  /** As the author gave it, for messages. */
  readonly given: string;
  /** The file's real path. */
  readonly path: string;
  readonly file: JournalFile;
  readonly header: Header;
  readonly lock: Lock;
  readonly damaged: DamagedLines;
  readonly forced: boolean;
  /** Bytes. */
  readonly rotateAt: number;
  readonly log: Logger;
  readonly clock: Clock;
  readonly onTrouble: (trouble: JournalTrouble) => void;
  /** Takes the lock once more, when somebody has removed it. */
  readonly retake: () => Promise<Taken>;
}

/** A file that has its first line: takes lines, is read, rotates itself, and sees to it that it stays the file that its path names. */
export class OpenJournal {
  readonly #parts: OpenJournalParts;
  #file: JournalFile;
  #header: Header;
  #lock: Lock;
  /** Why no line is taken: the next start would not find it. */
  #trouble: JournalError | undefined;
  /** Bytes from which the file is rotated next. */
  #rotateAt: number;
  /** When a rotation that failed is tried again; monotonic milliseconds. */
  #rotateAgainAt: number | undefined;
  #rotation: Promise<void> | undefined;
  /** Lines that were told as damaged. */
  #toldDamage = 0;
  #hasTold = false;
  #timer: Timer | undefined;
  #isRetaking = false;
  #isClosed = false;

  constructor(parts: OpenJournalParts) {
    this.#parts = parts;
    this.#file = parts.file;
    this.#header = parts.header;
    this.#lock = parts.lock;
    this.#rotateAt = parts.rotateAt;
    this.#lookLater();
  }

  get header(): Header {
    return this.#header;
  }

  append(record: JournalRecord): void {
    // safeguard: no line that the next start would not find
    if (this.#trouble !== undefined) throw this.#trouble;
    this.#file.append(record);
    if (this.#file.size >= this.#rotateAt) void this.rotate('essential');
  }

  sync(): void {
    this.#file.sync();
  }

  read(): AsyncGenerator<JournalRecord> {
    const { given, damaged } = this.#parts;
    return recordsIn(given, this.#file, this.#header, damaged, (damage) => this.#toldOf(damage));
  }

  /** Of version 1, or grown: rotated now. Never rejects. */
  async settle(): Promise<void> {
    if (this.#file.size >= this.#rotateAt) await this.rotate('essential');
    else if (this.#header.version === 1) await this.rotate('all');
  }

  /** One at a time. One that fails leaves everything as it was, is told, and is tried again. */
  rotate(keep: 'essential' | 'all'): Promise<void> {
    if (this.#rotation) return this.#rotation;
    const { rotateAt: step, clock } = this.#parts;
    this.#rotateAt = Infinity;
    this.#rotateAgainAt = undefined;
    this.#rotation = this.#rotated(keep, true, () => this.#isClosed)
      .then(
        () => void (this.#rotateAt = Math.max(step, this.#file.size * 2)),
        (error: unknown) => {
          this.#rotateAgainAt = clock.monotonic() + rotateAgainMs;
          // safeguard: a rotation that fails is told
          this.#tell(
            'rotation',
            asJournalError(
              error,
              `The journal ${this.#parts.given} could not be rotated (${systemWords(error)}); it goes on as it was, and rotating it is tried again in a minute.`,
            ),
          );
          // end of safeguard
        },
      )
      .finally(() => (this.#rotation = undefined));
    return this.#rotation;
  }

  async close(): Promise<Lock> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#rotation;
    try {
      const { files, path } = this.#parts;
      if (fileState(files, path, this.#file).is === 'gone') await this.#restore();
    } finally {
      this.#file.close();
    }
    return this.#lock;
  }

  /** Once for what is the same at every reading. */
  #toldOf(damage: Damage): void {
    if (damage.count === this.#toldDamage && this.#hasTold) return;
    this.#toldDamage = damage.count;
    this.#hasTold = true;
    damage.tell(this.#parts.log);
  }

  #rotated(
    keep: 'essential' | 'all',
    keepsPrevious: boolean,
    isOver: () => boolean,
  ): Promise<void> {
    const { files, path, damaged, forced, log } = this.#parts;
    const old = this.#file;
    return rotateJournal({
      files,
      path,
      header: this.#header,
      damaged,
      forced,
      file: old,
      keep,
      keepsPrevious,
      log,
      isOver,
      changed: (file, header) => {
        this.#file = file;
        this.#header = header;
        this.#hasTold = false;
        old.close();
      },
    });
  }

  #lookLater(): void {
    this.#timer = this.#parts.clock.setTimer(lookEveryMs, () => {
      this.#look();
      if (!this.#isClosed) this.#lookLater();
    });
  }

  #look(): void {
    const { files, path, given, clock, log } = this.#parts;
    if (!this.#lock.isSeen()) void this.#retake();
    if (this.#rotation) return;
    // safeguard: a journal that was removed or replaced is noticed
    const state = fileState(files, path, this.#file);
    if (state.is === 'gone') void this.#restore();
    else if (state.is === 'another')
      this.#stop(
        new JournalError(
          'JOURNAL_FAILED',
          `The journal ${given} is not the file that was opened any more: ${state.because}. No order is recorded in it, and none enters, until the file is back as it was.`,
        ),
      );
    else if (this.#trouble) {
      this.#trouble = undefined;
      log.info(
        { journal: given },
        'the journal is the file that was opened again, and takes lines',
      );
    } else if (this.#rotateAgainAt !== undefined && clock.monotonic() >= this.#rotateAgainAt)
      void this.rotate('essential');
  }

  /** The file is still open, though nothing names it: what it holds is written anew, and nothing of it is lost. */
  async #restore(): Promise<void> {
    const { given } = this.#parts;
    const restoring = this.#rotated('all', false, () => false);
    this.#rotation = restoring.catch(() => undefined).finally(() => (this.#rotation = undefined));
    try {
      await restoring;
      this.#trouble = undefined;
      this.#tell(
        'file',
        new JournalError(
          'JOURNAL_FAILED',
          `The journal ${given} was removed, renamed or emptied while it was open. Nothing is lost: it has been written anew. Whatever tidies there must leave it alone; it rotates itself.`,
        ),
      );
    } catch (error) {
      this.#stop(
        asJournalError(
          error,
          `The journal ${given} was removed while it was open, and could not be written anew (${systemWords(error)}). No order enters until it can: the next start would know of none.`,
        ),
      );
    }
  }

  async #retake(): Promise<void> {
    if (this.#isRetaking || this.#isClosed) return;
    this.#isRetaking = true;
    const { given, log, retake } = this.#parts;
    try {
      const taken = await retake();
      if (!taken.lock)
        return this.#stop(
          new JournalError(
            'JOURNAL_LOCKED',
            `The lock of the journal ${given} was removed, and another broker has it now: ${holderSentence(taken.holder)}`,
            { holder: taken.holder },
          ),
        );
      const removed = this.#lock;
      this.#lock = taken.lock;
      await removed.release();
      log.warn(
        { journal: given },
        'the lock beside the journal was removed by somebody, and has been made anew',
      );
    } catch (error) {
      log.error(
        { journal: given, error },
        `the lock beside the journal was removed by somebody, and could not be made anew (${systemWords(error)}): a second broker on this journal would not be refused`,
      );
    } finally {
      this.#isRetaking = false;
    }
  }

  /** Takes no line any more, and says so once. */
  #stop(trouble: JournalError): void {
    const isNew = this.#trouble?.message !== trouble.message;
    this.#trouble = trouble;
    if (isNew) this.#tell('file', trouble);
  }

  #tell(what: JournalTrouble['what'], cause: JournalError): void {
    this.#parts.onTrouble({ what, cause });
  }
}

function asJournalError(cause: unknown, message: string): JournalError {
  return cause instanceof JournalError
    ? new JournalError(cause.code, `${message} ${cause.message}`, { cause })
    : new JournalError('JOURNAL_FAILED', message, { cause });
}
