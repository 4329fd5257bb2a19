import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** What passed between clients and a server on its way. */
export interface SocketRecord {
  readonly url: string;
  /** Everything that clients wrote, as text; over HTTP that is every request with its body. */
  readonly written: () => string;
  /** The first lines of the HTTP requests: method and path. */
  readonly requests: () => string[];
  close(): Promise<void>;
}

/** A TCP proxy that keeps what clients write: what is not in it did not leave. */
export async function recordSockets(target: { readonly port: number }): Promise<SocketRecord> {
  const sockets = new Set<Socket>();
  let written = '';
  const server = createServer((client) => {
    const venue = connect(target.port, '127.0.0.1');
    for (const socket of [client, venue]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk: Buffer) => {
      written += chunk.toString('latin1');
      venue.write(chunk);
    });
    venue.on('data', (chunk) => void client.write(chunk));
    client.on('close', () => venue.destroy());
    venue.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    written: () => written,
    requests: () =>
      [...written.matchAll(/(?:GET|POST|PUT|DELETE) (\/[^\s?]*)\S* HTTP\/1\.1/g)].map(
        ([, path = '']) => path,
      ),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
