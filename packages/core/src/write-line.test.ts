import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeLine } from './write-line.ts';

const uncaught: unknown[] = [];
beforeEach(() => {
  uncaught.length = 0;
  process.setUncaughtExceptionCaptureCallback((error) => uncaught.push(error));
});
afterEach(() => process.setUncaughtExceptionCaptureCallback(null));
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

it('a pipe whose reader has gone ends no process, and each line that is lost is told', async () => {
  // A reader that lives on and reads no more, as a log shipper that was turned off.
  const reader = spawn('sh', ['-c', 'exec 0<&-; echo gone; sleep 60'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(reader.stdout, 'data');
  const lost: unknown[] = [];
  for (let line = 0; line < 3; line += 1) {
    writeLine(reader.stdin, 'a line\n', (error) => lost.push(error));
    await turns();
  }
  reader.kill('SIGKILL');
  await once(reader, 'exit');
  expect(uncaught).toEqual([]);
  expect(lost).toHaveLength(3);
  expect(lost[0]).toMatchObject({ code: 'EPIPE' });
  expect(reader.stdin.listenerCount('error')).toBe(0);
});

it('what else fails on the stream is still told to whoever listens, and to nobody else', async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  writeLine(stream, 'a line\n', (error) => uncaught.push(error));
  await turns();
  expect([uncaught, stream.listenerCount('error')]).toEqual([[], 0]);
  stream.destroy(new Error('the bot closed it'));
  await turns();
  expect(uncaught).toMatchObject([{ message: 'the bot closed it' }]);
});
