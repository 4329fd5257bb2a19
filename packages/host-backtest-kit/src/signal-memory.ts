import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LineFile } from './line-file.ts';
import type { SignalRecord } from './signal-record.ts';
import { signalRecordSchema } from './signal-record.ts';

/** Signals that are over are remembered this long: an order that was given up may turn up for a day. */
const keptMs = 7 * 24 * 60 * 60 * 1000;

/** What was sent for each signal, in a file of one JSON object a line, of which the last of a signal holds. */
export class SignalMemory {
  readonly #file: string;
  readonly #records = new Map<string, SignalRecord>();
  readonly #lines: LineFile;

  constructor(file: string) {
    this.#file = file;
    this.#lines = new LineFile(file);
  }

  /** Reads what an earlier process left and begins the file anew with what is still of use. Throws when the file can't be read or written: without it a retry could send something else. */
  open(now: number): void {
    if (this.#lines.isOpen) return;
    mkdirSync(dirname(this.#file), { recursive: true });
    const lines = readLines(this.#file);
    for (const [index, line] of lines.entries()) {
      const record = parseRecord(line);
      if (record) this.#records.set(record.clientOrderId, record);
      // A process that is killed leaves at most its last line unfinished.
      else if (index < lines.length - 1)
        throw new Error(
          `${this.#file}: line ${index + 1} is damaged. Mend or remove the file, after a look at what the account holds.`,
        );
    }
    for (const [id, record] of this.#records)
      if (
        (record.state === 'closed' || record.state === 'dropped') &&
        record.firstAt < now - keptMs
      )
        this.#records.delete(id);
    this.#lines.begin([...this.#records.values()].map((record) => JSON.stringify(record)));
  }

  get(clientOrderId: string): SignalRecord | undefined {
    return this.#records.get(clientOrderId);
  }

  all(): SignalRecord[] {
    return [...this.#records.values()];
  }

  /** Returns once the record would outlive this process. */
  save(record: SignalRecord): void {
    this.#lines.append(JSON.stringify(record));
    this.#records.set(record.clientOrderId, record);
  }

  close(): void {
    this.#lines.close();
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function parseRecord(line: string): SignalRecord | undefined {
  try {
    return signalRecordSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
