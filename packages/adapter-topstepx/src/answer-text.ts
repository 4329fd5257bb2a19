import type { Answer } from '@hotpath/core';

export type Fields = Readonly<Record<string, unknown>>;

/** An answer's JSON object; undefined for everything else. */
export function jsonObject(body: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(body));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder();
/** Bytes of an answer that are read for its words. */
const longestRead = 65_536;

/** What an answer other than the documented one says in words, wherever its sender put them; undefined when it says nothing. As it came: to be cleaned before anybody is shown it. */
export function answerText({ headers, body }: Answer): string | undefined {
  const fields = jsonObject(body);
  if (fields) return problemText(fields);
  const text = lenient.decode(body.subarray(0, longestRead)).trim();
  if (text !== '') return text.startsWith('<') ? pageText(text) : text;
  // A bearer challenge says why a token was refused.
  return /error_description="([^"]+)"/.exec(headers['www-authenticate'] ?? '')?.[1];
}

/** The words of a JSON answer: the problem details of the gateway's framework name the field in `errors`, and their `title` says nothing then. */
export function problemText(problem: Fields): string | undefined {
  // safeguard: what the framework names in errors is told
  const named = fieldProblems(problem).map(({ name, text }) =>
    name === '' ? text : `${name}: ${text}`,
  );
  // end of safeguard
  if (named.length > 0) return named.join('; ');
  for (const field of [
    'errorMessage',
    'detail',
    'message',
    'error_description',
    'title',
    'error',
  ]) {
    const text = problem[field];
    if (typeof text === 'string' && text !== '') return text;
  }
  return undefined;
}

/** What stands in `errors`, by the names of the request's fields as the framework gives them. */
export function fieldProblems({
  errors,
}: Fields): readonly { readonly name: string; readonly text: string }[] {
  if (!isObject(errors))
    return Array.isArray(errors) ? errors.flatMap(textsOf).map((text) => ({ name: '', text })) : [];
  return Object.entries(errors).flatMap(([name, given]) =>
    textsOf(given).map((text) => ({ name, text })),
  );
}

function textsOf(given: unknown): string[] {
  if (typeof given === 'string') return given === '' ? [] : [given];
  if (Array.isArray(given)) return given.flatMap(textsOf);
  return isObject(given)
    ? textsOf(given['message'] ?? given['errorMessage'] ?? given['description'])
    : [];
}

/** Of a page its title and first heading. */
function pageText(page: string): string {
  const parts = [...page.matchAll(/<(title|h1)\b[^>]*>([^<]*)</gi)]
    .map((match) => (match[2] ?? '').trim())
    .filter((text) => text !== '');
  return parts.length > 0
    ? `a page, "${[...new Set(parts)].join('", "')}"`
    : 'a page without a title';
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
