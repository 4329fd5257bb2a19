import type { Socket } from 'node:net';

/** What one request is, as far as a floor server looks. */
export interface FloorRequest {
  /** The whole request as it came. */
  readonly text: string;
  /** The machine's monotonic clock when its last bytes were read. */
  readonly at: bigint;
  readonly answer: (body: string, status?: number) => void;
}

export interface FloorConnectionOptions {
  /** Idle connections are closed after this many milliseconds, and the answers say so. 0: never. */
  readonly keepAliveMs: number;
  /** Whether one whose time is up is closed now. Default: it is. */
  readonly mayEnd?: (() => boolean) | undefined;
  readonly request: (request: FloorRequest) => void;
}

const lengthHeader = /\r\ncontent-length: *(\d+)/iu;

/** The least a server can do to read requests of HTTP/1.1: no check, no parser, nothing that would be measured with the client. */
export function serveFloor(
  socket: Socket,
  { keepAliveMs, mayEnd = () => true, request: handle }: FloorConnectionOptions,
): void {
  let received = '';
  const head = `content-type: application/json; charset=utf-8\r\n${keepAliveMs > 0 ? `keep-alive: timeout=${Math.floor(keepAliveMs / 1_000)}\r\n` : ''}content-length: `;
  const answer = (body: string, status = 200): void =>
    void socket.write(`HTTP/1.1 ${status} OK\r\n${head}${body.length}\r\n\r\n${body}`, 'latin1');
  socket.setNoDelay(true);
  if (keepAliveMs > 0) {
    socket.setTimeout(keepAliveMs, () => {
      if (mayEnd()) socket.end();
      // Node tells of a time that is up once.
      else socket.setTimeout(keepAliveMs);
    });
  }
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    const at = process.hrtime.bigint();
    received += bytes.toString('latin1');
    for (;;) {
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const end = headEnd + 4 + Number(lengthHeader.exec(received.slice(0, headEnd))?.[1] ?? 0);
      if (received.length < end) return;
      const text = received.slice(0, end);
      received = received.slice(end);
      handle({ text, at, answer });
    }
  });
}
