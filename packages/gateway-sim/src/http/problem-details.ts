import type * as z from 'zod';
import type { Reply } from './reply.ts';

/** HTTP 400 as the gateway's framework writes it, naming each field that does not bind. */
function problemDetails(error: z.ZodError): object {
  const errors: Record<string, string[]> = {};
  for (const issue of error.issues) {
    const field = issue.path.join('.') || '$';
    errors[field] = [...(errors[field] ?? []), issue.message];
  }
  return { type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1', title: 'One or more validation errors occurred.', status: 400, errors };
}

export function doesNotBind(error: z.ZodError): Reply {
  return { status: 400, body: JSON.stringify(problemDetails(error)), contentType: 'application/problem+json; charset=utf-8' };
}
