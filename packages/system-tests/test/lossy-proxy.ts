import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** What the proxy does with the next request whose text holds `when`. */
export interface Loss {
  readonly when: string;
  /**
   * `answer`: the venue executes it, the client is reset before the answer. `request`: it never reaches the venue, the client is reset. `end`: the venue executes it, the client's connection is ended in good order before the answer.
   * `held`: the request goes no further for as long as its connection lives.
   */
  readonly lose: 'answer' | 'request' | 'end' | 'held';
  /** Sent to the client in place of a reset, when the request is lost: a whole HTTP answer, or more than one. */
  readonly instead?: string | undefined;
}

export interface LossyProxy {
  readonly url: string;
  /** Requests that came by and held the text. */
  count(text: string): number;
  /** Connections that the client has reset (RST), as opposed to ended. */
  readonly resets: number;
  lose(loss: Loss): void;
  close(): Promise<void>;
}

/** HTTP 200 with this JSON. */
export function httpAnswer(body: object, status = '200 OK'): string {
  const text = JSON.stringify(body);
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** A TCP proxy between client and gateway that loses what it is told to, on real sockets. */
export async function startLossyProxy(target: { readonly port: number }): Promise<LossyProxy> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  let pending: Loss | undefined;
  let resets = 0;
  const server = createServer((client) => {
    const venue = connect(target.port, '127.0.0.1');
    let swallow: 'reset' | 'end' | undefined;
    client.on(
      'error',
      (error: NodeJS.ErrnoException) => void (error.code === 'ECONNRESET' && (resets += 1)),
    );
    for (const socket of [client, venue]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      seen.push(text);
      if (pending && text.includes(pending.when)) {
        const { lose, instead } = pending;
        pending = undefined;
        if (instead !== undefined) return void client.write(instead);
        if (lose === 'request') {
          client.resetAndDestroy();
          venue.destroy();
          return;
        }
        if (lose === 'held') return;
        swallow = lose === 'answer' ? 'reset' : 'end';
      }
      venue.write(chunk);
    });
    venue.on('data', (chunk) => {
      if (swallow === 'reset') client.resetAndDestroy();
      else if (swallow === 'end') client.end();
      else client.write(chunk);
    });
    client.on('close', () => venue.destroy());
    venue.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (text) => seen.filter((chunk) => chunk.includes(text)).length,
    get resets() {
      return resets;
    },
    lose: (loss) => void (pending = loss),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
