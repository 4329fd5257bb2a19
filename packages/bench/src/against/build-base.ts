import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface BuiltBase {
  readonly folder: string;
  readonly revision: string;
  /** Takes the checkout away again. */
  remove(): void;
}

const needed = ['@hotpath/core', '@hotpath/adapter-topstepx', '@hotpath/executor-fast'];

/** Checks a revision out into a temporary folder, installs what it needs by its own lockfile, and builds it. */
export function buildBase(root: string, revision: string): BuiltBase {
  const folder = join(mkdtempSync(join(tmpdir(), 'hotpath-base-')), 'checkout');
  const git = (...args: string[]): string => run('git', args, root);
  const whole = git('rev-parse', '--verify', `${revision}^{commit}`).trim();
  git('worktree', 'add', '--detach', folder, whole);
  const remove = (): void => {
    spawnSync('git', ['worktree', 'remove', '--force', folder], { cwd: root });
    rmSync(join(folder, '..'), { recursive: true, force: true });
  };
  try {
    run(process.execPath, ['scripts/setup.mjs'], folder);
    run(
      process.execPath,
      [
        'node_modules/turbo/bin/turbo',
        'run',
        'build',
        '--output-logs=errors-only',
        ...needed.map((name) => `--filter=${name}`),
      ],
      folder,
    );
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, revision: whole, remove };
}

function run(command: string, args: readonly string[], cwd: string): string {
  // turbo looks for pnpm there.
  const path = `${join(cwd, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: '1' },
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} ended with ${status ?? 'a signal'}:\n${stdout}${stderr}`,
    );
  return stdout;
}
