import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { machineFacts } from '../../machine/machine-facts.ts';
import type { Lock } from './folder-lock.ts';
import type { JournalHolder, LockInfo } from './lock-info.ts';
import { takeUserLock } from './user-lock.ts';

const held: Lock[] = [];
afterEach(async () => {
  for (const lock of held.splice(0)) await lock.release();
});
let scopes = 0;
const newScope = (): string => `scope ${process.pid} ${(scopes += 1)}`;
const info = (): LockInfo => ({ pid: process.pid, host: 'here', since: 5 });
async function take(scope: string, platform: NodeJS.Platform): Promise<'free' | JournalHolder> {
  const taken = await takeUserLock(scope, info, { ...machineFacts(), platform });
  if (taken.lock) held.push(taken.lock);
  return taken.lock ? 'free' : taken.holder;
}

// This system's own way, and the one by a folder.
describe.each([...new Set<NodeJS.Platform>([process.platform, 'darwin'])])(
  'J04: the lock of an account, as on %s',
  (platform) => {
    it('is held by one, who says who it is, and free when that one lets go', async () => {
      const scope = newScope();
      expect(await take(scope, platform)).toBe('free');
      expect(await take(scope, platform)).toEqual({ ...info(), answers: true });
      expect(await take(newScope(), platform)).toBe('free');
      await held.shift()?.release();
      expect(await take(scope, platform)).toBe('free');
    });

    it('goes to one of those who come at once', async () => {
      const scope = newScope();
      const taken = await Promise.all(Array.from({ length: 6 }, () => take(scope, platform)));
      expect(taken.filter((one) => one === 'free')).toHaveLength(1);
    });
  },
);

it.runIf(process.platform === 'linux')(
  'J04: the lock of an account is held by a process that is stopped, and free once it is killed',
  async () => {
    const scope = newScope();
    // Under the name that a broker would take.
    const { createHash } = await import('node:crypto');
    const name = `\\0hotpath-journal-${process.getuid?.()}-${createHash('sha256').update(scope).digest('hex').slice(0, 16)}`;
    const child = spawn(
      process.execPath,
      ['-e', `require('node:net').createServer().listen('${name}', () => console.log('listens'))`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    child.kill('SIGSTOP');
    expect(await take(scope, 'linux')).toEqual({ answers: false });
    child.kill('SIGKILL');
    expect(await take(scope, 'linux')).toBe('free');
  },
);
