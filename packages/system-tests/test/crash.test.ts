// @runs-what-is-built
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, fileJournal } from '@hotpath/core';
import type { FaultRule } from '@hotpath/gateway-sim';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const minutes = 60_000;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'crash-'))));
afterEach(() => rmSync(folder, { recursive: true }));

// P24: killed after the journal line, with the order at the venue, on its way there, or nowhere.
describe.each(['fast', 'fallback'] as const)(
  'a bot killed with kill -9 while its order is under way through %s',
  (first) => {
    it.each<[string, FaultRule['fault'], string]>([
      ['and accepted', { kind: 'stall', at: 'after-accepting' }, 'accepted'],
      [
        'and accepted only after the restart',
        { kind: 'stall', at: 'before-accepting', forMs: 3000 },
        'accepted',
      ],
      ['and never accepted', { kind: 'stall', at: 'before-accepting' }, 'unknown'],
    ])(
      '%s, finds its end at the next start, and one order at most is at the venue',
      async (_name, fault, kind) => {
        await using gateway = await startGateway({
          priceStepMs: 0,
          rateLimit: { everythingElse: 'off' },
          faults: [{ endpoint: 'Order/place', nth: 1, fault }],
        });
        const journal = join(folder, 'orders.journal');
        const bot = spawn(
          process.execPath,
          [fileURLToPath(new URL('crash-bot.mjs', import.meta.url)), gateway.url, journal, first],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        const [said] = (await once(bot.stdout.setEncoding('utf8'), 'data')) as [string];
        const clientOrderId = said.trim();
        await expect
          .poll(() => Object.values(gateway.faults.counts()).map(({ struck }) => struck), {
            timeout: 10_000,
          })
          .toEqual([1]);
        bot.kill('SIGKILL');
        await once(bot, 'exit');

        const broker = await createBroker({
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
          settleMs: 2000,
        });
        try {
          await broker.whenRecovered();
          await expect
            .poll(
              () =>
                broker.intents({ open: true }).length === 0 ||
                broker.getIntent(clientOrderId)?.outcome?.kind === 'unknown',
              { timeout: 20_000 },
            )
            .toBe(true);
          await expect
            .poll(
              () => {
                const outcome = broker.getIntent(clientOrderId)?.outcome;
                return outcome?.kind === 'unknown' && !outcome.final ? 'open' : outcome?.kind;
              },
              { timeout: 30_000 },
            )
            .toBe(kind);
          const { orders } = gateway.truth();
          expect(orders.map(({ customTag }) => customTag)).toEqual(
            kind === 'accepted' ? [clientOrderId] : [],
          );
          // The bot tries again as it should after an unknown: under the same id.
          const again = await broker.placeLimitOrder({
            symbol: 'MNQ',
            side: 'buy',
            quantity: 1,
            limitPrice: 20_000,
            clientOrderId,
          });
          expect(again.kind).toBe('accepted');
          expect(gateway.truth().orders).toHaveLength(1);
        } finally {
          await broker.close();
        }
      },
      minutes,
    );
  },
);
