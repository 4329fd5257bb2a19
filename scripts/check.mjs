// Everything a change must pass, in the order in which a fault is cheapest to find.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`, TURBO_TELEMETRY_DISABLED: '1' };
/** @type {readonly (readonly [name: string, command: string, args: readonly string[]])[]} */
const steps = [
  ['boundaries', process.execPath, ['scripts/check-boundaries.mjs']],
  ['build', 'turbo', ['run', 'build', '--output-logs=errors-only']],
  ['types', 'turbo', ['run', 'typecheck', '--output-logs=errors-only']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['API reports', process.execPath, ['scripts/api-report.mjs', '--check']],
  ['packages', process.execPath, ['scripts/check-packages.mjs']],
  ['tests', process.execPath, ['scripts/test.mjs']],
  // Fails when it does not run or prints no figure, never for a figure: other work on the machine changes those.
  ['quick bench', process.execPath, ['packages/bench/dist/main.js', '--quick']],
];

for (const [name, command, args] of steps) {
  const startedAt = Date.now();
  console.log(`\n── ${name}`);
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) {
    console.error(`check failed at: ${name}`);
    process.exit(status ?? 1);
  }
  console.log(`   ${name} ok, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}
