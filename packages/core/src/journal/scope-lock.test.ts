import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScopeLock } from './scope-lock.ts';
import { lockScope, socketOf } from './scope-lock.ts';

const held: ScopeLock[] = [];
afterEach(async () => {
  for (const lock of held.splice(0)) await lock.release();
});
let scopes = 0;
const newScope = (): string => `scope ${process.pid} ${(scopes += 1)}`;
async function take(scope: string, platform: NodeJS.Platform): Promise<boolean> {
  const lock = await lockScope(scope, platform);
  if (lock) held.push(lock);
  return lock !== undefined;
}
/** What a process leaves behind that is killed while it holds the lock. */
async function killHolder(path: string): Promise<void> {
  const child = spawn(process.execPath, ['-e', `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`]);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect([code, signal]).toEqual([null, 'SIGKILL']);
}

// This system's own way, and the one by a file.
const platforms = [...new Set<NodeJS.Platform>([process.platform, 'darwin'])];

describe.each(platforms)('J04: the lock of a scope, as on %s', (platform) => {
  it('is held by one, and free when that one lets go', async () => {
    const scope = newScope();
    expect([await take(scope, platform), await take(scope, platform), await take(newScope(), platform)]).toEqual([true, false, true]);
    await held.shift()?.release();
    expect(await take(scope, platform)).toBe(true);
  });

  it('dies with its process, and goes to one of those who then come at once', async () => {
    const scope = newScope();
    await killHolder(socketOf(scope, platform).path);
    const taken = await Promise.all(Array.from({ length: 6 }, () => take(scope, platform)));
    expect(taken.filter((is) => is)).toHaveLength(1);
    expect(await take(scope, platform)).toBe(false);
  });
});

it('J04: a start that was killed while it took a dead lock away holds up the next for seconds only', async () => {
  const scope = newScope();
  const { path } = socketOf(scope, 'darwin');
  await killHolder(path);
  const guard = `${path}.taking`;
  writeFileSync(guard, '');
  expect(await take(scope, 'darwin')).toBe(false);
  utimesSync(guard, 1, 1);
  expect(await take(scope, 'darwin')).toBe(true);
  await held.shift()?.release();
  expect(readdirSync(dirname(path)).filter((name) => name.startsWith(basename(path)))).toEqual([]);
});
