import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

const jsonType = 'application/json; charset=utf-8';

/** Writes a reply in one go. Its `Date` is the venue's time. */
export function send(
  response: ServerResponse,
  { status, headers, body = '', contentType = jsonType }: Reply,
  now: number,
): void {
  // An answer that was held back may find its client gone.
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    date: new Date(now).toUTCString(),
    ...(body !== '' && { 'content-type': contentType }),
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
