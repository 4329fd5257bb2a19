import type { Authorization, PreparedRequest, RequestTemplate } from '@hotpath/core';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
// Visible characters, spaces and tabs: what could end a line or a header is refused.
const value = /^[\t\u0020-\u007E\u0080-\u00FF]*$/u;
const beyondAscii = /[\u0080-\uFFFF]/u;
const path = /^\/[\u0021-\u007E]*$/u;
const reserved = new Set([
  'host',
  'content-length',
  'authorization',
  'connection',
  'transfer-encoding',
  'expect',
  'upgrade',
  'keep-alive',
]);

/** Header names and values of one request, in turn, without those that the transport writes. */
export type HeaderList = readonly string[];

interface Kept {
  readonly generation: number | undefined;
  readonly headers: HeaderList;
  /** The head as text, up to the length of the body. */
  readonly text: string;
}

/** Heads prebuilt per template, rebuilt when the authorization changes. Throws `TypeError` for what can't be written as HTTP. */
export class RequestHeads {
  readonly #host: string;
  readonly #kept = new WeakMap<RequestTemplate, Kept>();
  #lastTemplate: RequestTemplate | undefined;
  #last: Kept | undefined;

  constructor(origin: URL) {
    this.#host = origin.host;
  }

  headersOf(request: PreparedRequest): HeaderList {
    return this.#of(request).headers;
  }

  /** Head and body in one piece, byte for byte what undici would write. */
  wholeOf(request: PreparedRequest): string | Buffer {
    const { text } = this.#of(request);
    const { body, template } = request;
    if (body === '' && template.method === 'GET') return `${text}\r\n`;
    // One code unit is one byte for ASCII, which is all that is promised; anything else is still sent whole.
    if (!beyondAscii.test(body)) return `${text}content-length: ${body.length}\r\n\r\n${body}`;
    const bytes = Buffer.from(body);
    return Buffer.concat([
      Buffer.from(`${text}content-length: ${bytes.length}\r\n\r\n`, 'latin1'),
      bytes,
    ]);
  }

  #of(request: PreparedRequest): Kept {
    const { template, authorization } = request;
    // One order after the other has the same template: the last one is at hand.
    const kept = template === this.#lastTemplate ? this.#last : this.#kept.get(template);
    if (kept && kept.generation === authorization?.generation) {
      this.#lastTemplate = template;
      this.#last = kept;
      return kept;
    }
    const headers = headerList(template, authorization);
    let text = `${template.method} ${template.path} HTTP/1.1\r\nhost: ${this.#host}\r\nconnection: keep-alive\r\n`;
    for (let index = 0; index < headers.length; index += 2)
      text += `${headers[index]}: ${headers[index + 1]}\r\n`;
    const built = { generation: authorization?.generation, headers, text };
    this.#kept.set(template, built);
    this.#lastTemplate = template;
    this.#last = built;
    return built;
  }
}

function headerList(
  template: RequestTemplate,
  authorization: Authorization | undefined,
): HeaderList {
  if (!path.test(template.path))
    throw new TypeError(
      `The request path ${JSON.stringify(template.path)} must begin with / and hold no spaces or control characters.`,
    );
  const headers: string[] = [];
  for (const [name, text] of Object.entries(template.headers)) {
    if (!token.test(name) || !value.test(text) || reserved.has(name.toLowerCase()))
      throw new TypeError(
        `The template of ${template.path} can't carry the header ${JSON.stringify(name)}.`,
      );
    headers.push(name, text);
  }
  // An answer is read as it comes: nothing here unpacks it.
  if (!headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'accept-encoding'))
    headers.push('accept-encoding', 'identity');
  if (authorization) {
    if (!value.test(authorization.header))
      throw new TypeError('The authorization holds characters that no header can carry.');
    headers.push('authorization', authorization.header);
  }
  return headers;
}
