import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import * as z from 'zod';
import { JournalError } from '../errors/journal-error.ts';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import type { Journal, JournalClaim, JournalContext, JournalRecord } from './journal.ts';
import type { DamagedLines } from './journal-lines.ts';
import { journalLines } from './journal-lines.ts';
import { checkFileJournal } from './journal-options.ts';
import { createPrefix } from './prefix.ts';
import { rotateJournal, unfinished } from './rotate-journal.ts';
import type { ScopeLock } from './scope-lock.ts';
import { lockScope } from './scope-lock.ts';

/** What `fileJournal` takes. */
export interface FileJournalOptions {
  /**
   * `never`: a line survives the process but not a power cut; 2–7 µs on a local disk.
   * `each`: every line is forced to the disk before the order leaves; expect a hundred microseconds and more.
   * Default `never`.
   */
  readonly fsync?: 'never' | 'each' | undefined;
  /**
   * Bytes from which the file is rotated, at a start and while it runs: open and watched orders, halts, ramps, the last day and the last 100,000 places go on in a new file, and the old one stays beside it as `<path>.old`.
   * Default 67,108,864 (64 MiB); 0 = never.
   */
  readonly rotateAtBytes?: number | undefined;
  /** `refuse`: a line that can't be read, but for a torn last one, stops the start with `JOURNAL_DAMAGED`. `skip`: the lines around it are used; what it said is lost. Default `refuse`. */
  readonly damagedLines?: DamagedLines | undefined;
  /** Where a new file's prefix is drawn from. Default: the system's. */
  readonly random?: Random | undefined;
}

const headerSchema = z.object({ kind: z.literal('journal'), version: z.literal(1), prefix: z.string().regex(/^[a-z][a-z0-9]+$/), scope: z.string() });
type Header = z.infer<typeof headerSchema>;
/** Bytes in which the header line must end. */
const headerLimit = 4096;

/** An append-only file of JSON lines. The first line names the account; one synchronous write puts each record where `kill -9` can't reach it. Throws `InvalidOptionsError` for options that don't fit. */
export function fileJournal(path: string, options: FileJournalOptions = {}): Journal {
  return new FileJournal(path, checkFileJournal(path, options));
}

class FileJournal implements Journal {
  readonly #path: string;
  readonly #fsync: 'never' | 'each';
  readonly #random: Random;
  #descriptor: number | undefined;
  #size = 0;
  #header: Header | undefined;
  #lock: ScopeLock | undefined;

  /** Bytes from which the file is rotated next. */
  #rotateAt: number;
  readonly #damaged: DamagedLines;
  #rotation: Promise<void> | undefined;
  #closed = false;
  /** Between an `open` and its `close`. */
  #isOpen = false;

  constructor(path: string, { fsync = 'never', random = systemRandom, rotateAtBytes = 64 * 1024 * 1024, damagedLines = 'refuse' }: FileJournalOptions) {
    this.#path = path;
    this.#fsync = fsync;
    this.#random = random;
    this.#rotateAt = rotateAtBytes === 0 ? Infinity : rotateAtBytes;
    this.#damaged = damagedLines;
  }

  get description(): string {
    return this.#path;
  }

  get prefix(): string {
    if (!this.#header) throw new JournalError('JOURNAL_FAILED', `The journal ${this.#path} is not open.`);
    return this.#header.prefix;
  }

  async claim(_context?: JournalContext): Promise<JournalClaim> {
    if (this.#descriptor !== undefined) throw new JournalError('JOURNAL_LOCKED', `The journal ${this.#path} is in use by this process; two brokers would not know of each other's orders. Close the first, or give the second a journal of its own.`);
    this.#closed = false;
    this.#header = undefined;
    try {
      this.#descriptor = openSync(this.#path, 'a+', 0o600);
    } catch (cause) {
      throw new JournalError('JOURNAL_FAILED', `The journal ${this.#path} can't be opened; its folder must exist and be writable.`, { cause });
    }
    try {
      this.#size = fstatSync(this.#descriptor).size;
      const scope = this.#size > 0 ? this.#scopeOf(this.#descriptor) : undefined;
      if (scope !== undefined) await this.#take(scope);
      return { scope };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async open(scope: string, context?: JournalContext): Promise<void> {
    const claimed = this.#descriptor === undefined || this.#isOpen ? await this.claim(context) : { scope: this.#header?.scope };
    try {
      if (claimed.scope !== undefined && claimed.scope !== scope) {
        throw new JournalError('JOURNAL_SCOPE', `${this.#path} records the orders of "${claimed.scope}", not of "${scope}"; every account has a journal of its own.`);
      }
      if (!this.#lock) await this.#take(scope);
      this.#isOpen = true;
      if (this.#size >= this.#rotateAt) await this.#rotate();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  append(record: JournalRecord): void {
    if (this.#descriptor === undefined || !this.#header) throw new JournalError('JOURNAL_FAILED', `The journal ${this.#path} is not open.`);
    this.#write(this.#descriptor, `${JSON.stringify(record)}\n`);
    if (this.#size >= this.#rotateAt) void this.#rotate();
  }

  sync(): void {
    if (this.#descriptor === undefined) throw new JournalError('JOURNAL_FAILED', `The journal ${this.#path} is not open.`);
    try {
      fdatasyncSync(this.#descriptor);
    } catch (cause) {
      throw new JournalError('JOURNAL_FAILED', `${this.#path} could not be forced to the disk.`, { cause });
    }
  }

  async *read(): AsyncIterable<JournalRecord> {
    const file = await openFile(this.#path, 'r');
    try {
      for await (const { record } of journalLines(file, this.#path, (await file.stat()).size, this.#damaged)) yield record;
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#rotation;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#isOpen = false;
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release();
  }

  /** One at a time. A rotation that fails leaves everything as it was, and is tried again when the file has grown as much again. */
  #rotate(): Promise<void> {
    const descriptor = this.#descriptor;
    if (this.#rotation || descriptor === undefined || !this.#header) return this.#rotation ?? Promise.resolve();
    const step = this.#rotateAt;
    this.#rotateAt = Infinity;
    this.#rotation = rotateJournal({
      path: this.#path,
      header: JSON.stringify(this.#header),
      damaged: this.#damaged,
      descriptor,
      size: () => this.#size,
      isOver: () => this.#closed,
      changed: (rotated) => {
        this.#descriptor = rotated.descriptor;
        this.#size = rotated.size;
        closeSync(descriptor);
      },
    })
      .catch(() => rmSync(unfinished(this.#path), { force: true }))
      .finally(() => {
        this.#rotation = undefined;
        this.#rotateAt = Math.max(step, this.#size * 2);
      });
    return this.#rotation;
  }

  #writeHeader(descriptor: number, scope: string): Header {
    const header: Header = { kind: 'journal', version: 1, prefix: createPrefix(this.#random), scope };
    this.#write(descriptor, `${JSON.stringify(header)}\n`);
    return header;
  }

  /** The scope of a file that begins like a journal; undefined for one whose first line is torn. */
  #scopeOf(descriptor: number): string | undefined {
    const start = Buffer.alloc(headerLimit);
    const read = readSync(descriptor, start, 0, headerLimit, 0);
    const [first = '', ...others] = start.toString('utf8', 0, read).split('\n', 2);
    if (others.length === 0 && read < headerLimit) return undefined;
    return this.#parseHeader(first).scope;
  }

  #readHeader(descriptor: number): Header {
    const start = Buffer.alloc(headerLimit);
    const read = readSync(descriptor, start, 0, headerLimit, 0);
    const [first = ''] = start.toString('utf8', 0, read).split('\n', 1);
    return this.#parseHeader(first);
  }

  #parseHeader(line: string): Header {
    const header = headerSchema.safeParse(parseJson(line));
    if (!header.success) throw new JournalError('JOURNAL_DAMAGED', `${this.#path} does not begin like a journal; name another file or restore this one.`);
    return header.data;
  }

  /** Locks the scope, and makes the file ready for lines. */
  async #take(scope: string): Promise<void> {
    this.#lock = await lockScope(scope);
    if (!this.#lock) throw new JournalError('JOURNAL_LOCKED', `Another broker of this machine trades "${scope}"; two of them would not know of each other's orders. Close it first.`);
    const descriptor = this.#descriptor;
    if (descriptor === undefined) throw new JournalError('JOURNAL_FAILED', `The journal ${this.#path} is not open.`);
    this.#size = fstatSync(descriptor).size;
    // safeguard: torn last line
    this.#cutTornLine(descriptor);
    rmSync(unfinished(this.#path), { force: true });
    this.#header = this.#size === 0 ? this.#writeHeader(descriptor, scope) : this.#readHeader(descriptor);
  }

  #write(descriptor: number, line: string): void {
    let written: number;
    try {
      written = writeSync(descriptor, line);
      if (this.#fsync === 'each') fdatasyncSync(descriptor);
    } catch (cause) {
      throw new JournalError('JOURNAL_FAILED', `A line could not be written to ${this.#path}.`, { cause });
    }
    const wanted = Buffer.byteLength(line);
    if (written !== wanted) {
      // What fitted would run into the next line and damage both.
      ftruncateSync(descriptor, this.#size);
      throw new JournalError('JOURNAL_FAILED', `Only ${written} of ${wanted} bytes of a line fitted into ${this.#path}; is the disk full?`);
    }
    this.#size += written;
  }

  /** The process that wrote the torn line died before its order could leave: the line comes first, the bytes after it. */
  #cutTornLine(descriptor: number): void {
    const chunk = Buffer.alloc(64 * 1024);
    let end = this.#size;
    while (end > 0) {
      const start = Math.max(0, end - chunk.length);
      const read = readSync(descriptor, chunk, 0, end - start, start);
      const newline = chunk.subarray(0, read).lastIndexOf(0x0a);
      if (newline >= 0) {
        end = start + newline + 1;
        break;
      }
      end = start;
    }
    if (end !== this.#size) ftruncateSync(descriptor, end);
    this.#size = end;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
