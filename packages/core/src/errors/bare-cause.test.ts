import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { bareCause } from './bare-cause.ts';

it('keeps what tells one failure from another, and nothing that the error carries', () => {
  const parser = Object.assign(new Error('Expected HTTP/'), {
    name: 'HTTPParserError',
    code: 'HPE_INVALID_CONSTANT',
    data: 'you sent Authorization: Bearer secret',
  });
  const outer = Object.assign(new Error('other side closed', { cause: parser }), {
    name: 'SocketError',
    code: 'UND_ERR_SOCKET',
    syscall: 'read',
    errno: -104,
    socket: { bytesRead: 5 },
    request: { headers: 'secret' },
  });
  const bare = bareCause(outer);
  expect(bare).toMatchObject({
    name: 'SocketError',
    message: 'other side closed',
    code: 'UND_ERR_SOCKET',
    syscall: 'read',
    errno: -104,
    cause: { name: 'HTTPParserError', message: 'Expected HTTP/', code: 'HPE_INVALID_CONSTANT' },
  });
  expect(inspect(bare, { depth: 10, showHidden: true })).not.toMatch(/secret|bytesRead/);
});

it('ends a chain that goes round, and makes no error of what is none', () => {
  const round = new Error('round');
  round.cause = round;
  expect(inspect(bareCause(round), { depth: 20 }).match(/round/g)?.length).toBeLessThan(20);
  expect([bareCause('text'), bareCause(undefined)]).toEqual([undefined, undefined]);
  expect(bareCause(new Error('x'.repeat(10_000)))?.message).toHaveLength(500);
});
