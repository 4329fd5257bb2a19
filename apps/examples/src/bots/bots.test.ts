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

/** The venue says that it holds an order of this id, and shows none. */
const neverShown = {
  endpoint: 'Order/place',
  nth: 1,
  fault: { kind: 'answer', errorCode: 2, errorMessage: 'Custom tag already in use' },
} as const;
function configOf(baseUrl: string): string {
  return JSON.stringify({
    version: 1,
    adapter: { use: 'topstepx', options: { account: 'PRAC-V2-1001', baseUrl } },
    executors: {
      fast: { use: 'fast', options: { connections: 2 } },
      fallback: { use: 'fallback' },
      spare: { use: 'spare' },
    },
    routing: {
      version: 1,
      salt: '2026-w48',
      default: { fast: 10, fallback: 90, spare: 0 },
      rules: [{ match: { strategy: 'orb' }, weights: { spare: 100 } }],
    },
    journal: { file: './orders.journal' },
  });
}

describe('the example bots on the simulator', () => {
  it('the plain one enters, protects, and leaves flat', async () => {
    await runPlainBot(gateway.url, join(folder, 'orders.journal'), say);
    expect(said).toEqual(['exit accepted', 'left: flat']);
    expect(gateway.truth().positions).toEqual([]);
  });

  it('the plain one takes an unknown entry back and closes what it may hold', async () => {
    gateway.faults.add(neverShown);
    await runPlainBot(gateway.url, join(folder, 'orders.journal'), say);
    expect(said).toEqual(['the entry is unknown; cancel unknown, close accepted']);
    expect(gateway.truth().orders).toEqual([]);
  });

  it('the one on ccxt enters and leaves flat', async () => {
    await runCcxtBot(gateway.url, join(folder, 'orders.journal'), say);
    expect(said).toEqual(['in: breakout-1', 'left: closed']);
    expect(gateway.truth().positions).toEqual([]);
  });

  it('the one on ccxt says why there is no entry', async () => {
    gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'answer', errorCode: 3, errorMessage: 'Not enough margin' },
    });
    await runCcxtBot(gateway.url, join(folder, 'orders.journal'), say);
    expect(said).toEqual([expect.stringContaining('no entry: InsufficientFunds')]);
  });

  it('the one on ccxt takes an unknown entry back, and places it under no other id', async () => {
    gateway.faults.add(neverShown);
    await runCcxtBot(gateway.url, join(folder, 'orders.journal'), say);
    expect(said).toEqual(['the entry is unknown; RequestTimeout', 'left: closed']);
    expect(gateway.truth().orders).toEqual([]);
  });

  it('the configured one sends nothing more when an order is unknown, and leaves flat', async () => {
    writeFileSync(join(folder, 'hotpath.config.json'), configOf(gateway.url));
    gateway.faults.add(neverShown);
    await runConfiguredBot(join(folder, 'hotpath.config.json'), say);
    expect(said).toEqual(['unknown: cancel unknown', 'left: already-flat']);
    expect(gateway.truth().orders).toEqual([]);
  });

  it('the configured one trades through the executors that its file names', async () => {
    writeFileSync(join(folder, 'hotpath.config.json'), configOf(gateway.url));
    await runConfiguredBot(join(folder, 'hotpath.config.json'), say);
    expect(said).toEqual([...Array.from({ length: 5 }, () => 'accepted by spare'), 'left: flat']);
    expect(gateway.truth().positions).toEqual([]);
  });
});
