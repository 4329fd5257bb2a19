import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import type { PreparedRequest, RequestTemplate } from '@hotpath/core';
import { Authorization } from '@hotpath/core';
import { createManualClock } from '@hotpath/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mutations, reads } from '../endpoints.ts';
import { MarketHost } from './market-host.ts';

/** A server that keeps what it is written, and answers each request with what stands next in `answers`. */
let answers: string[];
let written: string;
let connections: number;
let sockets: Set<Socket>;
const server = createServer((socket) => {
  connections += 1;
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    written += chunk.toString();
    const answer = answers.shift();
    if (answer !== undefined) socket.write(answer);
  });
});
const clock = createManualClock(Date.UTC(2026, 8, 21, 14));
let host: MarketHost;
beforeEach(async () => {
  [answers, written, connections, sockets] = [[], '', 0, new Set()];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = new MarketHost(
    new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    undefined,
    clock,
  );
});
afterEach(async () => {
  host.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const ok = (body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-one: 1\r\nx-one: 2\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const prepared = (template: RequestTemplate): PreparedRequest => ({
  template,
  authorization: new Authorization('Bearer secret', 1),
  body: '{"live":false}',
});
const options = { lane: 'read', timeoutMs: 1_000 } as const;

describe('the host of the venue in paper mode', () => {
  const marketReads: ReadonlySet<RequestTemplate> = new Set([
    reads.loginKey,
    reads.validate,
    reads.accounts,
    reads.contracts,
    reads.contractSearch,
    reads.contractById,
    reads.bars,
  ]);
  const others = [
    ...Object.values(mutations),
    ...Object.values(reads).filter((template) => !marketReads.has(template)),
  ];

  it.each(others.map((template) => [template.path, template] as const))(
    'never hears of %s: it is stopped before there is a connection',
    async (_path, template) => {
      await expect(host.send(prepared(template), options)).rejects.toMatchObject({
        code: 'WRONG_HOST',
      });
      // Nor under another method, nor called a read.
      await expect(
        host.send(prepared({ ...template, operation: 'read' }), options),
      ).rejects.toMatchObject({ code: 'WRONG_HOST' });
      expect([connections, written]).toEqual([0, '']);
    },
  );

  it.each([
    { ...reads.accounts, operation: 'place' as const },
    { ...reads.accounts, path: '/api/account/search/../../Order/place' },
    { ...reads.accounts, path: '/api/Account/search?x=/api/Order/place' },
    { ...reads.accounts, path: '//elsewhere.example/api/Account/search' },
  ])('takes no other name for a read of its market: $operation $path', async (template) => {
    await expect(host.send(prepared(template), options)).rejects.toMatchObject({
      code: 'WRONG_HOST',
    });
    expect(connections).toBe(0);
  });

  it.each([...marketReads].map((template) => [template.path, template] as const))(
    'is asked %s',
    async (path, template) => {
      answers = [ok('{"success":true}')];
      const delivery = await host.send(prepared(template), options);
      expect(delivery).toMatchObject({
        stage: 'answered',
        answer: { status: 200, headers: { 'x-one': '1, 2' } },
      });
      expect(written).toContain(`POST ${path} HTTP/1.1`);
      expect(written).toContain('authorization: Bearer secret');
      expect(written.endsWith('{"live":false}')).toBe(true);
    },
  );

  it('sends nobody elsewhere: a redirect is an answer', async () => {
    answers = [
      'HTTP/1.1 307 Temporary Redirect\r\nlocation: /api/Order/place\r\ncontent-length: 0\r\n\r\n',
    ];
    expect(await host.send(prepared(reads.accounts), options)).toMatchObject({
      stage: 'answered',
      answer: { status: 307 },
    });
    expect(written.match(/POST/g)).toHaveLength(1);
  });

  it('is given up when it does not answer in time, and when it breaks off', async () => {
    const waiting = host.send(prepared(reads.accounts), options);
    await expect.poll(() => written).toContain('POST');
    clock.advance(1_000);
    expect(await waiting).toMatchObject({ stage: 'writing', failure: { code: 'TIMEOUT' } });
    const broken = host.send(prepared(reads.accounts), options);
    await expect.poll(() => written.match(/POST/g)).toHaveLength(2);
    for (const socket of sockets) socket.destroy();
    expect(await broken).toMatchObject({
      failure: { code: expect.stringMatching(/^(?:RESET|NO_CONNECTION)$/) as unknown },
    });
    answers = ['HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'];
    const half = host.send(prepared(reads.accounts), options);
    await expect.poll(() => answers).toEqual([]);
    for (const socket of sockets) socket.end();
    expect(await half).toMatchObject({ failure: { code: 'ANSWER_INCOMPLETE' } });
  });

  it('repeats nothing of what it was sent in a failure', async () => {
    answers = ['you sent authorization: Bearer secret'];
    const delivery = await host.send(prepared(reads.accounts), options);
    expect(delivery).toMatchObject({ failure: { cause: { code: 'HPE_INVALID_CONSTANT' } } });
    expect(inspect(delivery, { depth: 12, showHidden: true })).not.toMatch(/secret|Buffer/);
  });

  it('is left alone after a 429, for as long as it says or five seconds', async () => {
    host.throttled(undefined);
    expect(await host.send(prepared(reads.accounts), options)).toMatchObject({
      bytes: 'none',
      failure: { code: 'BUDGET_EXHAUSTED' },
    });
    clock.advance(5_000);
    answers = [ok('{}')];
    expect(await host.send(prepared(reads.accounts), options)).toMatchObject({ stage: 'answered' });
    host.throttled(60_000);
    clock.advance(59_000);
    expect(await host.send(prepared(reads.accounts), options)).toMatchObject({
      failure: { code: 'BUDGET_EXHAUSTED' },
    });
  });

  it('is asked at most 60 times a minute: other bots of the login have their part', async () => {
    answers = Array.from({ length: 61 }, () => ok('{}'));
    const asked = Array.from({ length: 61 }, () =>
      host.send(prepared(reads.accounts), { ...options, timeoutMs: 120_000 }),
    );
    await Promise.all(asked.slice(0, 60));
    expect(written.match(/POST/g)).toHaveLength(60);
    clock.advance(60_001);
    expect(await asked[60]).toMatchObject({ stage: 'answered' });
  });
});
