import type { Client, ClientTarget, OpenClient } from './client.ts';
import { RawSocket } from './raw-socket.ts';

/** The floor in this runtime. */
export const rawSocket: OpenClient = async ({
  url,
  order,
  atOnce = 1,
}: ClientTarget): Promise<Client> => {
  const all = await Promise.all(Array.from({ length: atOnce }, () => RawSocket.open(url)));
  const idle = [...all];
  const waiting: ((socket: RawSocket) => void)[] = [];
  return {
    name: 'raw socket',
    async send() {
      // Waits for a socket like any pool; the orders at once are as many as there are sockets, unless the machine is overburdened.
      const socket =
        idle.pop() ?? (await new Promise<RawSocket>((resolve) => waiting.push(resolve)));
      await socket.exchange(order.bytes);
      const next = waiting.shift();
      if (next) next(socket);
      else idle.push(socket);
    },
    close: () => all.forEach((socket) => socket.close()),
  };
};

/** What a script does that connects for every order. */
export const newConnection: OpenClient = ({ url, order }: ClientTarget): Promise<Client> =>
  Promise.resolve({
    name: url.startsWith('https:') ? 'new TLS connection each' : 'new connection each',
    async send() {
      const socket = await RawSocket.open(url);
      await socket.exchange(order.bytes);
      socket.close();
    },
    close() {},
  });
