import type { SpoiledBody } from './fault.ts';

const envelope = new Set(['success', 'errorCode', 'errorMessage']);
const errorPage =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n';

/** A good answer gone wrong. */
export function spoilBody(
  form: SpoiledBody,
  body: string,
): { readonly body: string; readonly contentType?: string } {
  switch (form) {
    case 'empty':
      return { body: '' };
    case 'truncated':
      return { body: body.slice(0, Math.ceil(body.length / 2)) };
    case 'html':
      return { body: errorPage, contentType: 'text/html; charset=utf-8' };
    case 'wrong-types':
      return { body: JSON.stringify(mistyped(JSON.parse(body))) };
    case 'missing-payload':
      return {
        body: JSON.stringify(
          ofFields(body, (key, value) => (envelope.has(key) ? [[key, value]] : [])),
        ),
      };
    case 'null-payload':
      return {
        body: JSON.stringify(
          ofFields(body, (key, value) => [[key, envelope.has(key) ? value : null]]),
        ),
      };
  }
}

function ofFields(
  body: string,
  change: (key: string, value: unknown) => [string, unknown][],
): unknown {
  const value: unknown = JSON.parse(body);
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).flatMap(([key, field]) => change(key, field)))
    : value;
}

/** Numbers as text, text as numbers, lists as records, null as a list. The verdict stays, so that it is the payload that a client trips over. */
function mistyped(value: unknown, key = ''): unknown {
  if (envelope.has(key)) return value;
  if (Array.isArray(value))
    return Object.fromEntries(value.map((entry, index) => [index, mistyped(entry)]));
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, mistyped(field, name)]),
    );
  if (typeof value === 'number') return `n${value}`;
  if (typeof value === 'string') return value.length;
  return value === null ? [] : 'true';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
