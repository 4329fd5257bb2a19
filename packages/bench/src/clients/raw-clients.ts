import type { Client, ClientTarget, OpenClient } from './client.ts';
import { RawSocket } from './raw-socket.ts';

/** The floor in this runtime. */
export const rawSocket: OpenClient = async ({ url, order, atOnce = 1 }: ClientTarget): Promise<Client> => {
  const all = await Promise.all(Array.from({ length: atOnce }, () => RawSocket.open(url)));
  const idle = [...all];
  return {
    name: 'raw socket',
    async send() {
      const socket = idle.pop();
      if (!socket) throw new Error(`More than ${atOnce} orders at once.`);
      await socket.exchange(order.bytes);
      idle.push(socket);
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
