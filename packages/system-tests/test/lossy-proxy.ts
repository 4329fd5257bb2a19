import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** What the proxy does with the next request whose text holds `when`. */
export interface Loss {
  readonly when: string;
  /** `answer`: the venue executes it, the client is reset before the answer. `request`: it never reaches the venue, the client is reset. */
  readonly lose: 'answer' | 'request';
}

export interface LossyProxy {
  readonly url: string;
  /** Requests that came by and held the text. */
  count(text: string): number;
  lose(loss: Loss): void;
  close(): Promise<void>;
}

/** A TCP proxy between client and gateway that loses what it is told to, on real sockets. */
export async function startLossyProxy(target: { readonly port: number }): Promise<LossyProxy> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  let pending: Loss | undefined;
  const server = createServer((client) => {
    const venue = connect(target.port, '127.0.0.1');
    let swallow = false;
    for (const socket of [client, venue]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      seen.push(text);
      if (pending && text.includes(pending.when)) {
        const { lose } = pending;
        pending = undefined;
        if (lose === 'request') {
          client.resetAndDestroy();
          venue.destroy();
          return;
        }
        swallow = true;
      }
      venue.write(chunk);
    });
    venue.on('data', (chunk) => {
      if (swallow) client.resetAndDestroy();
      else client.write(chunk);
    });
    client.on('close', () => venue.destroy());
    venue.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (text) => seen.filter((chunk) => chunk.includes(text)).length,
    lose: (loss) => void (pending = loss),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
