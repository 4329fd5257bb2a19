interface WireForm {
  readonly line: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Headers that say how the connection is used, not what is asked: executors may differ in them. */
const transport: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'accept',
  'accept-encoding',
  'accept-language',
  'sec-fetch-mode',
  'user-agent',
]);

/**
 * Where two requests ask for different things; undefined when they ask for the same. Order and case of header names do not matter.
 * Names the part, never its content: tokens stand in it.
 */
export function wireDifference(first: Uint8Array, second: Uint8Array): string | undefined {
  if (Buffer.compare(first, second) === 0) return undefined;
  const [one, other] = [wireForm(first), wireForm(second)];
  if (!one || !other) return 'one of them is no HTTP request';
  if (one.line !== other.line) return 'the request line';
  for (const name of new Set([...one.headers.keys(), ...other.headers.keys()])) {
    if (!transport.has(name) && one.headers.get(name) !== other.headers.get(name))
      return `the header ${name}`;
  }
  return one.body === other.body ? undefined : 'the body';
}

function wireForm(bytes: Uint8Array): WireForm | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = new Map<string, string>();
  for (const field of fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    // A name that comes twice is two headers.
    headers.set(
      name,
      headers.has(name)
        ? `${headers.get(name) ?? ''}\n${field.slice(colon + 1).trim()}`
        : field.slice(colon + 1).trim(),
    );
  }
  return { line, headers, body: text.slice(end + 4) };
}
