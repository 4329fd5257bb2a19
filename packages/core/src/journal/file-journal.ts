import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { JournalError } from '../errors/journal-error.ts';
import type { Logger } from '../logger.ts';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import type { ClaimedFile } from './claim-file.ts';
import { claimFile, scopeError, syncName } from './claim-file.ts';
import { checkFileJournal } from './journal-options.ts';
import type { DamagedLines } from './journal-lines.ts';
import type { FileSystem } from './file-system.ts';
import { systemFiles, systemWords } from './file-system.ts';
import type { Header } from './journal-header.ts';
import { headerLine } from './journal-header.ts';
import type {
  Journal,
  JournalClaim,
  JournalContext,
  JournalRecord,
  JournalTrouble,
} from './journal.ts';
import type { LockKind } from './lock/file-lock.ts';
import { takeFileLock } from './lock/file-lock.ts';
import type { Lock } from './lock/folder-lock.ts';
import type { LockInfo } from './lock/lock-info.ts';
import { hostName } from './lock/lock-info.ts';
import { takeUserLock } from './lock/user-lock.ts';
import { OpenJournal } from './open-journal.ts';
import { createPrefix } from './prefix.ts';
import { quietLogger } from './quiet-logger.ts';
import { recordsAt } from './records-in.ts';

/** What `fileJournal` takes. */
export interface FileJournalOptions {
  /**
   * `never`: a line survives the process but not a power cut; 3–8 µs on a local disk.
   * `each`: every line is forced to the disk before the order leaves; expect a hundred microseconds and more.
   * Default `never`.
   */
  readonly fsync?: 'never' | 'each' | undefined;
  /**
   * Bytes from which the file is rotated, at a start and while it runs: open and watched orders, halts, ramps, the last day and the last 100,000 places go on in a new file, and the old one stays beside it as `<path>.old`.
   * Default 67,108,864 (64 MiB); 0 = never.
   */
  readonly rotateAtBytes?: number | undefined;
  /**
   * `refuse`: a line that is not what was written, but for a torn last one, stops the start with `JOURNAL_DAMAGED`.
   * `skip`: the lines around it are used; what it said is lost, and since it may have been a halt the bot starts halted.
   * Default `refuse`.
   */
  readonly damagedLines?: DamagedLines | undefined;
  /**
   * `folder`: the lock lies beside the file, where every process of this machine sees it that can name the file, those of other users and of containers included. The folder must be writable, on a file system that takes sockets.
   * `machine`: only the processes of this user and network namespace see it; for a file system that takes no sockets. That no container, other user or other machine names the same file is then the author's to see to.
   * Default `folder`.
   */
  readonly lock?: LockKind | undefined;
  /** Where a new file's prefix is drawn from. Default: the system's. */
  readonly random?: Random | undefined;
}

/** An append-only file of JSON lines. The first line names the account; one synchronous write puts each record where `kill -9` can't reach it. Throws `InvalidOptionsError` for options that don't fit. */
export function fileJournal(path: string, options: FileJournalOptions = {}): Journal {
  return journalIn(systemFiles, path, options);
}

/** The same over a file system that is given, for tests of what disks do. */
export function journalIn(
  files: FileSystem,
  path: string,
  options: FileJournalOptions = {},
): Journal {
  return new FileJournal(files, path, checkFileJournal(path, options));
}

const defaultRotateAt = 64 * 1024 * 1024;

class FileJournal implements Journal {
  readonly #files: FileSystem;
  readonly #path: string;
  readonly #options: FileJournalOptions;
  #claimed: ClaimedFile | undefined;
  #open: OpenJournal | undefined;
  #scopeLock: Lock | undefined;
  /** Also after `close`: what was minted is still told from what was not. */
  #prefix: string | undefined;
  /** `claimed`: it is not known yet for which account. */
  #state: 'closed' | 'claiming' | 'claimed' | 'open' = 'closed';
  #info: LockInfo = { pid: process.pid, host: hostName(), since: 0 };
  #log: Logger = quietLogger(undefined);
  #clock: Clock = systemClock;
  #onTrouble: JournalContext['onTrouble'];

  constructor(files: FileSystem, path: string, options: FileJournalOptions) {
    this.#files = files;
    this.#path = path;
    this.#options = options;
  }

  get description(): string {
    return this.#path;
  }

  get prefix(): string {
    if (this.#prefix === undefined) throw this.#notOpen();
    return this.#prefix;
  }

  async claim(context: JournalContext = {}): Promise<JournalClaim> {
    if (this.#state !== 'closed')
      throw new JournalError(
        'JOURNAL_LOCKED',
        `The journal ${this.#path} is in use by another broker of this process. Two brokers on one journal lose each other's orders: close that one first, or give this one another account and a journal of its own.`,
        { holder: { ...this.#info, answers: true } },
      );
    this.#state = 'claiming';
    this.#take(context);
    const { adapter, baseUrl } = context;
    this.#info = { pid: process.pid, host: hostName(), since: this.#clock.now(), adapter, baseUrl };
    this.#prefix = undefined;
    try {
      const claimed = await claimFile(this.#path, {
        files: this.#files,
        lock: this.#options.lock ?? 'folder',
        forced: this.#isForced,
        log: this.#log,
        info: () => this.#info,
      });
      this.#claimed = claimed;
      this.#state = 'claimed';
      if (!claimed.header) return { scope: undefined };
      await this.#lockScope(claimed.header.scope);
      this.#begin(claimed, claimed.header);
      return { scope: claimed.header.scope };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async open(scope: string, context?: JournalContext): Promise<void> {
    if (this.#state !== 'claimed') await this.claim(context);
    else if (context) this.#take(context);
    try {
      const claimed = this.#claimed;
      if (!claimed) throw this.#notOpen();
      const known = this.#open?.header.scope;
      if (known !== undefined && known !== scope)
        throw new JournalError(
          'JOURNAL_SCOPE',
          `${this.#path} records the orders of "${known}", not of "${scope}"; every account has a journal of its own.`,
        );
      if (known === undefined) {
        await this.#lockScope(scope);
        this.#begin(claimed, this.#writeHeader(claimed, scope));
      }
      this.#state = 'open';
      await this.#open?.settle();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  append(record: JournalRecord): void {
    if (this.#open === undefined) throw this.#notOpen();
    this.#open.append(record);
  }

  sync(): void {
    if (this.#open === undefined) throw this.#notOpen();
    this.#open.sync();
  }

  read(): AsyncIterable<JournalRecord> {
    return (
      this.#open?.read() ??
      recordsAt(this.#path, this.#files, this.#options.damagedLines ?? 'refuse')
    );
  }

  async close(): Promise<void> {
    const { lock: claimedLock, file } = this.#claimed ?? {};
    const [open, scopeLock] = [this.#open, this.#scopeLock];
    this.#claimed = undefined;
    this.#open = undefined;
    this.#scopeLock = undefined;
    let lock = claimedLock;
    try {
      if (open) lock = await open.close();
      else file?.close();
    } finally {
      // Last of all: whoever comes next must find the file as it stays.
      await scopeLock?.release();
      await lock?.release();
      this.#state = 'closed';
    }
  }

  get #isForced(): boolean {
    return this.#options.fsync === 'each';
  }

  #take({ log, clock, onTrouble, adapter, baseUrl }: JournalContext): void {
    this.#log = quietLogger(log);
    this.#clock = clock ?? systemClock;
    this.#onTrouble = onTrouble;
    this.#info = {
      ...this.#info,
      adapter: adapter ?? this.#info.adapter,
      baseUrl: baseUrl ?? this.#info.baseUrl,
    };
  }

  /** Two journals of one account would not know of each other's orders either. */
  async #lockScope(scope: string): Promise<void> {
    this.#info = { ...this.#info, scope };
    const taken = await takeUserLock(scope, () => this.#info).catch((error: unknown) => {
      if (error instanceof JournalError) throw error;
      this.#log.warn(
        { scope, error },
        `there is no place for the lock of the account (${systemWords(error)}): another broker that trades it with another journal would not be refused`,
      );
      return undefined;
    });
    if (taken && !taken.lock) throw scopeError(scope, taken.holder);
    this.#scopeLock = taken?.lock;
  }

  #writeHeader({ file, path }: ClaimedFile, scope: string): Header {
    const header: Header = {
      version: 2,
      prefix: createPrefix(this.#options.random ?? systemRandom),
      scope,
      lines: 0,
    };
    file.begin(headerLine(header));
    file.sync();
    syncName(this.#path, path, this.#files, this.#log);
    return header;
  }

  #begin({ path, file, lock }: ClaimedFile, header: Header): void {
    const {
      rotateAtBytes = defaultRotateAt,
      damagedLines = 'refuse',
      lock: kind = 'folder',
    } = this.#options;
    this.#prefix = header.prefix;
    this.#open = new OpenJournal({
      files: this.#files,
      given: this.#path,
      path,
      file,
      header,
      lock,
      damaged: damagedLines,
      forced: this.#isForced,
      rotateAt: rotateAtBytes === 0 ? Infinity : rotateAtBytes,
      // Asked for at each word: `open` may be given another context than `claim` was.
      log: {
        debug: (fields, message) => this.#log.debug(fields, message),
        info: (fields, message) => this.#log.info(fields, message),
        warn: (fields, message) => this.#log.warn(fields, message),
        error: (fields, message) => this.#log.error(fields, message),
      },
      clock: this.#clock,
      onTrouble: (trouble) => this.#told(trouble),
      retake: () => takeFileLock(path, kind, () => this.#info, this.#files),
    });
  }

  #told(trouble: JournalTrouble): void {
    // A broker makes an event of it, and of that a line of its log.
    if (!this.#onTrouble)
      return this.#log.error(
        { journal: this.#path, what: trouble.what, error: trouble.cause },
        'the journal is in trouble',
      );
    try {
      this.#onTrouble(trouble);
    } catch (error) {
      this.#log.error({ error }, "what was to hear of a journal's trouble threw");
    }
  }

  #notOpen(): JournalError {
    return new JournalError('JOURNAL_FAILED', `The journal ${this.#path} is not open.`);
  }
}
