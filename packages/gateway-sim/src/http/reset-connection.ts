import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Ends a request's connection with a TCP RST. */
export function reset(request: IncomingMessage): void {
  resetSocket(request.socket);
}

export function resetSocket(socket: Socket): void {
  socket.resetAndDestroy();
}
