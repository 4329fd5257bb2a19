/** The head of an answer as it stands on the wire, checked. */
export interface AnswerHead {
  readonly status: number;
  /** Lower-case names; repeated ones joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** How the body's end is known. */
  readonly framing:
    | { readonly by: 'length'; readonly length: number }
    | { readonly by: 'chunks' }
    | { readonly by: 'end' };
  /** The connection stays open behind it. */
  readonly keepAlive: boolean;
}

const usualStatusLine = 'HTTP/1.1 200 OK';
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\u0020-\u007E\u0080-\u00FF]*)?$/u;
const lengthValue = /^\d{1,15}$/u;
/** More lines than any honest server sends. */
const mostHeaders = 128;
const [lineFeed, carriageReturn, colon] = [10, 13, 58];

/** What a byte may stand for in a head: a bit each for names, values and blanks. */
const [inName, inValue, blank] = [1, 2, 4];
const kinds = new Uint8Array(256);
for (let byte = 0x21; byte < 256; byte += 1) if (byte !== 0x7f) kinds[byte] = inValue;
for (const character of "!#$%&'*+.^_`|~-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  kinds[character.charCodeAt(0)] = inName | inValue;
kinds[0x20] = blank;
kinds[0x09] = blank;

/** Names as they were written before, each with its lower-case form as the engine keeps property names: text cut from an answer would be looked for in its table of names every time. */
const knownNames = new Map<string, string>();
const mostKnownNames = 512;

function lowerCase(written: string): string {
  const name = Object.keys({ [written.toLowerCase()]: true })[0] ?? '';
  if (knownNames.size < mostKnownNames) knownNames.set(written, name);
  return name;
}

/** Reads a head without its empty last line: the first `end` of the bytes. A sentence says why it can't be relied on. */
export function parseAnswerHead(bytes: Buffer, end: number): AnswerHead | string {
  const text = bytes.toString('latin1', 0, end);
  const firstEnd = text.indexOf('\r\n');
  const first = firstEnd < 0 ? text : text.slice(0, firstEnd);
  const status = first === usualStatusLine ? usual : statusOf(first);
  if (!status) return 'its status line is not one of HTTP/1.1';
  const headers: Record<string, string> = {};
  const problem = firstEnd < 0 ? undefined : readHeaders(bytes, text, firstEnd + 2, headers);
  if (problem !== undefined) return problem;
  const framing = framingOf(status.code, headers['content-length'], headers['transfer-encoding']);
  if (typeof framing === 'string') return framing;
  return {
    status: status.code,
    headers,
    framing,
    keepAlive: framing.by !== 'end' && staysOpen(status.isHttp11, headers['connection']),
  };
}

interface Status {
  readonly code: number;
  readonly isHttp11: boolean;
}

const usual: Status = { code: 200, isHttp11: true };

function statusOf(line: string): Status | undefined {
  const match = statusLine.exec(line);
  return match ? { code: Number(match[2]), isHttp11: match[1] === '1' } : undefined;
}

/** Reads the lines from `start` on into `headers`, byte by byte: expressions took several times as long. A sentence says what is wrong with them. */
function readHeaders(
  bytes: Buffer,
  text: string,
  start: number,
  headers: Record<string, string>,
): string | undefined {
  const { length } = text;
  const kindAt = (index: number): number => (index < length ? (kinds[bytes[index] ?? 0] ?? 0) : 0);
  let lines = 1;
  let at = start;
  for (;;) {
    lines += 1;
    if (lines > mostHeaders) return 'its head has too many lines';
    const nameStart = at;
    while ((kindAt(at) & inName) !== 0) at += 1;
    const nameEnd = at;
    if (nameEnd === nameStart || nameEnd === length || bytes[nameEnd] !== colon) return notAHeader;
    at += 1;
    while (kindAt(at) === blank) at += 1;
    const valueStart = at;
    let valueEnd = at;
    for (let kind = kindAt(at); kind !== 0; kind = kindAt(at)) {
      at += 1;
      if (kind !== blank) valueEnd = at;
    }
    const written = text.slice(nameStart, nameEnd);
    const repeated = put(
      headers,
      knownNames.get(written) ?? lowerCase(written),
      text.slice(valueStart, valueEnd),
    );
    if (repeated !== undefined) return repeated;
    if (at === length) return undefined;
    if (bytes[at] !== carriageReturn || at + 1 === length || bytes[at + 1] !== lineFeed)
      return notAHeader;
    at += 2;
  }
}

const notAHeader = 'a line of its head is no header';

function put(headers: Record<string, string>, name: string, value: string): string | undefined {
  if (name === '__proto__') {
    Object.defineProperty(headers, name, {
      value: Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    return undefined;
  }
  if (!Object.hasOwn(headers, name)) headers[name] = value;
  else if (name === 'content-length' || name === 'transfer-encoding')
    return `it has two ${name} headers`;
  else headers[name] = `${headers[name]}, ${value}`;
  return undefined;
}

function framingOf(
  status: number,
  length: string | undefined,
  encoding: string | undefined,
): AnswerHead['framing'] | string {
  if (length !== undefined && !lengthValue.test(length)) return 'its content-length is no number';
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked')
    return 'its transfer-encoding is not chunked alone';
  if (length !== undefined && encoding !== undefined)
    return 'it has both a content-length and a transfer-encoding';
  if (status < 200) return { by: 'length', length: 0 };
  // HTTP would allow the length of what 304 stands for; undici refuses it, and nothing asks for 304 here.
  if (status === 204 || status === 304)
    return Number(length ?? 0) === 0
      ? { by: 'length', length: 0 }
      : 'it has a length and can have no body';
  if (encoding !== undefined) return { by: 'chunks' };
  return length === undefined ? { by: 'end' } : { by: 'length', length: Number(length) };
}

function staysOpen(isHttp11: boolean, connection: string | undefined): boolean {
  if (connection === undefined) return isHttp11;
  const tokens = connection
    .toLowerCase()
    .split(',')
    .map((token) => token.trim());
  if (tokens.includes('close')) return false;
  return isHttp11 || tokens.includes('keep-alive');
}
