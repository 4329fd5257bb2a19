import { crc32Of } from './crc32.ts';
import { numberField, sumField } from './line-checksum.ts';

/** Bytes that are kept for the next line; one that is longer gets its own. */
const keptBytes = 64 * 1024;
/** UTF-8 takes no more for one unit of a string. */
const mostBytes = 3;
const numberFieldBytes: Uint8Array = Buffer.from(numberField);
const sumFieldBytes: Uint8Array = Buffer.from(sumField);
/** Behind the JSON: both fields, ten digits each, the brace and the end of the line. */
const behindJson = numberFieldBytes.length + sumFieldBytes.length + 22;

/** Makes the bytes of lines in one place, again and again: in the tick of an order nothing is copied a second time. */
export class LineBytes {
  readonly #kept: Buffer = Buffer.allocUnsafeSlow(keptBytes);

  /** The line of an object's JSON; `number`: its own, undefined for a file whose lines have none. Good until the next one is asked for. */
  of(json: string, number: number | undefined): Uint8Array {
    const most = json.length * mostBytes + behindJson;
    const bytes = most <= keptBytes ? this.#kept : Buffer.allocUnsafe(most);
    const length = bytes.write(json, 0);
    if (number === undefined) {
      bytes[length] = newline;
      return bytes.subarray(0, length + 1);
    }
    const sum = crc32Of(bytes, length, number);
    // In place of the JSON's last brace.
    let at = putDigits(bytes, put(bytes, length - 1, numberFieldBytes), number);
    at = putDigits(bytes, put(bytes, at, sumFieldBytes), sum);
    bytes[at] = closingBrace;
    bytes[at + 1] = newline;
    return bytes.subarray(0, at + 2);
  }
}

const newline = 0x0a;
const closingBrace = 0x7d;
const zero = 0x30;

function put(bytes: Uint8Array, at: number, text: Uint8Array): number {
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text[index] as number;
  return at + text.length;
}

/** Of a whole number that is not below 0. */
function putDigits(bytes: Uint8Array, at: number, value: number): number {
  let end = at + 1;
  for (let left = value; left >= 10; left = Math.floor(left / 10)) end += 1;
  for (let [place, left] = [end - 1, value]; place >= at; place -= 1) {
    const next = Math.floor(left / 10);
    bytes[place] = zero + left - next * 10;
    left = next;
  }
  return end;
}
