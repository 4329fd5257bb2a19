// @runs-what-is-built
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, fileJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { FaultRule } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, expect, it } from 'vitest';

const minutes = 60_000;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'own-oco-kill-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it.each<[string, number, FaultRule['fault']]>([
  ['its stop is at the venue and the answer is not', 2, { kind: 'stall', at: 'after-accepting' }],
  ['its stop never arrives', 2, { kind: 'stall', at: 'before-accepting' }],
  ['its target is at the venue and the answer is not', 3, { kind: 'stall', at: 'after-accepting' }],
  ['its target never arrives', 3, { kind: 'stall', at: 'before-accepting' }],
])(
  'a bot killed with kill -9 while %s has one stop and one target after the next start',
  async (_name, nth, fault) => {
    await using gateway = await startGateway({
      priceStepMs: 0,
      rateLimit: { everythingElse: 'off' },
      faults: [{ endpoint: 'Order/place', nth, fault }],
    });
    const journal = join(folder, 'orders.journal');
    const bot = spawn(
      process.execPath,
      [fileURLToPath(new URL('own-oco-bot.mjs', import.meta.url)), gateway.url, journal],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = (await once(bot.stdout.setEncoding('utf8'), 'data')) as [string];
    expect(said.trim()).toBe('accepted');
    await expect
      .poll(() => Object.values(gateway.faults.counts()).map(({ struck }) => struck), {
        timeout: 10_000,
      })
      .toEqual([1]);
    bot.kill('SIGKILL');
    await once(bot, 'exit');

    await using broker = await createBroker({
      adapter: topstepx({
        userName: 'demo',
        apiKey: 'demo-key',
        account: 'PRAC-V2-1001',
        baseUrl: gateway.url,
        rateLimit: 'off',
      }),
      executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
      routing: { version: 1, salt: 'crash', default: { fast: 50, fallback: 50 } },
      journal: fileJournal(journal),
      ownOco: { whenUnprotected: 'leave' },
      settleMs: 1000,
    });
    await broker.whenRecovered();
    const working = (): string[] =>
      gateway
        .truth()
        .orders.filter(({ status }) => status === 1)
        .map(({ customTag, size }) => `${customTag ?? ''} ${size}`)
        .toSorted();
    await expect.poll(working, { timeout: 30_000 }).toEqual(['entry-1_s1 2', 'entry-1_t1 2']);
    expect(gateway.truth().orders.map(({ customTag }) => customTag)).toEqual([
      'entry-1',
      'entry-1_s1',
      'entry-1_t1',
    ]);
    // The close takes both with it, in the new process as in the old.
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({ became: 'flat' });
    expect(working()).toEqual([]);
  },
  minutes,
);
