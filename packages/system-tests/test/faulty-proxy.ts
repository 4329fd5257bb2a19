import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export interface FaultyProxy {
  readonly url: string;
  /** Milliseconds every answer is held back. 0 = none. */
  delayMs: number;
  /** Every so many answers, one is lost and its connection reset. 0 = none; 1 = every one. */
  loseEvery: number;
  close(): Promise<void>;
}

/** A TCP proxy before the gateway that is slow or loses answers, for as long as it is told to. */
export async function startFaultyProxy(target: { readonly port: number }): Promise<FaultyProxy> {
  const sockets = new Set<Socket>();
  let answers = 0;
  const server = createServer((client) => {
    const venue = connect(target.port, '127.0.0.1');
    client.setNoDelay(true);
    venue.setNoDelay(true);
    for (const socket of [client, venue]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => venue.write(chunk));
    venue.on('data', (chunk) => {
      answers += 1;
      if (proxy.loseEvery > 0 && answers % proxy.loseEvery === 0)
        return void client.resetAndDestroy();
      if (proxy.delayMs === 0) client.write(chunk);
      else setTimeout(() => client.destroyed || client.write(chunk), proxy.delayMs);
    });
    client.on('close', () => venue.destroy());
    venue.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delayMs: 0,
    loseEvery: 0,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return proxy;
}
