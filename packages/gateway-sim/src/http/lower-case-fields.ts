import { isRecord } from '../faults/spoil-body.ts';

/** A body's fields by their names in lower case, as the gateway takes them in any; none for what is no JSON object. */
export function lowerCaseFields(body: string | undefined): Readonly<Record<string, unknown>> {
  if (body === undefined || !body.trimStart().startsWith('{')) return {};
  try {
    const fields: unknown = JSON.parse(body);
    return isRecord(fields) ? lowerCased(fields) : {};
  } catch {
    return {};
  }
}

export function lowerCased(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
