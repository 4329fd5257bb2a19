import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startBacktestKitBot } from './backtest-kit-bot.ts';

const startedIn = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-backtest-kit-'));
  // The engine keeps its own state below the working folder.
  process.chdir(folder);
  vi.stubEnv('TOPSTEPX_USERNAME', 'demo');
  vi.stubEnv('TOPSTEPX_API_KEY', 'demo-key');
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.chdir(startedIn);
  rmSync(folder, { recursive: true });
});

it('the backtest-kit bot enters through the broker, its answer lost and found, and leaves flat', async () => {
  await using gateway = await startGateway({
    faults: [{ endpoint: 'Order/place', nth: 1, fault: { kind: 'reset', at: 'after-accepting' } }],
  });
  const said: string[] = [];
  const stop = await startBacktestKitBot(gateway.url, folder, (line) => void said.push(line));
  await expect.poll(() => said, { timeout: 15_000 }).toContain('opened');
  expect(gateway.truth().positions).toHaveLength(1);
  expect(gateway.truth().orders).toHaveLength(1);
  await stop();
  expect(said).toContain('flat: true');
  expect(gateway.truth().positions).toEqual([]);
}, 60_000);
