import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { localhostCertificate } from '../servers/localhost-certificate.ts';

/** The floor in this runtime: one warm socket, one write, and nothing but the end of the answer looked for. */
export class RawSocket {
  readonly #socket: Socket;
  #received = '';
  #done: () => void = () => {};
  #failed: (error: Error) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', (error) => this.#failed(error));
    socket.on('close', () =>
      this.#failed(new Error('The server closed the raw socket before its answer.')),
    );
    socket.on('data', (bytes: Buffer) => {
      this.#received += bytes.toString('latin1');
      const headEnd = this.#received.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/u.exec(this.#received)?.[1]);
      if (headEnd < 0 || this.#received.length < headEnd + 4 + length) return;
      this.#received = '';
      this.#done();
    });
  }

  static open(url: string): Promise<RawSocket> {
    const { hostname, port, protocol } = new URL(url);
    return new Promise((resolve, reject) => {
      const target = { host: hostname, port: Number(port) };
      const socket: Socket =
        protocol === 'https:'
          ? connectTls(
              { ...target, ca: localhostCertificate.cert, ALPNProtocols: ['http/1.1'] },
              () => resolve(new RawSocket(socket)),
            )
          : connect(target, () => resolve(new RawSocket(socket)));
      socket.once('error', reject);
    });
  }

  exchange(bytes: string): Promise<void> {
    if (this.#socket.destroyed) return Promise.reject(new Error('The raw socket is closed.'));
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
      this.#socket.write(bytes, 'latin1');
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
