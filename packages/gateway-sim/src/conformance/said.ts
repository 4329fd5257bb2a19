import type { HttpAnswer } from './gateway-http.ts';

/** What was answered: the code and the text, or the status where it is not 200. */
export function said({ status, fields: { errorCode, errorMessage } }: HttpAnswer): string {
  if (status !== 200) return String(status);
  return `code ${String(errorCode)}${typeof errorMessage === 'string' && errorMessage !== '' ? `, ${errorMessage}` : ''}`;
}
