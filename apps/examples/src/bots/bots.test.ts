import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCcxtBot } from './ccxt-bot.ts';
import { runConfiguredBot } from './configured-bot.ts';
import { runPlainBot } from './plain-bot.ts';

let gateway: Gateway;
let folder: string;
const said: string[] = [];
const say = (line: string): void => void said.push(line);

beforeEach(async () => {
  gateway = await startGateway({ priceStepMs: 0 });
  folder = mkdtempSync(join(tmpdir(), 'hotpath-bots-'));
  said.length = 0;
  vi.stubEnv('TOPSTEPX_USERNAME', 'demo');
  vi.stubEnv('TOPSTEPX_API_KEY', 'demo-key');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await gateway.close();
});

describe('the example bots on the simulator', () => {
  it('the plain one enters, protects, and leaves flat', async () => {
    await runPlainBot(gateway.url, join(folder, 'orders.journal'), say);
    expect(said).toEqual(['exit accepted', 'left: flat']);
    expect(gateway.truth().positions).toEqual([]);
  });

  it('the one on ccxt enters and leaves flat', async () => {
    await runCcxtBot(gateway.url, join(folder, 'orders.journal'), say);
    expect(said).toEqual(['in: breakout-1', 'left: closed']);
    expect(gateway.truth().positions).toEqual([]);
  });

  it('the one on ccxt says why there is no entry', async () => {
    gateway.faults.add({ endpoint: 'Order/place', nth: 1, fault: { kind: 'answer', errorCode: 3, errorMessage: 'Not enough margin' } });
    await runCcxtBot(gateway.url, join(folder, 'orders.journal'), say);
    expect(said).toEqual([expect.stringContaining('no entry: InsufficientFunds')]);
  });

  it('the one on ccxt takes an unknown entry back, and places it under no other id', async () => {
    // The venue says that it holds an order of this id, and shows none.
    gateway.faults.add({ endpoint: 'Order/place', nth: 1, fault: { kind: 'answer', errorCode: 2, errorMessage: 'Custom tag already in use' } });
    await runCcxtBot(gateway.url, join(folder, 'orders.journal'), say);
    expect(said).toEqual(['the entry is unknown; RequestTimeout', 'left: closed']);
    expect(gateway.truth().orders).toEqual([]);
  });

  it('the configured one trades through the executors that its file names', async () => {
    const config = {
      version: 1,
      adapter: { use: 'topstepx', options: { account: 'PRAC-V2-1001', baseUrl: gateway.url } },
      executors: { fast: { use: 'fast', options: { connections: 2 } }, fallback: { use: 'fallback' }, spare: { use: 'spare' } },
      routing: { version: 1, salt: '2026-w48', default: { fast: 10, fallback: 90, spare: 0 }, rules: [{ match: { strategy: 'orb' }, weights: { spare: 100 } }] },
      journal: { file: './orders.journal' },
    };
    writeFileSync(join(folder, 'hotpath.config.json'), JSON.stringify(config));
    await runConfiguredBot(join(folder, 'hotpath.config.json'), say);
    expect(said).toEqual([...Array.from({ length: 5 }, () => 'accepted by spare'), 'left: flat']);
    expect(gateway.truth().positions).toEqual([]);
  });
});
