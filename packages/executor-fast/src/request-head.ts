import type { Authorization, PreparedRequest, RequestTemplate } from '@hotpath/core';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
// Visible characters, spaces and tabs: what could end a line or a header is refused.
const value = /^[\t\u0020-\u007E\u0080-\u00FF]*$/u;
const path = /^\/[\u0021-\u007E]*$/u;
const reserved = new Set(['host', 'content-length', 'authorization', 'connection', 'transfer-encoding', 'expect', 'upgrade', 'keep-alive']);

/** Header names and values of one request, in turn, without those that the transport writes. Throws `TypeError` for what can't be a header. */
export type HeaderList = readonly string[];

interface Kept {
  readonly generation: number | undefined;
  readonly headers: HeaderList;
}

/** Headers prebuilt per template, rebuilt when the authorization changes. */
export class RequestHeads {
  readonly #kept = new WeakMap<RequestTemplate, Kept>();

  of(request: PreparedRequest): HeaderList {
    const { template, authorization } = request;
    const kept = this.#kept.get(template);
    if (kept && kept.generation === authorization?.generation) return kept.headers;
    const headers = headerList(template, authorization);
    this.#kept.set(template, { generation: authorization?.generation, headers });
    return headers;
  }
}

function headerList(template: RequestTemplate, authorization: Authorization | undefined): HeaderList {
  if (!path.test(template.path)) throw new TypeError(`The request path ${JSON.stringify(template.path)} must begin with / and hold no spaces or control characters.`);
  const headers: string[] = [];
  for (const [name, text] of Object.entries(template.headers)) {
    if (!token.test(name) || !value.test(text) || reserved.has(name.toLowerCase())) throw new TypeError(`The template of ${template.path} can't carry the header ${JSON.stringify(name)}.`);
    headers.push(name, text);
  }
  // An answer is read as it comes: nothing here unpacks it.
  if (!headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'accept-encoding')) headers.push('accept-encoding', 'identity');
  if (authorization) {
    if (!value.test(authorization.header)) throw new TypeError('The authorization holds characters that no header can carry.');
    headers.push('authorization', authorization.header);
  }
  return headers;
}
