import type { Answer } from '@hotpath/core';

/** Lower-case names; repeated headers joined. */
export function answerHeaders(raw: readonly Buffer[]): Answer['headers'] {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]?.toString('latin1').toLowerCase() ?? '';
    const text = raw[index + 1]?.toString('latin1') ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? text : `${before}, ${text}`);
  }
  return Object.fromEntries(headers);
}
