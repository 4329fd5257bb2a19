import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { startGateway } from '@hotpath/gateway-sim';
import { localhostCertificate } from './localhost-certificate.ts';

// The least a server can do for an order, in a process of its own: placing is answered from a fixed text. What a session needs besides comes from the simulator.
const gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off', bars: 'off' } });
const lengthHeader = /\r\ncontent-length: (\d+)/iu;
let orderId = 3_400_000_000;
let arrivals: string[] = [];
let lastPlace = '';

function serve(socket: Socket): void {
  let received = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    const now = process.hrtime.bigint();
    received += bytes.toString('latin1');
    for (;;) {
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const end = headEnd + 4 + Number(lengthHeader.exec(received.slice(0, headEnd))?.[1] ?? 0);
      if (received.length < end) return;
      const request = received.slice(0, end);
      received = received.slice(end);
      if (request.startsWith('POST /api/Order/place ')) {
        arrivals.push(String(now));
        lastPlace = request;
        orderId += 1;
        answer(socket, `{"orderId":${orderId},"success":true,"errorCode":0,"errorMessage":null}`);
      } else if (request.startsWith('GET /floor/arrivals ')) {
        answer(socket, JSON.stringify(arrivals));
        arrivals = [];
      } else if (request.startsWith('GET /floor/last ')) answer(socket, JSON.stringify(lastPlace));
      else void relay(socket, request);
    }
  });
}

function answer(socket: Socket, body: string, status = 200): void {
  socket.write(`HTTP/1.1 ${status} OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n\r\n${body}`, 'latin1');
}

async function relay(socket: Socket, request: string): Promise<void> {
  const headEnd = request.indexOf('\r\n\r\n');
  const [line = '', ...lines] = request.slice(0, headEnd).split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const kept = lines.filter((header) => /^(?:authorization|content-type):/iu.test(header)).map((header): [string, string] => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1).trim()]);
  const body = request.slice(headEnd + 4);
  const response = await fetch(new URL(path, gateway.url), { method, headers: kept, ...(body && { body }) });
  answer(socket, await response.text(), response.status);
}

const listeners = [createServer(serve), createTlsServer({ cert: localhostCertificate.cert, key: localhostCertificate.key }, serve)];
const ports = await Promise.all(
  listeners.map(
    (listener) =>
      new Promise<number>((resolve) => {
        listener.listen(0, '127.0.0.1', () => {
          const address = listener.address();
          resolve(typeof address === 'object' && address ? address.port : 0);
        });
      }),
  ),
);
process.on('disconnect', () => process.exit(0));
process.send?.({ http: `http://127.0.0.1:${ports[0]}`, https: `https://127.0.0.1:${ports[1]}` });
