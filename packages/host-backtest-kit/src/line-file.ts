import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';

/** What is asked of the system; given in by tests of what it may answer. */
export interface LineFileSystem {
  readonly platform: NodeJS.Platform;
  /** Bytes that were written, which may be fewer than were given. */
  write(descriptor: number, bytes: Uint8Array): number;
  rename(from: string, to: string): void;
  /** Waits in this tick. */
  pause(milliseconds: number): void;
}

const thisSystem: LineFileSystem = {
  platform: process.platform,
  write: (descriptor, bytes) => writeSync(descriptor, bytes),
  rename: renameSync,
  pause: (milliseconds) =>
    void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
};

/** On Windows a virus scanner or an indexer may hold a file for a moment, and it can't be renamed over meanwhile. */
const heldCodes = ['EPERM', 'EACCES', 'EBUSY'];
const renamePauseMs = 20;
const renameTries = 100;

/** A file of lines that each are there as a whole or not at all. */
export class LineFile {
  readonly #path: string;
  readonly #system: LineFileSystem;
  #descriptor: number | undefined;
  #size = 0;

  constructor(path: string, system: LineFileSystem = thisSystem) {
    this.#path = path;
    this.#system = system;
  }

  get isOpen(): boolean {
    return this.#descriptor !== undefined;
  }

  /** Begins the file anew with these lines, by way of a second one, so that a crash or a power cut in the middle leaves the first as it was. */
  begin(lines: readonly string[]): void {
    const fresh = `${this.#path}.new`;
    const descriptor = openSync(fresh, 'w', 0o600);
    try {
      this.#writeWhole(descriptor, lines.map((line) => `${line}\n`).join(''));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    this.#takePlace(fresh);
    this.#descriptor = openSync(this.#path, 'a', 0o600);
    this.#size = fstatSync(this.#descriptor).size;
  }

  /** Returns once the line would outlive this process. Throws when it can't be written whole, and has then written nothing of it. */
  append(line: string): void {
    if (this.#descriptor === undefined) throw new Error(`${this.#path} is not open`);
    try {
      this.#size += this.#writeWhole(this.#descriptor, `${line}\n`);
    } catch (error) {
      // The next line must not stand behind half of this one.
      // safeguard: half a line of sent signals is taken back
      ftruncateSync(this.#descriptor, this.#size);
      throw error;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #writeWhole(descriptor: number, text: string): number {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) {
      const written = this.#system.write(descriptor, bytes.subarray(at));
      if (written <= 0)
        throw new Error(
          `${this.#path}: ${bytes.length - at} of ${bytes.length} bytes could not be written; is the disk full?`,
        );
      at += written;
    }
    return bytes.length;
  }

  #takePlace(fresh: string): void {
    for (let tries = 1; ; tries += 1) {
      try {
        return this.#system.rename(fresh, this.#path);
      } catch (error) {
        const isHeld =
          this.#system.platform === 'win32' &&
          error instanceof Error &&
          'code' in error &&
          heldCodes.includes(String(error.code));
        // safeguard: a file that somebody holds on Windows is waited for
        if (!isHeld || tries === renameTries) throw error;
        this.#system.pause(renamePauseMs);
      }
    }
  }
}
