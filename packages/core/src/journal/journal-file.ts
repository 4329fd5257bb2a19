import { constants } from 'node:fs';
import { JournalError } from '../errors/journal-error.ts';
import type { FileSystem } from './file-system.ts';
import { systemWords } from './file-system.ts';
import { LineBytes } from './line-bytes.ts';

/** Read and appended to. Without waiting: of what turns out to be a pipe nobody waits for the other end. */
const flags: number = constants.O_RDWR | constants.O_APPEND | (constants.O_NONBLOCK ?? 0);
/** Only this user's. */
export const fileMode = 0o600;

/** In place of a descriptor. */
const none = -1;

/** One for all: a line is written before the next one is made. */
const lineBytes = new LineBytes();

/** The open file of a journal: takes whole lines or none, whatever the disk does. */
export class JournalFile {
  readonly #files: FileSystem;
  readonly #path: string;
  readonly #forced: boolean;
  #descriptor: number;
  #readers = 0;
  #isClosed = false;
  /** Behind its last whole line the file may have half of another. */
  #hasRest = false;
  /** Bytes of whole lines. */
  size = 0;
  /** Number of the last line; of files of version 1 nobody asks. */
  lines = 0;
  /** Whether its lines are numbered and have checksums. */
  isNumbered = true;

  /** `forced`: every line is forced to the disk before `append` returns. `path` is for messages, and to open the file again where the system wants it closed for a moment. */
  constructor(files: FileSystem, path: string, descriptor: number, forced: boolean) {
    this.#files = files;
    this.#path = path;
    this.#descriptor = descriptor;
    this.#forced = forced;
  }

  /** Throws what the system throws. `create`: also one that is not there. */
  static open(
    files: FileSystem,
    path: string,
    forced: boolean,
    create: 'create' | 'must-be-new',
  ): JournalFile {
    const made = create === 'create' ? constants.O_CREAT : constants.O_CREAT | constants.O_EXCL;
    return new JournalFile(files, path, files.open(path, flags | made, fileMode), forced);
  }

  /** One that is only looked into; `size` is that of the file, whole lines or not. */
  static openToRead(files: FileSystem, path: string): JournalFile {
    const file = new JournalFile(
      files,
      path,
      files.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)),
      false,
    );
    file.size = file.sizeNow();
    return file;
  }

  get descriptor(): number {
    return this.#descriptor;
  }

  /** Throws `JournalError`, and the file is then as it was. In the tick of an order: what is rare stands elsewhere. */
  append(record: object): void {
    // safeguard: no line behind half of one
    if (this.#hasRest) this.#takeRestAway();
    let isMade = false;
    let written = 0;
    try {
      lineBytes.make(record, this.isNumbered ? this.lines + 1 : undefined);
      isMade = true;
      written = this.#files.write(this.#descriptor, lineBytes.bytes, lineBytes.length);
    } catch (cause) {
      throw this.#failed(isMade, cause);
    }
    // safeguard: the length of a write
    if (written !== lineBytes.length)
      written = this.#goOn(lineBytes.bytes.subarray(0, lineBytes.length), written);
    // end of safeguard
    if (this.#forced) this.#force();
    this.size += written;
    this.lines += 1;
  }

  /** Writes the first line of an empty file. Throws `JournalError`, and the file is then empty. */
  begin(line: string): void {
    this.size = 0;
    this.size = this.#goOn(Buffer.from(line), 0);
    this.lines = 1;
  }

  /** Throws `JournalError`. */
  sync(): void {
    try {
      this.#files.dataSync(this.#descriptor);
    } catch (cause) {
      throw new JournalError(
        'JOURNAL_FAILED',
        `${this.#path} could not be forced to the disk (${systemWords(cause)}); what was written lately may not outlive a power cut.`,
        { cause },
      );
    }
  }

  /** Bytes that the file has, whoever wrote them. Throws what the system throws. */
  sizeNow(): number {
    return this.#files.statOf(this.#descriptor).size;
  }

  /** Bytes read into `into` from `position` on. */
  readLater(into: Uint8Array, position: number): Promise<number> {
    return this.#files.readLater(this.#descriptor, into, position);
  }

  /** The same at once. */
  read(into: Uint8Array, position: number): number {
    return this.#files.read(this.#descriptor, into, position);
  }

  /** Whoever reads over several ticks: the descriptor stays open until it lets go, though the file be closed meanwhile. */
  hold(): () => void {
    this.#readers += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#readers -= 1;
      if (this.#isClosed && this.#readers === 0 && this.#descriptor !== none)
        this.#files.close(this.#descriptor);
    };
  }

  /** Whether behind its last whole line it may have half of another. */
  get hasRest(): boolean {
    return this.#hasRest;
  }

  get isRead(): boolean {
    return this.#readers > 0;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#readers === 0 && this.#descriptor !== none) this.#files.close(this.#descriptor);
  }

  /** Closes the file for something that the system does only while nobody has it open, such as putting another in its place. Open again when that throws. */
  giveWay(act: () => void): void {
    this.#files.close(this.#descriptor);
    this.#descriptor = none;
    // Until it is open again nothing is appended: the number may be another file's by then.
    this.#hasRest = true;
    try {
      act();
    } catch (error) {
      this.#openAgain();
      throw error;
    }
  }

  /** Takes away what stands behind a byte. Throws what the system throws. */
  cutTo(size: number): void {
    this.#files.truncate(this.#descriptor, size);
    this.size = size;
  }

  #failed(isMade: boolean, cause: unknown): JournalError {
    if (!isMade)
      return new JournalError(
        'JOURNAL_FAILED',
        `A record can't be written as JSON (${systemWords(cause)}).`,
        { cause },
      );
    this.#undo();
    return new JournalError(
      'JOURNAL_FAILED',
      `A line could not be written to ${this.#path} (${systemWords(cause)}).`,
      { cause },
    );
  }

  /** A write that was short may go on where it ended: there was little room, and some may be free now. Otherwise what there is of it must not run into the next line. */
  #goOn(line: Uint8Array, already: number): number {
    let written = already;
    try {
      while (written < line.length) {
        const more = this.#files.write(
          this.#descriptor,
          line.subarray(written),
          line.length - written,
        );
        if (more === 0) throw new Error('no more of it was taken');
        written += more;
      }
    } catch (cause) {
      this.#undo();
      throw new JournalError(
        'JOURNAL_FAILED',
        `Only ${written} of ${line.length} bytes of a line fitted into ${this.#path} (${systemWords(cause)}); is the disk full?`,
        { cause },
      );
    }
    return written;
  }

  #force(): void {
    try {
      this.sync();
    } catch (error) {
      this.#undo();
      throw error;
    }
  }

  #undo(): void {
    this.#hasRest = true;
    try {
      this.#takeRestAway();
    } catch {
      // The next append tries again, and takes nothing before it is done.
    }
  }

  #openAgain(): void {
    this.#descriptor = this.#files.open(this.#path, flags, fileMode);
    this.#hasRest = false;
  }

  #takeRestAway(): void {
    if (this.#descriptor === none) this.#openAgain();
    try {
      this.#files.truncate(this.#descriptor, this.size);
    } catch (cause) {
      throw new JournalError(
        'JOURNAL_FAILED',
        `${this.#path} ends in half of a line that can't be taken away (${systemWords(cause)}); nothing is written behind it.`,
        { cause },
      );
    }
    this.#hasRest = false;
  }
}
