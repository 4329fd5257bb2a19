import { parseInstant } from '../instant.ts';
import { restTimestamp } from '../timestamps.ts';
import { isRecord } from './spoil-body.ts';

const timeFields = /^(?:t|\w*Timestamp|startTime|endTime|createdAfter|createdBefore)$/i;

/** JSON with every time in it moved by so many milliseconds; text that is not JSON stays as it is. */
export function skewTimes(text: string, byMs: number): string {
  try {
    return JSON.stringify(moved(JSON.parse(text), byMs));
  } catch {
    return text;
  }
}

function moved(value: unknown, byMs: number, key = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => moved(entry, byMs));
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, moved(field, byMs, name)]),
    );
  if (typeof value !== 'string' || !timeFields.test(key)) return value;
  const at = parseInstant(value);
  return at ? restTimestamp(at.epochMs + byMs, at.fraction) : value;
}
