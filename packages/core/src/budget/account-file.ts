import { closeSync, constants, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import type { BudgetAccount } from './budget-account.ts';
import { accountSchema } from './budget-account.ts';

/** Bytes of a slot: far more than the largest account takes. */
const slotBytes = 262_144;
const headBytes = 32;

/** An account as it stood in a file; `writtenAt` is wall milliseconds, which all processes of a machine have in common. */
export interface WrittenAccount {
  readonly writtenAt: number;
  readonly account: BudgetAccount;
}
const content: z.ZodType<WrittenAccount & { readonly turn: number }> = z.strictObject({
  turn: z.int().min(0),
  writtenAt: z.number(),
  account: accountSchema,
});

/**
 * Where a keeper writes the account down before anybody gets what was lent: a kill leaves it as it stood, so that whoever takes over knows all that was lent, whether or not it was there to hear of it.
 * Two slots are written in turn, each with its length and checksum, so that one is whole at any instant.
 */
export class AccountFile {
  /** Undefined once closed: the descriptor may be another file's then. */
  #file: number | undefined;
  readonly #path: string;
  #turn = 0;

  private constructor(file: number, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** Throws where it can't be made, or stands already. */
  static create(path: string): AccountFile {
    return new AccountFile(openSync(path, 'wx', 0o600), path);
  }

  /** Undefined where nothing whole stands. */
  static read(path: string): WrittenAccount | undefined {
    let file: number;
    try {
      file = openSync(
        path,
        constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0),
      );
    } catch {
      return undefined;
    }
    try {
      if (!fstatSync(file).isFile()) return undefined;
      const [one, other] = [slotOf(file, 0), slotOf(file, 1)];
      return (one?.turn ?? -1) > (other?.turn ?? -1) ? one : other;
    } catch {
      return undefined;
    } finally {
      closeSync(file);
    }
  }

  /** Throws where it can't be written; what was written before stands then. */
  write({ writtenAt, account }: WrittenAccount): void {
    if (this.#file === undefined) throw new Error('the account has been passed on');
    const text = Buffer.from(JSON.stringify({ turn: this.#turn, writtenAt, account }));
    if (text.length > slotBytes - headBytes)
      throw new Error(`an account of ${text.length} bytes does not fit into its file`);
    const head = `${text.length} ${crc32(text)}`.padEnd(headBytes);
    const bytes = Buffer.concat([Buffer.from(head), text]);
    const written = writeSync(this.#file, bytes, 0, bytes.length, (this.#turn % 2) * slotBytes);
    if (written < bytes.length)
      throw new Error(`only ${written} of ${bytes.length} bytes of the account could be written`);
    this.#turn += 1;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Closes it, and takes it away. */
  remove(): void {
    this.close();
    rmSync(this.#path, { force: true });
  }
}

function slotOf(
  file: number,
  slot: number,
): (WrittenAccount & { readonly turn: number }) | undefined {
  const at = slot * slotBytes;
  const head = Buffer.alloc(headBytes);
  if (readSync(file, head, 0, headBytes, at) < headBytes) return undefined;
  const [, length, sum] = /^(\d{1,6}) (\d{1,10}) *$/.exec(head.toString('latin1')) ?? [];
  if (length === undefined || sum === undefined || Number(length) > slotBytes - headBytes)
    return undefined;
  const text = Buffer.alloc(Number(length));
  if (
    readSync(file, text, 0, text.length, at + headBytes) < text.length ||
    crc32(text) !== Number(sum)
  )
    return undefined;
  const { data } = content.safeParse(JSON.parse(text.toString()));
  return data;
}
