import { spawn } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MachineFacts } from '../../machine/machine-facts.ts';
import { machineFacts } from '../../machine/machine-facts.ts';
import type { Lock } from './folder-lock.ts';
import { stemOf, takeFolderLock } from './folder-lock.ts';
import type { JournalHolder, LockInfo } from './lock-info.ts';

let folder: string;
const held: Lock[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hotpath-lock-'))));
afterEach(async () => {
  for (const lock of held.splice(0)) await lock.release();
  rmSync(folder, { recursive: true, force: true });
});

const info =
  (more: Partial<LockInfo> = {}) =>
  (): LockInfo => ({ pid: process.pid, host: 'here', since: Date.now(), ...more });
/** `free` when it was taken, otherwise who has it. */
async function take(
  stem = 'orders',
  facts?: MachineFacts,
  more?: Partial<LockInfo>,
): Promise<'free' | JournalHolder> {
  const taken = await takeFolderLock(folder, stem, info(more), facts);
  if (taken.lock) held.push(taken.lock);
  return taken.lock ? 'free' : taken.holder;
}
/** A process that listens where a lock's holder would, ended or stopped by a signal. */
async function holder(name: string, signal: 'SIGKILL' | 'SIGSTOP'): Promise<() => void> {
  const child = spawn(
    process.execPath,
    [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(join(folder, name))}, () => console.log('listens'))`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  child.kill(signal);
  if (signal === 'SIGKILL') await once(child, 'exit');
  return () => void child.kill('SIGKILL');
}
const dead = 'orders.lock.0mx3hrs7o-b27088-ch9';

describe('J04: a lock beside a file', () => {
  it('is held by one, who says who it is, and is free when that one lets go', async () => {
    expect(
      await take('orders', undefined, {
        since: 5,
        adapter: 'topstepx',
        baseUrl: 'https://venue',
        scope: 'venue account 7',
      }),
    ).toBe('free');
    expect(await take()).toEqual({
      pid: process.pid,
      host: 'here',
      since: 5,
      adapter: 'topstepx',
      baseUrl: 'https://venue',
      scope: 'venue account 7',
      answers: true,
    });
    expect(await take('others')).toBe('free');
    expect(held[0]?.isSeen()).toBe(true);
    await held.shift()?.release();
    expect(await take()).toBe('free');
    for (const lock of held.splice(0)) await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('can be asked about by every user who can reach the folder', async () => {
    await take();
    const [name = ''] = readdirSync(folder);
    expect(statSync(join(folder, name)).mode & 0o666).toBe(0o666);
  });

  it('dies with its process, and goes to one of those who then come at once', async () => {
    await holder(dead, 'SIGKILL');
    expect(readdirSync(folder)).toEqual([dead]);
    const taken = await Promise.all(Array.from({ length: 8 }, () => take()));
    expect(taken.filter((one) => one === 'free')).toHaveLength(1);
    expect(taken.filter((one) => one !== 'free' && one.answers)).toHaveLength(7);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is held by a process that is stopped and says nothing, and the start does not hang', async () => {
    const end = await holder(dead, 'SIGSTOP');
    try {
      const began = performance.now();
      expect(await take()).toEqual({
        answers: false,
        pid: Number.parseInt('ch9', 36),
        since: Number.parseInt('0mx3hrs7o', 36),
      });
      expect(performance.now() - began).toBeLessThan(5_000);
    } finally {
      end();
    }
  });

  it('is waited for while its process is about to end', async () => {
    const server = createServer();
    server.listen(join(folder, dead));
    await once(server, 'listening');
    const taking = take();
    server.close();
    expect(await taking).toBe('free');
  });

  it('leaves what is no lock alone', async () => {
    const others = ['orders.lock.txt', 'orders.lock', 'orders.lock.0mx3hrs7o-b27088-chb'];
    for (const name of others) writeFileSync(join(folder, name), 'mine');
    expect(await take()).toBe('free');
    for (const lock of held.splice(0)) await lock.release();
    expect(readdirSync(folder).toSorted()).toEqual(others.toSorted());
  });

  it('sees when somebody has removed it', async () => {
    await take();
    for (const name of readdirSync(folder)) unlinkSync(join(folder, name));
    expect(held[0]?.isSeen()).toBe(false);
  });

  it('is not taken by one whose own socket was taken for dead before it listened', async () => {
    // A start of the same instant, which came later and gives way.
    const other = createServer((asker) => void asker.end('{"state":"starts"}\n'));
    const later = 'orders.lock.zzzzzzzzz-ffffff-1';
    other.listen(join(folder, later));
    await once(other, 'listening');
    const taking = take();
    const own = (): string[] => readdirSync(folder).filter((name) => name !== later);
    await expect.poll(own).toHaveLength(1);
    for (const name of own()) unlinkSync(join(folder, name));
    await new Promise((resolve) => void other.close(resolve));
    expect(await taking).toBe('free');
    expect([held[0]?.isSeen(), readdirSync(folder).length]).toEqual([true, 1]);
  });
});

describe('J04: a lock in a folder whose path is too long for a socket', () => {
  // By an open folder on Linux, by a link elsewhere.
  it.each<NodeJS.Platform>([...new Set<NodeJS.Platform>([process.platform, 'darwin'])])(
    'is held by one, as on %s',
    async (platform) => {
      const short = folder;
      folder = join(folder, ...Array.from({ length: 8 }, () => 'a-folder-of-a-long-name'));
      mkdirSync(folder, { recursive: true });
      const facts = { ...machineFacts(), platform };
      try {
        expect(await take('orders.journal', facts)).toBe('free');
        expect(await take('orders.journal', facts)).toMatchObject({
          answers: true,
          pid: process.pid,
        });
        // Both ways lead to the same place.
        expect(await take('orders.journal')).toMatchObject({ answers: true });
        expect(readdirSync(folder)).toHaveLength(1);
        await held.shift()?.release();
        expect(readdirSync(folder)).toEqual([]);
      } finally {
        folder = short;
      }
    },
  );

  it('has a stem that leaves room, whatever the name of the file is', () => {
    expect(stemOf('orders.journal')).toBe('orders.journal');
    expect([stemOf('x'.repeat(200)).length, stemOf('é'.repeat(40)).length]).toEqual([20, 20]);
    expect(stemOf('x'.repeat(200))).not.toBe(stemOf('x'.repeat(199)));
  });
});

describe('J04: a lock in a worker of a cluster', () => {
  const { isPrimary } = cluster;
  const inner = cluster as unknown as Record<string, unknown>;
  /** What the net module hands a worker's listening to. */
  const handOver = '_getServer';
  afterEach(() => {
    inner['isPrimary'] = isPrimary;
    Reflect.deleteProperty(inner, handOver);
  });

  it('is listened on by the worker itself: its primary would let every worker listen', async () => {
    let asked = 0;
    inner['isPrimary'] = false;
    inner[handOver] = () => void (asked += 1);
    expect(
      await Promise.race([
        take(),
        new Promise((resolve) => void setTimeout(() => resolve('handed over'), 500)),
      ]),
    ).toBe('free');
    expect(asked).toBe(0);
  });
});
