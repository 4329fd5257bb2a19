/** A string, or a number outside of one: strings are matched so that digits within them are left alone. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const longDigits = /\d{16}/;

/**
 * Reads JSON without changing a number: an integer beyond 2^53 (ids are int64) becomes its digits as text, where `JSON.parse` would round it to another id.
 * Throws `SyntaxError` for what is no JSON.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(longDigits.test(text) ? text.replace(stringOrNumber, keepDigits) : text);
}

function keepDigits(token: string): string {
  return /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
