import { crc32Of } from './crc32.ts';
import { notPlain, putJson } from './json-bytes.ts';
import { numberField, sumField } from './line-checksum.ts';
import { putDigits } from './put-digits.ts';

/** Bytes that are kept for the next line; one that is longer gets its own. */
const keptBytes = 64 * 1024;
/** UTF-8 takes no more for one unit of a string. */
const mostBytes = 3;
const numberFieldBytes: Uint8Array = Buffer.from(numberField);
const sumFieldBytes: Uint8Array = Buffer.from(sumField);
/** Behind the JSON: both fields, ten digits each, the brace and the end of the line. */
const behindJson = numberFieldBytes.length + sumFieldBytes.length + 22;

/** Makes lines as bytes in one place, again and again: in the tick of an order nothing is copied a second time. */
export class LineBytes {
  readonly #kept: Buffer = Buffer.allocUnsafeSlow(keptBytes);
  /** The line that was made last, at their beginning. */
  bytes: Buffer = this.#kept;
  /** Of that line. */
  length = 0;

  /** Makes the line of a record. `number`: its own; undefined for a file whose lines have none. Throws what `JSON.stringify` throws, and a TypeError for what has no JSON. */
  make(record: object, number: number | undefined): void {
    const end = this.#put(record);
    const { bytes } = this;
    if (number === undefined) {
      bytes[end] = newline;
      this.length = end + 1;
      return;
    }
    const sum = crc32Of(bytes, end, number);
    // In place of the JSON's last brace.
    let at = putDigits(bytes, put(bytes, end - 1, numberFieldBytes), number);
    at = putDigits(bytes, put(bytes, at, sumFieldBytes), sum);
    bytes[at] = closingBrace;
    bytes[at + 1] = newline;
    this.length = at + 2;
  }

  /** Gives where its JSON ends. */
  #put(record: object): number {
    this.bytes = this.#kept;
    // So many are left for what comes behind it.
    const end = putJson(this.#kept, 0, record);
    if (end !== notPlain && end + behindJson <= keptBytes) return end;
    const json: unknown = JSON.stringify(record);
    if (typeof json !== 'string') throw new TypeError('it has no JSON');
    const most = json.length * mostBytes + behindJson;
    if (most > keptBytes) this.bytes = Buffer.allocUnsafe(most);
    return this.bytes.write(json, 0);
  }
}

const newline = 0x0a;
const closingBrace = 0x7d;

function put(bytes: Uint8Array, at: number, text: Uint8Array): number {
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text[index] as number;
  return at + text.length;
}
