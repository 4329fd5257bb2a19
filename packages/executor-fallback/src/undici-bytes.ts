import { Duplex } from 'node:stream';
import type { PreparedRequest } from '@hotpath/core';
import { Client } from 'undici';
import { wireHeaders } from './wire-headers.ts';

/** The bytes that undici writes for a request, from undici itself: it is given a stream that leads nowhere in place of a socket. */
export function undiciBytes(request: PreparedRequest, origin: URL): Promise<Buffer> {
  const { template, body } = request;
  const headers = wireHeaders(request);
  return new Promise((resolve, reject) => {
    const written: Buffer[] = [];
    const nowhere = new Duplex({
      read: () => {},
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk);
        done();
        const bytes = Buffer.concat(written);
        if (isWhole(bytes)) end(() => resolve(bytes));
      },
    });
    const client = new Client(origin.origin, {
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, callback) => queueMicrotask(() => callback(null, nowhere as never)),
    });
    let ended = false;
    const end = (settle: () => void): void => {
      if (ended) return;
      ended = true;
      settle();
      // Not while undici is still writing.
      setImmediate(() => void client.destroy().catch(() => {}));
    };
    const wire = {
      method: template.method,
      path: template.path,
      headers,
      body: body === '' ? null : Buffer.from(body),
    };
    client.dispatch(wire, {
      onConnect: () => {},
      onHeaders: () => true,
      onData: () => true,
      onComplete: () => {},
      onError: (error) => end(() => reject(error)),
    });
  });
}

function isWhole(bytes: Buffer): boolean {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length =
    /\r\ncontent-length: (?<length>\d+)/iu.exec(bytes.toString('latin1', 0, head))?.groups?.[
      'length'
    ] ?? '0';
  return bytes.length >= head + 4 + Number(length);
}
