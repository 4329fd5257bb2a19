/** An order as the broker wrote it to the wire, for clients that send the same. */
export interface SampleOrder {
  /** The whole request. */
  readonly bytes: string;
  readonly path: string;
  /** Those headers that a client does not make itself. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const madeByClients = new Set(['host', 'connection', 'content-length']);

export function sampleOrder(bytes: string): SampleOrder {
  const [head = '', body = ''] = bytes.split('\r\n\r\n');
  const [line = '', ...lines] = head.split('\r\n');
  const headers = lines.map((header): [string, string] => [
    header.slice(0, header.indexOf(':')),
    header.slice(header.indexOf(':') + 1).trim(),
  ]);
  return {
    bytes,
    path: line.split(' ')[1] ?? '',
    headers: headers.filter(([name]) => !madeByClients.has(name)),
    body,
  };
}
