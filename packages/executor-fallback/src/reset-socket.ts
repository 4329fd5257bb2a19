import type { Socket } from 'node:net';

/**
 * Ends a connection by RST on its TCP socket, so that the kernel can deliver nothing of it later. A TLS socket over it follows by itself when the TCP socket has closed;
 * destroying it in the same tick would free what OpenSSL may just be reading from (Node 20 crashes).
 * A socket whose own end is under way can't be reset any more (Node reports an error and never closes it), and is destroyed.
 */
export function resetSocket({
  socket,
  raw,
}: {
  readonly socket: Socket;
  readonly raw: Socket;
}): void {
  if (raw.destroyed) return;
  if (socket.writableEnded || raw.writableEnded) raw.destroy();
  // safeguard: reset, fallback executor
  else raw.resetAndDestroy();
}
