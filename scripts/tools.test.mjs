import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { npx, tool } from './tools.mjs';

describe('a tool of the workspace', () => {
  it.each(['pnpm', 'turbo', 'oxfmt', 'oxlint', 'publint', 'attw', 'changeset'])(
    '%s runs without a shell',
    (name) => {
      const { command, args } = tool(name, ['--version']);
      const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
      expect([command, status]).toEqual([process.execPath, 0]);
      expect(stdout).toMatch(/\d+\.\d+/);
    },
  );
});

describe('npx', () => {
  const windows = join('C:', 'Program Files', 'nodejs');
  const beside = join(windows, 'node_modules/npm/bin/npx-cli.js');

  it('is that of the npm that runs the script', () => {
    const npm = join('home', 'npm', 'bin');
    expect(
      npx(['a'], {
        environment: { npm_execpath: join(npm, 'npm-cli.js') },
        node: 'node',
        exists: () => true,
      }),
    ).toEqual({ command: 'node', args: [join(npm, 'npx-cli.js'), 'a'] });
  });

  it('is the one beside Node, as on Windows, also where another package manager runs the script', () => {
    const node = join(windows, 'node.exe');
    expect(
      npx(['a'], {
        environment: { npm_execpath: join('home', 'pnpm.cjs') },
        node,
        exists: (path) => path === beside,
      }),
    ).toEqual({ command: node, args: [beside, 'a'] });
  });

  it('is the one of the library folder, as on Linux and macOS', () => {
    const library = join('/usr/lib/node_modules/npm/bin/npx-cli.js');
    expect(
      npx(['a'], { environment: {}, node: '/usr/bin/node', exists: (path) => path === library }),
    ).toEqual({ command: '/usr/bin/node', args: [library, 'a'] });
  });

  it('is looked for on the path where there is none', () => {
    expect(npx(['a'], { environment: {}, exists: () => false })).toEqual({
      command: 'npx',
      args: ['a'],
    });
  });

  it('runs on this machine', () => {
    const { command, args } = npx(['--version']);
    expect(spawnSync(command, args, { encoding: 'utf8' }).stdout).toMatch(/^\d+\.\d+/);
  });
});
