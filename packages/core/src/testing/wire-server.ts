import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { localhostCertificate } from './localhost-certificate.ts';

/** One request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Lower-case names; repeated ones joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly connection: WireConnection;
}

/** One connection as the server sees it. */
export interface WireConnection {
  /** Every decrypted byte that came, as latin1. */
  readonly received: () => string;
  readonly requests: readonly WireRequest[];
  /** How the other side ended it: in an orderly way, or by a reset. */
  readonly ended: Promise<'end' | 'reset'>;
  isOpen(): boolean;
  /** Its TLS session is one of an earlier connection. */
  resumed(): boolean;
  /** The bytes as they are; a string is latin1. Resolves when the kernel has them. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Sends the rest and ends in an orderly way. */
  end(bytes?: string): void;
  reset(): void;
  /** Closes it at once: the end is in the kernel when this returns. */
  destroy(): void;
}

/** A server that does on the wire what a test says. */
export interface WireServer {
  readonly origin: URL;
  readonly connections: readonly WireConnection[];
  readonly requests: readonly WireRequest[];
  /** Decides what is answered; nothing by default. */
  onRequest: (request: WireRequest) => void;
  onConnection: (connection: WireConnection) => void;
  /** Resolves with the next request that comes. */
  nextRequest(): Promise<WireRequest>;
  nextConnection(): Promise<WireConnection>;
  /** Takes no new connections; those that are open stay. */
  stopListening(): void;
  listenAgain(): Promise<void>;
  /** Resets what is open and waits until all is gone. */
  close(): Promise<void>;
}

/** A server of raw bytes on 127.0.0.1: it reads requests as HTTP and answers exactly what it is told, well-formed or not. */
export async function startWireServer(options: { readonly tls: boolean }): Promise<WireServer> {
  const connections: WireConnection[] = [];
  const requests: WireRequest[] = [];
  const open = new Map<Socket, ServedConnection>();
  const awaitingRequest: ((request: WireRequest) => void)[] = [];
  const awaitingConnection: ((connection: WireConnection) => void)[] = [];
  const secureContext = createSecureContext({
    cert: localhostCertificate.cert,
    key: localhostCertificate.key,
  });
  const listener = createServer({ allowHalfOpen: false, noDelay: true }, (raw) => {
    raw.on('close', () => open.delete(raw));
    const socket = options.tls
      ? new TLSSocket(raw, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] })
      : raw;
    const connection = new ServedConnection(socket, raw, (request) => {
      requests.push(request);
      for (const resolve of awaitingRequest.splice(0)) resolve(request);
      server.onRequest(request);
    });
    open.set(raw, connection);
    connections.push(connection);
    for (const resolve of awaitingConnection.splice(0)) resolve(connection);
    server.onConnection(connection);
  });
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(port, '127.0.0.1', () => {
        listener.off('error', reject);
        resolve((listener.address() as AddressInfo).port);
      });
    });
  const port = await listen(0);
  const server: WireServer = {
    origin: new URL(`${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`),
    connections,
    requests,
    onRequest: () => {},
    onConnection: () => {},
    nextRequest: () => new Promise((resolve) => awaitingRequest.push(resolve)),
    nextConnection: () => new Promise((resolve) => awaitingConnection.push(resolve)),
    stopListening: () => void listener.close(),
    listenAgain: async () => void (await listen(port)),
    async close() {
      const closed = listener.listening
        ? new Promise((resolve) => listener.close(resolve))
        : undefined;
      const gone = [...open.keys()].map(
        (raw) => new Promise((resolve) => raw.once('close', resolve)),
      );
      for (const connection of open.values()) connection.reset();
      await Promise.all([closed, ...gone]);
    },
  };
  return server;
}

class ServedConnection implements WireConnection {
  readonly requests: WireRequest[] = [];
  readonly ended: Promise<'end' | 'reset'>;
  readonly #socket: Socket;
  readonly #raw: Socket;
  #received = '';
  #read = 0;

  constructor(socket: Socket, raw: Socket, onRequest: (request: WireRequest) => void) {
    this.#socket = socket;
    this.#raw = raw;
    this.ended = new Promise((resolve) => {
      for (const event of ['end', 'close']) socket.on(event, () => resolve('end'));
      for (const each of new Set([socket, raw])) each.on('error', () => resolve('reset'));
    });
    socket.on('data', (bytes: Buffer) => {
      this.#received += bytes.toString('latin1');
      for (let request = this.#next(); request; request = this.#next()) {
        this.requests.push(request);
        onRequest(request);
      }
    });
  }

  received(): string {
    return this.#received;
  }

  isOpen(): boolean {
    return !this.#raw.destroyed && this.#socket.readable && this.#socket.writable;
  }

  resumed(): boolean {
    return this.#socket instanceof TLSSocket && this.#socket.isSessionReused();
  }

  write(bytes: string | Uint8Array): Promise<void> {
    return new Promise(
      (resolve) =>
        void this.#socket.write(
          typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes,
          () => resolve(),
        ),
    );
  }

  end(bytes = ''): void {
    this.#socket.end(Buffer.from(bytes, 'latin1'));
  }

  reset(): void {
    // The TLS socket follows when the TCP socket has closed. One whose end is under way can't be reset any more: Node would never close it.
    if (this.#raw.destroyed) return;
    if (this.#socket.writableEnded || this.#raw.writableEnded) this.#raw.destroy();
    else this.#raw.resetAndDestroy();
  }

  destroy(): void {
    this.#raw.destroy();
  }

  #next(): WireRequest | undefined {
    const rest = this.#received.slice(this.#read);
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const [line = '', ...lines] = rest.slice(0, headEnd).split('\r\n');
    const headers = new Map<string, string>();
    for (const text of lines) {
      const colon = text.indexOf(':');
      const name = text.slice(0, colon).toLowerCase();
      const value = text.slice(colon + 1).trim();
      const before = headers.get(name);
      headers.set(name, before === undefined ? value : `${before}, ${value}`);
    }
    const length = Number(headers.get('content-length') ?? 0);
    if (rest.length < headEnd + 4 + length) return undefined;
    this.#read += headEnd + 4 + length;
    const [method = '', path = ''] = line.split(' ');
    return {
      method,
      path,
      headers,
      body: rest.slice(headEnd + 4, headEnd + 4 + length),
      connection: this,
    };
  }
}
