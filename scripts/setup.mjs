// Makes a bare clone runnable: installs the lockfile when node_modules is older than it, and builds on request.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npx, tool } from './tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const modifiedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Standard output belongs to the command that follows (`npm run demo -- --json`), so all of ours goes to standard error. */
function run({ command, args }, cwd) {
  // turbo looks for pnpm on PATH, and the one it must find is the workspace's own.
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
  };
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const marker = join(root, 'node_modules/.modules.yaml');
const installed = modifiedAt(marker);
const wanted = Math.max(
  modifiedAt(join(root, 'pnpm-lock.yaml')),
  modifiedAt(join(root, 'pnpm-workspace.yaml')),
);
if (installed <= wanted) {
  console.error('Installing dependencies …');
  // Started outside the repository: inside it, npx would run the copy in node_modules, which an install may have to replace.
  run(
    npx([
      '--yes',
      manifest.packageManager,
      '--dir',
      root,
      'install',
      '--frozen-lockfile',
      '--reporter=append-only',
    ]),
    tmpdir(),
  );
  // pnpm leaves the marker alone when nothing was missing; touched, it keeps the next command from asking again.
  const now = new Date();
  utimesSync(marker, now, now);
}

if (process.argv.includes('--build')) {
  run(tool('turbo', ['run', 'build', '--output-logs=errors-only', '--log-order=grouped']), root);
}
