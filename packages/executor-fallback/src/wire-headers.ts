import type { PreparedRequest } from '@hotpath/core';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
// Visible characters, spaces and tabs: what could end a line or a header is refused.
const value = /^[\t\u0020-\u007E\u0080-\u00FF]*$/u;
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

/** Names and values, in turn, of the headers that go on the wire. `fetch` would add some of its own; these are all. Throws `TypeError` for what can't be a header. */
export function wireHeaders({ template, authorization }: PreparedRequest): string[] {
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
