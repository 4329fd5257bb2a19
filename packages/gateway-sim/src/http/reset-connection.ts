import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** The TCP socket beneath each TLS one, which alone can be reset. */
const beneath = new WeakMap<Socket, Socket>();

/** Remembers what lies beneath the TLS sockets of a server. */
export function watchTls(server: Server): void {
  const waiting = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const name = peerOf(socket);
    waiting.set(name, socket);
    socket.once('close', () => waiting.delete(name));
  });
  server.on('secureConnection', (secure: Socket) => {
    const socket = waiting.get(peerOf(secure));
    if (socket) beneath.set(secure, socket);
  });
}

/** Ends a request's connection with a TCP RST. */
export function reset(request: IncomingMessage): void {
  resetSocket(request.socket);
}

/** Ends a connection with a TCP RST, through TLS too, so that its client sees `ECONNRESET` and no end. */
export function resetSocket(socket: Socket): void {
  const under = beneath.get(socket);
  if (!under) {
    socket.resetAndDestroy();
    return;
  }
  // The TLS socket may be in the middle of handing on what it has read, and session tickets of a handshake just done may still be on their way out: what is unwritten would turn the reset into an end.
  setImmediate(() => setImmediate(() => under.resetAndDestroy()));
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
