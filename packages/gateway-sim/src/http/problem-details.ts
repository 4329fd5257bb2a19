import type { Reply } from './reply.ts';

const titles = {
  400: 'One or more validation errors occurred.',
  415: 'Unsupported Media Type',
} as const;
const sections = { 400: '15.5.1', 415: '15.5.16' } as const;

/** A refusal of the gateway's framework, in its own form; `errors` by the place that does not bind. */
export function problem(
  status: 400 | 415,
  traceId: string,
  errors?: Readonly<Record<string, readonly string[]>>,
): Reply {
  const details = {
    type: `https://tools.ietf.org/html/rfc9110#section-${sections[status]}`,
    title: titles[status],
    status,
    traceId,
    ...(errors && { errors }),
  };
  return {
    status,
    body: JSON.stringify(details),
    contentType: 'application/problem+json; charset=utf-8',
  };
}
