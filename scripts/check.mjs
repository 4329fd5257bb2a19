// Runs everything a change must pass. `--without tests` (repeatable) leaves out a step that ran already.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chosenSteps } from './check-steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
};

for (const { name, command, args } of stepsOrUsage()) {
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

function stepsOrUsage() {
  try {
    return chosenSteps(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return process.exit(2);
  }
}
