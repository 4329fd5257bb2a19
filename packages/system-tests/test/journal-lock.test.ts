// @runs-what-is-built
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

const minutes = 60_000;
let folder: string;
let path: string;
const bots: ChildProcess[] = [];
beforeEach(() => {
  account += 1;
  folder = mkdtempSync(join(tmpdir(), 'journal-lock-'));
  path = join(folder, 'orders.journal');
});
afterEach(async () => {
  for (const bot of bots.splice(0)) await ended(bot, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  readonly is: 'open' | 'refused';
  readonly code?: string;
  readonly message?: string;
  readonly holder?: { readonly pid?: number; readonly host?: string; readonly answers: boolean };
}
const bot = fileURLToPath(new URL('journal-holder.mjs', import.meta.url));
let account = 0;

/** Starts a bot on the file, by a command around it or as something else than a process. */
function begin(
  as = 'itself',
  command: readonly string[] = [],
  options: SpawnOptions = {},
  at: string = path,
): ChildProcess {
  const [program, ...before] = [...command, process.execPath];
  const child = spawn(
    program ?? process.execPath,
    [...before, bot, at, `account ${process.pid} ${account}`, as],
    { stdio: ['pipe', 'pipe', 'inherit'], ...options },
  );
  bots.push(child);
  return child;
}
async function wordOf(child: ChildProcess): Promise<Told> {
  let text = '';
  child.stdout?.setEncoding('utf8');
  while (!text.includes('\n')) text += ((await once(child.stdout ?? child, 'data')) as [string])[0];
  return parseJson(text) as Told;
}
async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}
const refused = (first: ChildProcess) => ({
  is: 'refused',
  code: 'JOURNAL_LOCKED',
  message: expect.stringContaining(`journal ${path} is in use`),
  holder: {
    pid: first.pid,
    host: hostname(),
    adapter: 'topstepx',
    baseUrl: 'https://venue',
    answers: true,
  },
});

describe('J04: a second bot on the journal of one that runs', () => {
  it('is refused, whichever process it is, and told who has it; and starts at once when that one has been killed', async () => {
    const first = begin();
    expect(await wordOf(first)).toEqual({ is: 'open' });
    const told = await wordOf(begin());
    expect(told).toMatchObject(refused(first));
    expect(told.message).toContain(`process ${first.pid} on host "${hostname()}" holds it since`);
    await ended(first, 'SIGKILL');
    expect(await wordOf(begin())).toEqual({ is: 'open' });
  });

  it('is refused as a worker of a cluster, and so is one beside a worker', async () => {
    expect(await wordOf(begin('worker'))).toEqual({ is: 'open' });
    expect(await wordOf(begin('worker'))).toMatchObject({ code: 'JOURNAL_LOCKED' });
    expect(await wordOf(begin())).toMatchObject({ code: 'JOURNAL_LOCKED' });
  });

  it('is refused as a thread', async () => {
    const first = begin('thread');
    expect(await wordOf(first)).toEqual({ is: 'open' });
    expect(await wordOf(begin('thread'))).toMatchObject(refused(first));
  });

  it('is refused while the first one is stopped, without hanging, and starts once that one is gone', async () => {
    const first = begin();
    await wordOf(first);
    first.kill('SIGSTOP');
    const began = performance.now();
    const told = await wordOf(begin());
    expect(told).toMatchObject({
      code: 'JOURNAL_LOCKED',
      holder: { pid: first.pid, answers: false },
    });
    // The account stands in the file, which a process that is stopped need not tell.
    expect(told.message).toContain(`account ${process.pid} `);
    expect(performance.now() - began).toBeLessThan(10_000);
    await ended(first, 'SIGKILL');
    expect(await wordOf(begin())).toEqual({ is: 'open' });
  });

  it(
    'is one of many that start at the same instant after a kill: one of them trades',
    async () => {
      const first = begin();
      await wordOf(first);
      await ended(first, 'SIGKILL');
      const words = await Promise.all(Array.from({ length: 6 }, () => wordOf(begin())));
      expect(words.filter(({ is }) => is === 'open')).toHaveLength(1);
      expect(words.filter(({ code }) => code === 'JOURNAL_LOCKED')).toHaveLength(5);
      expect(readdirSync(folder).filter((name) => name.includes('.lock.'))).toHaveLength(1);
    },
    2 * minutes,
  );

  it('of the same account, with another journal, is refused as well, also as a worker of a cluster', async () => {
    const first = begin();
    expect(await wordOf(first)).toEqual({ is: 'open' });
    for (const as of ['itself', 'worker']) {
      expect(await wordOf(begin(as, [], {}, join(folder, `${as}.journal`)))).toMatchObject({
        code: 'JOURNAL_LOCKED',
        message: expect.stringContaining('with another journal'),
        holder: { pid: first.pid },
      });
    }
  });
});

// What a container is made of: a network of its own over the same files. Where the system lets a user make one.
const container = [
  ['unshare', '-n'],
  ['unshare', '-rn'],
].find(([program = '', ...args]) => spawnSync(program, [...args, 'true']).status === 0);
const isRoot = process.getuid?.() === 0;

describe('J04: a second bot on the same folder', () => {
  it.runIf(container !== undefined)('is refused from another container', async () => {
    expect(await wordOf(begin('itself', container))).toEqual({ is: 'open' });
    expect(await wordOf(begin('itself', container))).toMatchObject({ code: 'JOURNAL_LOCKED' });
    expect(await wordOf(begin())).toMatchObject({ code: 'JOURNAL_LOCKED' });
  });

  it.runIf(isRoot)('is refused as another user', async () => {
    chmodSync(folder, 0o777);
    const first = begin();
    expect(await wordOf(first)).toEqual({ is: 'open' });
    expect(await wordOf(begin('nobody'))).toMatchObject(refused(first));
    await ended(first, 'SIGKILL');
    // Nor is what is another user's opened, though nobody has it.
    expect(await wordOf(begin('nobody'))).toMatchObject({ is: 'refused', code: 'JOURNAL_FAILED' });
  });

  it.runIf(isRoot)('is refused when the file alone is mounted in another place', async () => {
    writeFileSync(path, '');
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'orders.journal'), '');
    const mounted = [
      'unshare',
      '-m',
      'sh',
      '-c',
      `mount --bind ${path} ${join(elsewhere, 'orders.journal')} && exec "$0" "$@"`,
    ];
    expect(
      await wordOf(begin('itself', mounted, {}, join(elsewhere, 'orders.journal'))),
    ).toMatchObject({
      is: 'refused',
      code: 'JOURNAL_FAILED',
      message: expect.stringContaining('is mounted by itself'),
    });
  });
});
