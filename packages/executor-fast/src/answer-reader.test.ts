import { describe, expect, it } from 'vitest';
import { AnswerReader } from './answer-reader.ts';

const limits = { maxHeaderBytes: 1_024, maxBodyBytes: 64 };
const read = (text: string): unknown => {
  const reading = new AnswerReader(limits).read(Buffer.from(text, 'latin1'));
  return reading.is === 'complete'
    ? { ...reading, answer: { ...reading.answer, body: reading.answer.body.toString() } }
    : reading;
};
const failed = (code: string): object => ({ is: 'failed', code });

describe('AnswerReader', () => {
  it('reads a whole answer', () => {
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1 \r\nx-a:\t2\r\n\r\n{}')).toEqual({
      is: 'complete',
      answer: { status: 200, headers: { 'content-length': '2', 'x-a': '1, 2' }, body: '{}' },
      keepAlive: true,
      extra: 0,
    });
  });

  it.each([
    ['no reason', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n'],
    ['an empty reason', 'HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n'],
    ['an empty header', 'HTTP/1.1 200 OK\r\nx:\r\ncontent-length: 0\r\n\r\n'],
    ['204', 'HTTP/1.1 204 No\r\n\r\n'],
    ['304 and no length', 'HTTP/1.1 304 No\r\ncontent-length: 0\r\n\r\n'],
    [
      '1xx before it',
      'HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 103 Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
    ],
    ['chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n0\r\n\r\n'],
  ])('reads an answer with %s', (_, text) => {
    expect(read(text)).toMatchObject({ is: 'complete', extra: 0, answer: { body: '' } });
  });

  it.each([
    ['a bare line feed in the head', 'HTTP/1.1 200 OK\ncontent-length: 0\r\n\r\n'],
    ['bare line feeds alone', 'HTTP/1.1 200 OK\r\ncontent-length: 0\n\n\r\n\r\n'],
    ['a bare carriage return', 'HTTP/1.1 200 OK\r\nx: a\rb\r\n\r\n'],
    ['a zero byte', 'HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nx: a\r\n b\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n'],
    ['a header without a name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n'],
    ['a line without a colon', 'HTTP/1.1 200 OK\r\nhello\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'],
    ['a status beyond 599', 'HTTP/1.1 600 OK\r\ncontent-length: 0\r\n\r\n'],
    ['version 2', 'HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['lower-case http', 'http/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['204 with a length', 'HTTP/1.1 204 No\r\ncontent-length: 5\r\n\r\n'],
    ['304 with a length', 'HTTP/1.1 304 No\r\ncontent-length: 5\r\n\r\n'],
    ['the same length twice', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\ncontent-length: 0\r\n\r\n'],
    ['two lengths in one header', 'HTTP/1.1 200 OK\r\ncontent-length: 0, 0\r\n\r\n'],
    ['a signed length', 'HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\nx'],
    ['a length in hex', 'HTTP/1.1 200 OK\r\ncontent-length: 0x1\r\n\r\nx'],
    ['an endless length', `HTTP/1.1 200 OK\r\ncontent-length: ${'9'.repeat(30)}\r\n\r\nx`],
    [
      'length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['another coding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    [
      'chunks twice',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['100', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['101', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n'],
    ['too many 1xx', 'HTTP/1.1 102 Wait\r\n\r\n'.repeat(20)],
    ['a flood of headers', `HTTP/1.1 200 OK\r\n${'a:b\r\n'.repeat(150)}\r\n`],
    [
      'a chunk extension that is no name and value',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;x=yHTTP/1.1 200 OK\r\nhello\r\n0\r\n\r\n',
    ],
    ['a chunk size that is none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n'],
    [
      'a chunk size with a space before it',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n 1\r\nx\r\n0\r\n\r\n',
    ],
    ['an endless chunk size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n000000001\r\n'],
    [
      'a chunk longer than its size',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n',
    ],
    [
      'a line feed behind a chunk',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n',
    ],
    [
      'a trailer that is none',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nhello\r\n\r\n',
    ],
    [
      'an endless extension',
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;${'x'.repeat(2_000)}`,
    ],
    [
      'a flood of trailers',
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n${'a:b\r\n'.repeat(100)}\r\n`,
    ],
  ])('refuses %s', (_, text) => {
    expect(read(text)).toMatchObject(failed('ANSWER_UNREADABLE'));
  });

  it.each([
    ['a head', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_024)}`],
    ['a head that is whole', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_024)}\r\n\r\n`],
    ['a length', 'HTTP/1.1 200 OK\r\ncontent-length: 65\r\n\r\n'],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n40\r\n'.concat(
        'x'.repeat(64),
        '\r\n1\r\n',
      ),
    ],
    ['a body without a length', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(65)}`],
  ])('stops at the limit of %s', (_, text) => {
    expect(read(text)).toMatchObject(failed('ANSWER_TOO_LARGE'));
  });

  it('keeps headers apart from what every object has', () => {
    const reading = read(
      'HTTP/1.1 200 OK\r\n__proto__: a\r\nconstructor: b\r\n__Proto__: c\r\ntoString: d\r\ncontent-length: 0\r\n\r\n',
    );
    expect(reading).toMatchObject({ is: 'complete' });
    expect(JSON.stringify(reading)).toContain(
      '"headers":{"__proto__":"a, c","constructor":"b","tostring":"d","content-length":"0"}',
    );
  });

  it('reads a head that is longer than usual', () => {
    expect(
      new AnswerReader({ maxHeaderBytes: 16_384, maxBodyBytes: 64 }).read(
        Buffer.from(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(5_000)}\r\ncontent-length: 2\r\n\r\n{}`),
      ),
    ).toMatchObject({ is: 'complete', extra: 0 });
  });

  it('knows at the first bytes that it is not HTTP', () => {
    expect(read('SSH')).toMatchObject(failed('ANSWER_UNREADABLE'));
    expect(read('HTTP')).toEqual({ is: 'more' });
  });

  it.each([
    ['HTTP/1.1', 'connection: close\r\n', false],
    ['HTTP/1.1', 'connection: x, Close\r\n', false],
    ['HTTP/1.1', '', true],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'connection: keep-alive\r\n', true],
  ])('%s with %j keeps the connection: %s', (version, header, keepAlive) => {
    expect(read(`${version} 200 OK\r\n${header}content-length: 0\r\n\r\n`)).toMatchObject({
      keepAlive,
    });
  });

  it('counts what stands behind the answer', () => {
    expect(read('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxyz')).toMatchObject({
      is: 'complete',
      extra: 2,
    });
    expect(read('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nxyz')).toMatchObject(
      { is: 'complete', extra: 3 },
    );
  });

  it('takes the end for the end of a body without a length, and of no other', () => {
    const open = new AnswerReader(limits);
    expect(open.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\nabc'))).toEqual({ is: 'more' });
    expect(open.end()).toMatchObject({ is: 'complete', keepAlive: false });
    const cut = new AnswerReader(limits);
    cut.read(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc'));
    expect(cut.end()).toMatchObject(failed('ANSWER_INCOMPLETE'));
  });
});
