/** The head of an answer as it stands on the wire, checked. */
export interface AnswerHead {
  readonly status: number;
  /** Lower-case names; repeated ones joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** How the body's end is known. */
  readonly framing: { readonly by: 'length'; readonly length: number } | { readonly by: 'chunks' } | { readonly by: 'end' };
  /** The connection stays open behind it. */
  readonly keepAlive: boolean;
}

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\u0020-\u007E\u0080-\u00FF]*)?$/u;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*((?:[\u0021-\u007E\u0080-\u00FF](?:[\t\u0020-\u007E\u0080-\u00FF]*[\u0021-\u007E\u0080-\u00FF])?)?)[\t ]*$/u;
const lengthValue = /^\d{1,15}$/u;
/** More lines than any honest server sends. */
const mostHeaders = 128;

/** Reads a head without its empty last line. A sentence says why it can't be relied on. */
export function parseAnswerHead(text: string): AnswerHead | string {
  const lines = text.split('\r\n');
  const status = statusLine.exec(lines[0] ?? '');
  if (!status) return 'its status line is not one of HTTP/1.1';
  if (lines.length > mostHeaders) return 'its head has too many lines';
  const code = Number(status[2]);
  const headers = new Map<string, string>();
  for (let index = 1; index < lines.length; index += 1) {
    const header = headerLine.exec(lines[index] ?? '');
    if (!header) return 'a line of its head is no header';
    const name = (header[1] ?? '').toLowerCase();
    const value = header[2] ?? '';
    const before = headers.get(name);
    if (before !== undefined && (name === 'content-length' || name === 'transfer-encoding')) return `it has two ${name} headers`;
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const framing = framingOf(code, headers);
  if (typeof framing === 'string') return framing;
  return { status: code, headers: Object.fromEntries(headers), framing, keepAlive: framing.by !== 'end' && staysOpen(status[1] === '1', headers) };
}

function framingOf(status: number, headers: ReadonlyMap<string, string>): AnswerHead['framing'] | string {
  const length = headers.get('content-length');
  const encoding = headers.get('transfer-encoding');
  if (length !== undefined && !lengthValue.test(length)) return 'its content-length is no number';
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked') return 'its transfer-encoding is not chunked alone';
  if (length !== undefined && encoding !== undefined) return 'it has both a content-length and a transfer-encoding';
  if (status < 200) return { by: 'length', length: 0 };
  // HTTP would allow the length of what 304 stands for; undici refuses it, and nothing asks for 304 here.
  if (status === 204 || status === 304) return Number(length ?? 0) === 0 ? { by: 'length', length: 0 } : 'it has a length and can have no body';
  if (encoding !== undefined) return { by: 'chunks' };
  return length === undefined ? { by: 'end' } : { by: 'length', length: Number(length) };
}

function staysOpen(isHttp11: boolean, headers: ReadonlyMap<string, string>): boolean {
  const tokens = (headers.get('connection') ?? '').toLowerCase().split(',').map((token) => token.trim());
  if (tokens.includes('close')) return false;
  return isHttp11 || tokens.includes('keep-alive');
}
