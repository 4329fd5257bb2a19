import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { Client } from 'undici';
import { expect, it } from 'vitest';
import { AnswerReader } from './answer-reader.ts';

const limits = { maxHeaderBytes: 4_096, maxBodyBytes: 4_096 };

interface Read {
  readonly status: number;
  readonly body: string;
}

/** A socket that gives the pieces one by one and then ends, or stays silent. */
class Scripted extends Duplex {
  readonly #pieces: Buffer[];
  readonly #ends: boolean;

  constructor(pieces: readonly Buffer[], ends: boolean) {
    super();
    this.#pieces = [...pieces];
    this.#ends = ends;
  }

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
    setImmediate(() => this.#give());
  }

  override _final(done: () => void): void {
    done();
  }

  #give(): void {
    if (this.destroyed) return;
    const piece = this.#pieces.shift();
    if (piece) {
      this.push(piece);
      setImmediate(() => this.#give());
    } else if (this.#ends) this.push(null);
    // Nothing more comes: undici would wait for ever.
    else this.destroy();
  }
}

/** undici's reading of it; undefined when it gave none, or found more behind it. */
function byUndici(pieces: readonly Buffer[], ends: boolean): Promise<Read | undefined> {
  const socket = Object.assign(new Scripted(pieces, ends), {
    ref() {},
    unref() {},
    setNoDelay() {},
    setKeepAlive() {},
  });
  let first = true;
  const client = new Client('http://127.0.0.1', {
    pipelining: 1,
    maxHeaderSize: limits.maxHeaderBytes,
    maxResponseSize: limits.maxBodyBytes,
    connect: (_options, callback) => {
      // A second connection is for nothing but a retry.
      const given = first;
      first = false;
      queueMicrotask(() =>
        given
          ? Reflect.apply(callback, undefined, [null, socket])
          : callback(new Error('No second connection.'), null),
      );
    },
  });
  return new Promise<Read | undefined>((resolve) => {
    let status = 0;
    let ended = false;
    const chunks: Buffer[] = [];
    client.dispatch(
      { method: 'POST', path: '/', body: 'x' },
      {
        onRequestStart() {},
        onResponseStart: (_controller, code) => {
          if (code >= 200) status = code;
        },
        onResponseData: (_controller, chunk) => void chunks.push(chunk),
        onResponseEnd: () => {
          ended = true;
          // What follows in the same piece has been read when the tick queue runs.
          process.nextTick(() => {
            const error = socket.errored;
            const more =
              error !== null &&
              (error.name === 'HTTPParserError' || error.message === 'bad response');
            resolve(more ? undefined : { status, body: Buffer.concat(chunks).toString('latin1') });
          });
        },
        onResponseError: () => {
          if (!ended) resolve(undefined);
        },
      },
    );
  }).finally(() => void client.destroy().catch(() => {}));
}

function byReader(pieces: readonly Buffer[], ends: boolean): Read | undefined {
  const reader = new AnswerReader(limits);
  let reading: ReturnType<AnswerReader['read']> = { is: 'more' };
  for (const piece of pieces) {
    reading = reader.read(piece);
    if (reading.is !== 'more') break;
  }
  if (reading.is === 'more' && ends) reading = reader.end();
  if (reading.is !== 'complete' || reading.extra > 0) return undefined;
  return {
    status: reading.answer.status,
    body: Buffer.from(reading.answer.body).toString('latin1'),
  };
}

function split(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const at = [
    0,
    ...cuts.map((cut) => Math.round(cut * bytes.length)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return at
    .slice(1)
    .map((end, index) => bytes.subarray(at[index], end))
    .filter((piece) => piece.length > 0);
}

const lineEnd = fc.constantFrom(
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\n',
  '\r',
  '\r\n ',
);
const status = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 204 No',
  'HTTP/1.1 304 Not',
  'HTTP/1.1 500 Oh',
  'HTTP/1.1 099 Odd',
  'HTTP/1.1 100 Go',
  'HTTP/1.1 101 Up',
  'HTTP/1.1  200 OK',
  'HTTP/2 200',
  'http/1.1 200 ok',
);
const informational = fc.constantFrom(
  '',
  '',
  '',
  'HTTP/1.1 102 Wait\r\n\r\n',
  'HTTP/1.1 103 Hint\r\nlink: x\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
);
const header = fc.constantFrom(
  'content-length: 5',
  'content-length: 5',
  'Content-Length:5',
  'content-length: 0',
  'content-length: 6',
  'content-length: 4',
  'content-length: 05',
  'content-length: +5',
  'content-length: 5, 5',
  'content-length: 5 5',
  'content-length: 99999',
  'content-length: ',
  'content-length: five',
  'content-length : 5',
  'transfer-encoding: chunked',
  'transfer-encoding: chunked',
  'Transfer-Encoding: CHUNKED',
  'transfer-encoding: gzip, chunked',
  'transfer-encoding: chunked, chunked',
  'transfer-encoding: identity',
  'transfer-encoding : chunked',
  'transfer-encoding:\tchunked',
  'connection: close',
  'connection: keep-alive',
  'keep-alive: timeout=5',
  'upgrade: x',
  'x',
  ': x',
  'x: \u0000',
  'x: \u00FF',
  ' folded',
  '\tfolded',
  `x: ${'y'.repeat(5_000)}`,
);
const body = fc.constantFrom(
  'hello',
  'hello',
  'hell',
  'hello!',
  '',
  '5\r\nhello\r\n0\r\n\r\n',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;a=b\r\nhello\r\n0\r\nt: 1\r\n\r\n',
  '5\r\nhello\r\n0\r\n',
  '5\nhello\n0\n\n',
  '5\r\nhello0\r\n\r\n',
  '6\r\nhello\r\n0\r\n\r\n',
  '05\r\nhello\r\n00\r\n\r\n',
  ' 5\r\nhello\r\n0\r\n\r\n',
  '5 \r\nhello\r\n0\r\n\r\n',
  '0x5\r\nhello\r\n0\r\n\r\n',
  '-5\r\nhello\r\n0\r\n\r\n',
  'fffff\r\nhello',
  'z'.repeat(5_000),
  'helloHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
  '5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
  'hello\r\n',
  'hellogarbage',
);

const assembled = fc
  .record({
    informational,
    status,
    lines: fc.array(fc.tuple(lineEnd, header), { maxLength: 4 }),
    last: fc.constantFrom('\r\n\r\n', '\r\n\r\n', '\r\n\r\n', '\n\n', '\r\n\n'),
    body,
  })
  .map(
    ({ informational: before, status: first, lines, last, body: content }) =>
      `${before}${first}${lines.map(([end, text]) => `${end}${text}`).join('')}${last}${content}`,
  );

const orderly = fc.constantFrom(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{"success":true}',
  'HTTP/1.1 500 Internal Server Error\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: keep-alive\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nt: 1\r\n\r\n',
  'HTTP/1.1 103 Hint\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
  'HTTP/1.1 200 OK\r\nx-a: 1\r\nX-A: 2\r\n\r\nwithout a length',
  'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
);
const harm = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.integer({ min: 0, max: 3 }),
  put: fc.constantFrom(
    '',
    '',
    '\r',
    '\n',
    '\r\n',
    ' ',
    '\t',
    ':',
    ';',
    ',',
    '0',
    '1',
    '9',
    'x',
    '\u0000',
    '\u0080',
    '\u00FF',
    '\r\n\r\n',
    '\r\ncontent-length: 3',
    '\r\ntransfer-encoding: chunked',
    'HTTP/1.1 200 OK\r\n',
  ),
});
const damaged = fc.tuple(orderly, fc.array(harm, { maxLength: 2 })).map(([text, harms]) =>
  harms.reduce<string>((before, { at, cut, put }) => {
    const index = Math.round(at * before.length);
    return before.slice(0, index) + put + before.slice(index + cut);
  }, text),
);
const hostile = fc.oneof(assembled, damaged, damaged);

it('reads hostile answers as undici does, or refuses them', async () => {
  let read = 0;
  let refused = 0;
  let stricter = 0;
  await fc.assert(
    fc.asyncProperty(
      hostile,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
      fc.boolean(),
      async (text, cuts, ends) => {
        const pieces = split(text, cuts);
        const mine = byReader(pieces, ends);
        const theirs = await byUndici(pieces, ends);
        if (mine === undefined && theirs !== undefined) stricter += 1;
        else if (mine) read += 1;
        else refused += 1;
        return mine === undefined || (mine.status === theirs?.status && mine.body === theirs.body);
      },
    ),
    { numRuns: 6_000 },
  );
  // Refusing everything would be no reading, and being stricter is the exception.
  expect(read).toBeGreaterThan(1_000);
  expect(refused).toBeGreaterThan(1_000);
  expect(stricter).toBeLessThan(read);
});

it('reads the same in whatever pieces it comes', () => {
  fc.assert(
    fc.property(
      hostile,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
      (text, cuts) => {
        expect(byReader(split(text, cuts), true) ?? 'none').toEqual(
          byReader(split(text, []), true) ?? 'none',
        );
      },
    ),
    { numRuns: 3_000 },
  );
});
