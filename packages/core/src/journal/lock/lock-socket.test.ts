import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askLock, LockSocket } from './lock-socket.ts';

let folder: string;
let address: string;
const open: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-ask-'));
  address = join(folder, 'lock');
});
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise((resolve) => void server.close(resolve));
  rmSync(folder, { recursive: true });
});
async function answering(answer: (socket: Socket) => void): Promise<void> {
  const server = createServer(answer);
  open.push(server);
  await new Promise<void>((resolve) => void server.listen(address, resolve));
}
const silent = { is: 'there', state: undefined, info: undefined };
const info = () => ({ pid: 7, host: 'here', since: 5 });

describe('asking who holds a lock', () => {
  it('finds nobody where nothing is, or what no process listens on', async () => {
    expect(await askLock(address, 100)).toEqual({ is: 'gone' });
    writeFileSync(address, '');
    expect(await askLock(address, 100)).toEqual({ is: 'gone' });
  });

  it('does not take for free what it may not ask, or can not', async () => {
    writeFileSync(address, '');
    // Its folder is a file: what the system says is neither that nothing is there nor that nobody listens.
    expect(await askLock(join(address, 'lock'), 100)).toEqual(silent);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    ['hangs up', (socket) => void socket.destroy()],
    ['says something else', (socket) => void socket.end('220 mail ready\n')],
    ['says JSON of another kind', (socket) => void socket.end('[1,2]\n')],
    [
      'never ends its line',
      (socket) => void setInterval(() => socket.write('x'.repeat(10_000)), 5).unref(),
    ],
  ])('finds somebody who %s, within the time', async (_what, answer) => {
    await answering((socket) => {
      socket.on('error', () => undefined);
      answer(socket);
    });
    const began = performance.now();
    expect(await askLock(address, 200)).toEqual(silent);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('is answered by many at once, and by one that never reads', async () => {
    const lock = await LockSocket.listen(address, info);
    const lazy = connect(address);
    lazy.pause();
    const answers = await Promise.all(Array.from({ length: 40 }, () => askLock(address, 2_000)));
    expect(answers.every((answer) => answer.is === 'there' && answer.info?.pid === 7)).toBe(true);
    lock.state = 'holds';
    expect(await askLock(address, 2_000)).toEqual({
      is: 'there',
      state: 'holds',
      info: { ...info(), adapter: undefined, baseUrl: undefined, scope: undefined },
    });
    const began = performance.now();
    await lock.close();
    expect(performance.now() - began).toBeLessThan(1_000);
    lazy.destroy();
  });
});
