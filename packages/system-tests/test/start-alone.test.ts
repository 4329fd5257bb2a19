// @runs-what-is-built
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('a bot that waits for its venue is not ended by the runtime, and ends by itself when its start has failed', () => {
  // Port 1 is nobody's.
  const { status, stdout } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('start-alone-bot.mjs', import.meta.url)), 'http://127.0.0.1:1'],
    { encoding: 'utf8', timeout: 15_000 },
  );
  expect([status, stdout]).toEqual([0, 'VENUE_UNREACHABLE']);
});
