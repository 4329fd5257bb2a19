/**
 * The rows within an event's arguments. Recorded payloads are wrapped as `{action, data}`, documented ones flat; market events come as objects or arrays, with nulls between.
 * What `action` means was never documented, and the row says the same.
 */
export function payloadsOf(given: readonly unknown[]): readonly unknown[] {
  const rows: unknown[] = [];
  for (const value of given) collect(value, rows);
  return rows;
}

function collect(value: unknown, rows: unknown[]): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const entry of value) collect(entry, rows);
  } else if (isWrapped(value)) {
    collect(value.data, rows);
  } else {
    rows.push(value);
  }
}

function isWrapped(value: unknown): value is { readonly action: number; readonly data: object } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'action' in value &&
    typeof value.action === 'number' &&
    'data' in value &&
    typeof value.data === 'object' &&
    value.data !== null
  );
}
