// @runs-what-is-built
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker } from '@hotpath/core';
import { createBroker, fileJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const minutes = 60_000;
const quiet = { priceStepMs: 0, rateLimit: { everythingElse: 'off' } } as const;
let folder: string;
let journal: string;
const bots: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  journal = join(folder, 'orders.journal');
});
afterEach(() => {
  for (const bot of bots.splice(0)) bot.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function startBot(url: string, startWithinMs: number): ChildProcess {
  const bot = fork(
    fileURLToPath(new URL('starting-bot.mjs', import.meta.url)),
    [url, journal, String(startWithinMs)],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] },
  );
  bots.push(bot);
  return bot;
}
const said = (bot: ChildProcess): Promise<object> =>
  new Promise((resolve, reject) => {
    bot.once('message', (message) => resolve(Object(message)));
    bot.once('exit', (code) => reject(new Error(`the bot ended with ${code}`)));
  });

const connect = (url: string): Promise<Broker> =>
  createBroker<string>({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: url,
    }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: { version: 1, salt: 'start', default: { fast: 100, fallback: 0 } },
    journal: fileJournal(journal),
  });

/** A venue where this journal's bot has an order working and a position. */
async function venueWithOrders(): Promise<Awaited<ReturnType<typeof startGateway>>> {
  const gateway = await startGateway(quiet);
  const broker = await connect(gateway.url);
  expect(await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 2 })).toMatchObject({
    kind: 'accepted',
  });
  expect(
    await broker.placeLimitOrder({ symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 10_000 }),
  ).toMatchObject({ kind: 'accepted' });
  await broker.close();
  return gateway;
}

describe('a bot whose venue is away', () => {
  it(
    'is halted, killed with kill -9, and started again: it is halted, and gets out of what it held',
    async () => {
      await using gateway = await venueWithOrders();
      const id = gateway.faults.add({ fault: { kind: 'refuse' } });
      const bot = startBot(gateway.url, Infinity);
      expect(await said(bot)).toEqual({ isStarting: true, isHalted: false });
      bot.send('halt');
      expect(await said(bot)).toEqual({ recorded: true, isHalted: true });
      bot.kill('SIGKILL');
      await once(bot, 'exit');
      gateway.faults.remove(id);

      await using broker = await connect(gateway.url);
      expect(broker.isHalted).toBe(true);
      expect(
        await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }),
      ).toMatchObject({ kind: 'not-sent', code: 'HALTED' });
      await expect
        .poll(
          () => [
            gateway.truth().orders.filter(({ status }) => status === 1).length,
            gateway.truth().positions.length,
          ],
          { timeout: 15_000 },
        )
        .toEqual([0, 0]);
    },
    minutes,
  );

  it(
    'is halted and its venue comes back: nothing enters, and what it held is closed',
    async () => {
      await using gateway = await venueWithOrders();
      const id = gateway.faults.add({ fault: { kind: 'refuse' } });
      const bot = startBot(gateway.url, Infinity);
      await said(bot);
      bot.send('halt');
      await said(bot);
      gateway.faults.remove(id);
      await expect
        .poll(
          () => [
            gateway.truth().orders.filter(({ status }) => status === 1).length,
            gateway.truth().positions.length,
          ],
          { timeout: 20_000 },
        )
        .toEqual([0, 0]);
    },
    minutes,
  );

  it.each(['limit', 'abort'])(
    'ends by itself when its start has failed by its %s, and holds its journal no more',
    async (by) => {
      const bot = startBot(`http://127.0.0.1:${await freePort()}`, by === 'limit' ? 800 : Infinity);
      let output = '';
      bot.stdout?.on('data', (chunk) => (output += String(chunk)));
      await said(bot);
      if (by === 'abort') bot.send('abort');
      const [code] = (await once(bot, 'exit')) as [number];
      expect(code).toBe(0);
      expect(JSON.parse(output)).toMatchObject({
        code: by === 'limit' ? 'VENUE_UNREACHABLE' : 'START_ABORTED',
      });
      await using gateway = await startGateway(quiet);
      await (await connect(gateway.url)).close();
    },
  );

  it("is told at once that its journal is another broker's", async () => {
    await using gateway = await startGateway(quiet);
    await using first = await connect(gateway.url);
    const begun = performance.now();
    const second = createBroker({
      adapter: topstepx({
        userName: 'demo',
        apiKey: 'demo-key',
        account: 'PRAC-V2-1001',
        baseUrl: `http://127.0.0.1:${await freePort()}`,
      }),
      executors: { fast: fastExecutor() },
      routing: { version: 1, salt: 'start', default: { fast: 100 } },
      journal: fileJournal(journal),
    });
    await expect(second).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' });
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(first.isHalted).toBe(false);
  });
});
