import { crc32 } from 'node:zlib';

/** A line of a journal: an object's JSON, and at its end the line's number and a checksum of both. The checksum begins with the number, so that it needs no text of its own. `LineBytes` makes the same where an order waits for it. */
export function numberedLine(json: string, number: number): string {
  return `${json.slice(0, -1)}${numberField}${number}${sumField}${crc32(json, number)}}\n`;
}

/** What stands in a line. */
export interface Numbered {
  /** The line without its end. */
  readonly json: string;
  readonly number: number;
}

/** Takes the end of a line off. Undefined when there is none, or when it does not fit the rest: the line is not what was written. */
export function fromNumberedLine(line: string): Numbered | undefined {
  const sumAt = line.lastIndexOf(sumField);
  const numberAt = line.lastIndexOf(numberField, sumAt);
  if (sumAt < 0 || numberAt < 0) return undefined;
  const number = Number(line.slice(numberAt + numberField.length, sumAt));
  if (!Number.isSafeInteger(number) || number < 1 || number > mostLines) return undefined;
  const json = `${line.slice(0, numberAt)}}`;
  // Compared as text: the same numbers written in another way were not written here.
  // safeguard: the checksum of a line
  if (line.slice(numberAt) !== `${numberField}${number}${sumField}${crc32(json, number)}}`)
    return undefined;
  // end of safeguard
  return { json, number };
}

export const numberField = ',"n":';
export const sumField = ',"crc":';
/** A checksum begins with a number of 32 bits. */
const mostLines = 0xffff_ffff;
