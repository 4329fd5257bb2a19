import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

/** A hub that says what a test tells it to, over a real socket: what no well-behaved server would send can be sent. */
export interface BareHub {
  readonly url: URL;
  /** Methods called so far, over all connections. */
  readonly calls: string[];
  /** Tokens of the connections made so far, from the query. */
  readonly tokens: (string | null)[];
  /** Sends a record, as it is, to the newest connection. */
  send(record: string): void;
  /** Sends an event. */
  event(target: string, ...given: readonly unknown[]): void;
  close(): Promise<void>;
}

export interface BareHubOptions {
  /** Default true: whether the handshake is answered. Asked at each connection. */
  readonly answersHandshake?: (() => boolean) | undefined;
  /** The error text with which a call is refused; undefined: it is confirmed; `silent`: nothing. */
  readonly refuse?: ((method: string) => string | undefined) | undefined;
}

const separator = '\u001E';

export async function startBareHub({
  answersHandshake = () => true,
  refuse = () => undefined,
}: BareHubOptions = {}): Promise<BareHub> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const calls: string[] = [];
  const tokens: (string | null)[] = [];
  let newest: WebSocket | undefined;
  server.on('connection', (socket, request) => {
    newest = socket;
    tokens.push(new URL(request.url ?? '/', 'http://hub').searchParams.get('access_token'));
    const answers = answersHandshake();
    socket.on('message', (data) => {
      for (const record of (Buffer.isBuffer(data) ? data.toString('utf8') : '').split(separator)) {
        if (record === '') continue;
        const message: unknown = JSON.parse(record);
        if (typeof message !== 'object' || message === null) continue;
        if ('protocol' in message && answers) socket.send(`{}${separator}`);
        if (!('target' in message) || !('invocationId' in message)) continue;
        const method = String(message.target);
        calls.push(method);
        const error = refuse(method);
        if (error !== 'silent')
          socket.send(
            `${JSON.stringify({ type: 3, invocationId: message.invocationId, ...(error === undefined ? { result: null } : { error }) })}${separator}`,
          );
      }
    });
  });
  const send = (record: string): void => newest?.send(record + separator);
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    calls,
    tokens,
    send,
    event: (target, ...given) => send(JSON.stringify({ type: 1, target, arguments: given })),
    async close() {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
