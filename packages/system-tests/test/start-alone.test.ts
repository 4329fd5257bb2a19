import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { workspaceRoot } from './document-snippets.ts';

beforeAll(() => {
  // The bot is a process of its own, so it runs what is built.
  const { status } = spawnSync(process.execPath, [join(workspaceRoot, 'scripts/setup.mjs'), '--build'], { cwd: workspaceRoot });
  if (status !== 0) throw new Error(`the build ended with ${status}`);
}, 300_000);

it('a bot that waits for its venue is not ended by the runtime, and ends by itself when its start has failed', () => {
  // Port 1 is nobody's.
  const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(new URL('start-alone-bot.mjs', import.meta.url)), 'http://127.0.0.1:1'], { encoding: 'utf8', timeout: 15_000 });
  expect([status, stdout]).toEqual([0, 'VENUE_UNREACHABLE']);
});
