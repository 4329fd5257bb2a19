import { crc32 } from 'node:zlib';
import { JournalError } from '../errors/journal-error.ts';
import type { FileSystem } from './file-system.ts';
import { fileMode, JournalFile } from './journal-file.ts';
import type { Header } from './journal-header.ts';
import { headerLine } from './journal-header.ts';
import { numberedLine } from './line-checksum.ts';

const chunkLength = 1024 * 1024;

/** The file that is to take a journal's place: whole, on the disk and read back before it does. */
export class RotationTarget {
  readonly #files: FileSystem;
  readonly #path: string;
  readonly #file: JournalFile;
  /** Text that is not written yet. */
  #waiting = '';
  /** Bytes written. */
  #size = 0;
  #lines = 1;
  /** Of all bytes that were to be written. */
  #checksum = 0;

  private constructor(files: FileSystem, path: string, file: JournalFile) {
    this.#files = files;
    this.#path = path;
    this.#file = file;
  }

  /** `like`: the descriptor of the file whose owner it gets. Throws what the system throws. */
  static create(
    files: FileSystem,
    path: string,
    header: Header,
    forced: boolean,
    like: number,
  ): RotationTarget {
    const file = JournalFile.open(files, path, forced, 'must-be-new');
    const target = new RotationTarget(files, path, file);
    try {
      // safeguard: a rotated journal is for its user alone
      files.changeMode(file.descriptor, fileMode);
      const { uid, gid } = files.statOf(like);
      const made = files.statOf(file.descriptor);
      if (uid !== made.uid || gid !== made.gid) files.changeOwner(file.descriptor, uid, gid);
      target.#waiting = headerLine(header);
      return target;
    } catch (error) {
      target.remove();
      throw error;
    }
  }

  /** Takes a line without number and checksum. */
  add(json: string): void {
    this.#lines += 1;
    this.#waiting += numberedLine(json, this.#lines);
  }

  /** Writes what was added, once there is enough of it or at once. Rejects with what the system says, and when a write takes nothing. */
  async write(when: 'enough' | 'now'): Promise<void> {
    if (when === 'enough' && this.#waiting.length < chunkLength) return;
    const bytes = this.#next();
    for (let written = 0; written < bytes.length;) {
      const more = await this.#files.writeLater(this.#file.descriptor, bytes.subarray(written));
      // safeguard: the length of a rotation's writes
      if (more === 0) throw short(this.#path);
      written += more;
    }
    this.#size += bytes.length;
  }

  writeAtOnce(): void {
    const bytes = this.#next();
    for (let written = 0; written < bytes.length;) {
      const more = this.#files.write(
        this.#file.descriptor,
        bytes.subarray(written),
        bytes.length - written,
      );
      if (more === 0) throw short(this.#path);
      written += more;
    }
    this.#size += bytes.length;
  }

  /** Forces it to the disk and sees that it holds what was written. */
  async check(): Promise<void> {
    await this.#files.dataSyncLater(this.#file.descriptor);
    const chunk = Buffer.allocUnsafe(chunkLength);
    let checksum = 0;
    let size = 0;
    for (;;) {
      const read = await this.#file.readLater(chunk, size);
      if (read === 0) break;
      checksum = crc32(chunk.subarray(0, read), checksum);
      size += read;
    }
    this.#compare(size, checksum);
  }

  /** The same of what was written since, in one tick. `before`: bytes that have been checked, and their checksum. */
  checkAtOnce({
    size: from,
    checksum: before,
  }: {
    readonly size: number;
    readonly checksum: number;
  }): void {
    this.#files.dataSync(this.#file.descriptor);
    const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(chunkLength, this.#size - from)));
    let checksum = before;
    let size = from;
    for (;;) {
      const read = this.#file.read(chunk, size);
      if (read === 0) break;
      checksum = crc32(chunk.subarray(0, read), checksum);
      size += read;
    }
    this.#compare(size, checksum);
  }

  get written(): { readonly size: number; readonly checksum: number } {
    return { size: this.#size, checksum: this.#checksum };
  }

  /** Ready for lines. */
  asJournal(): JournalFile {
    this.#file.size = this.#size;
    this.#file.lines = this.#lines;
    return this.#file;
  }

  remove(): void {
    this.#file.close();
    try {
      this.#files.unlink(this.#path);
    } catch {
      // It is taken away before the next rotation, or holds that one up and is told then.
    }
  }

  #next(): Buffer {
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    this.#checksum = crc32(bytes, this.#checksum);
    return bytes;
  }

  #compare(size: number, checksum: number): void {
    // safeguard: a rotated journal is read back
    if (size !== this.#size || checksum !== this.#checksum)
      throw new JournalError(
        'JOURNAL_FAILED',
        `${this.#path} does not hold what was written to it: ${size} of ${this.#size} bytes${size === this.#size ? ', and others than those' : ''}.`,
      );
    // end of safeguard
  }
}

function short(path: string): JournalError {
  return new JournalError('JOURNAL_FAILED', `${path} took no more bytes; is the disk full?`);
}
