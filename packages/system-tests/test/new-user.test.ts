import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippetsOf, workspaceRoot } from './document-snippets.ts';

const minutes = 60_000;
/** Where somebody keeps Hotpath's folder and bots beside it. */
let folder: string;

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_prefer_offline: 'true',
    },
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} ended with ${status ?? 'a signal'}:\n${stdout}\n${stderr}`,
    );
  return stdout;
}
/** The commands of a document, in order. */
function commandsOf(path: string): string[] {
  return [
    ...readFileSync(join(workspaceRoot, path), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm),
  ].map(([, code = '']) => code);
}
/** An empty folder of a bot, with what the document says to install. On any free port: the one of the document may be taken here. */
function install(name: string, path: string, commands: readonly string[], file: string): string {
  const bot = join(folder, name);
  mkdirSync(bot);
  for (const command of commands) run('bash', ['-e', '-c', command], bot);
  writeFileSync(
    join(bot, file),
    (snippetsOf(path)[0]?.code ?? '').replace('port: 8787', 'port: 0'),
  );
  return bot;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-user-'));
  run(process.execPath, [join(workspaceRoot, 'scripts/setup.mjs'), '--build'], workspaceRoot);
  mkdirSync(join(folder, 'hotpath'));
  run(
    process.execPath,
    [join(workspaceRoot, 'scripts/pack.mjs'), join(folder, 'hotpath/packed')],
    workspaceRoot,
  );
  symlinkSync(join(workspaceRoot, 'tools'), join(folder, 'hotpath/tools'));
}, 5 * minutes);
afterAll(() => rmSync(folder, { recursive: true }));

describe('somebody who follows a README word by word has a bot that trades on the simulator', () => {
  it(
    'with ccxt',
    () => {
      const path = 'packages/host-ccxt/README.md';
      const bot = install('ccxt-bot', path, commandsOf(path), 'bot.js');
      const printed = run(process.execPath, ['bot.js'], bot);
      expect(printed).toMatch(/^order \d+ filled at [\d.]+\ncontracts held: 1\n$/);
    },
    3 * minutes,
  );

  it(
    'with backtest-kit, where the registry has not got its newest small dependencies',
    async () => {
      const path = 'packages/host-backtest-kit/README.md';
      const [first = [], ...more] = commandsOf(path).map((block) => block.trimEnd().split('\n'));
      const [begin = '', ...others] = first;
      // The install of the first block works where the registry has them all; here the second block stands for it.
      expect(others).toEqual([
        expect.stringMatching(/^npm install backtest-kit \.\.\/hotpath\/packed\/\*\.tgz/),
      ]);
      const bot = install(
        'backtest-kit-bot',
        path,
        [begin, ...more.map((lines) => lines.join('\n'))],
        'bot.mjs',
      );
      const child = spawn(process.execPath, ['bot.mjs'], {
        cwd: bot,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      const said: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => void said.push(line));
      try {
        await expect.poll(() => said, { timeout: minutes }).toContain('opened');
        child.kill('SIGINT');
        expect(await exited).toEqual([0, null]);
      } finally {
        child.kill('SIGKILL');
      }
    },
    4 * minutes,
  );
});
