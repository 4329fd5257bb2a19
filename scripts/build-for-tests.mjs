import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds once for all tests that start processes of their own. */
export function setup() {
  const { status } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('setup.mjs', import.meta.url)), '--build'],
    { stdio: 'inherit' },
  );
  if (status !== 0) throw new Error(`the build ended with ${status}`);
}
