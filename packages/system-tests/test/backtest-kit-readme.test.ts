// @runs-what-is-built
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { snippetsOf, workspaceRoot } from './document-snippets.ts';

const minutes = 60_000;
/** Inside this package, so that the bot's imports resolve as a reader's would. */
const folder = join(
  workspaceRoot,
  'packages/system-tests/.documents',
  `backtest-kit-${process.pid}`,
);

it(
  'the bot of the README of host-backtest-kit opens a position, and ends when it is told to',
  async () => {
    const [bot, ...others] = snippetsOf('packages/host-backtest-kit/README.md');
    expect([bot?.language, others]).toEqual(['js', []]);
    mkdirSync(folder, { recursive: true });
    // On any free port: the one of the document may be taken here.
    writeFileSync(join(folder, 'bot.mjs'), (bot?.code ?? '').replace('port: 8787', 'port: 0'));
    const child = spawn(process.execPath, ['bot.mjs'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    const exited = once(child, 'exit');
    try {
      createInterface({ input: child.stderr }).on('line', (line) => void said.push(line));
      createInterface({ input: child.stdout }).on('line', (line) => void said.push(line));
      await expect
        .poll(() => (said.includes('opened') ? 'opened' : said.join('\n')), { timeout: minutes })
        .toBe('opened');
      child.kill('SIGINT');
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  },
  2 * minutes,
);
