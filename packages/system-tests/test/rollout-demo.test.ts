import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, EventMap, ExecutorPlugin, RampConfig } from '@hotpath/core';
import { createBroker, fileJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaultyProxy } from './faulty-proxy.ts';
import { startFaultyProxy } from './faulty-proxy.ts';
import { parseJson } from './parse-json.ts';

type Key = 'fast' | 'fallback';
type Change = EventMap<Key>['rollout.changed'];

let folder: string;
let gateway: Gateway;
let proxy: FaultyProxy;
/** The other executor takes the same way round, so that only the fault tells them apart. */
let other: FaultyProxy;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-rollout-'));
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
  proxy = await startFaultyProxy(gateway);
  other = await startFaultyProxy(gateway);
});
afterEach(async () => {
  await proxy.close();
  await other.close();
  await gateway.close();
  rmSync(folder, { recursive: true });
});

/** The same executor, whose way to the venue leads over the proxy. */
function over(url: string, plugin: ExecutorPlugin): ExecutorPlugin {
  return {
    ...plugin,
    setup: (context) =>
      plugin.setup({ ...context, endpoint: { ...context.endpoint, origin: new URL(url) } }),
  };
}

/** As editors do it: beside the file, then in its place. */
function edit(path: string, fast: number, ramp?: RampConfig<Key>): void {
  writeFileSync(
    `${path}.tmp`,
    JSON.stringify({
      version: 1,
      salt: 'demo',
      default: { fast, fallback: 100 - fast },
      ...(ramp && { ramp }),
    }),
  );
  renameSync(`${path}.tmp`, path);
}

/** Several strategies at once, each with one resting order after the other, until told to stop. Every outcome must be known in the end. */
function startTrading(broker: Broker<Key>): { stop(): Promise<ReadonlyMap<string, string>> } {
  const trading = { goesOn: true };
  const told = new Map<string, string>();
  const trade = async (): Promise<void> => {
    while (trading.goesOn) {
      const outcome = await broker.placeLimitOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        limitPrice: 20_000,
      });
      const settled =
        outcome.kind === 'unknown' && !outcome.final ? await outcome.resolved : outcome;
      told.set(outcome.clientOrderId ?? '', settled.kind);
    }
  };
  const running = Array.from({ length: 8 }, trade);
  return {
    async stop() {
      trading.goesOn = false;
      await Promise.all(running);
      return told;
    },
  };
}

it('a running bot goes from 1 % to 100 % by edits and by ramp, and back by a slow server and by lost answers, all in events and journal', async () => {
  const routing = join(folder, 'routing.json');
  const journal = join(folder, 'orders.journal');
  edit(routing, 1);
  const broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
      rateLimit: 'off',
    }),
    executors: {
      fast: over(proxy.url, fastExecutor()),
      fallback: over(other.url, fallbackExecutor()),
    },
    routing,
    journal: fileJournal(journal),
  });
  const changes: Change[] = [];
  let wake = (): void => {};
  broker.on('rollout.changed', (change) => {
    if (change.executor !== 'fast') return;
    changes.push(change);
    wake();
  });
  let read = 0;
  const next = async (): Promise<Change | undefined> => {
    while (changes.length <= read) await new Promise<void>((resolve) => (wake = resolve));
    return changes[read++];
  };

  const trading = startTrading(broker);
  let told: ReadonlyMap<string, string>;
  try {
    edit(routing, 25);
    expect(await next()).toMatchObject({ cause: 'table', fromPercent: 1, toPercent: 25 });
    edit(routing, 100);
    expect(await next()).toMatchObject({ cause: 'table', fromPercent: 25, toPercent: 100 });

    // What is slower by less than 80 ms is not held against it here: the machine that runs this may be busy.
    edit(routing, 100, {
      executor: 'fast',
      steps: [1, 25, 50, 100],
      minDwell: '20ms',
      minSamples: 59,
      guards: { minExcess: '80ms' },
    });
    expect(await next()).toMatchObject({ cause: 'begun', fromPercent: 100, toPercent: 1 });
    expect(await next()).toMatchObject({ cause: 'advanced', fromPercent: 1, toPercent: 25 });
    expect(await next()).toMatchObject({ cause: 'advanced', fromPercent: 25, toPercent: 50 });
    // An order that the stream has told of leaves its connection waiting for a late answer: the next ones find none free, so either may show first.
    proxy.delayMs = 250;
    expect(await next()).toMatchObject({
      cause: 'guard',
      fromPercent: 50,
      toPercent: 25,
      because: expect.stringMatching(/^The p95 of (total|client overhead) is/),
      evidence: { guard: expect.stringMatching(/^(total|overhead)-p95$/) },
    });
    proxy.delayMs = 0;
    expect(await next()).toMatchObject({ cause: 'advanced', toPercent: 50 });
    expect(await next()).toMatchObject({ cause: 'advanced', toPercent: 100 });
    expect(broker.metrics().rollout.weights).toEqual({ fast: 100, fallback: 0 });
    proxy.loseEvery = 3;
    expect(await next()).toMatchObject({
      fromPercent: 100,
      toPercent: 50,
      cause: expect.stringMatching(/guard|tripped/),
    });
    proxy.loseEvery = 0;
  } finally {
    told = await trading.stop();
    await broker.close();
  }
  const reported = changes.map(({ cause, fromPercent, toPercent, because }) => ({
    cause,
    fromPercent,
    toPercent,
    because,
  }));
  const lines = readFileSync(journal, 'utf8')
    .trim()
    .split('\n')
    .map((line) => parseJson(line) as { kind: string; executor?: string });
  expect(
    lines.filter(({ kind, executor }) => kind === 'rollout' && executor === 'fast'),
  ).toMatchObject(reported);
  expect(lines.some(({ kind }) => kind === 'rollout-window')).toBe(true);

  // Whatever became of the percentages, every order is at the venue once, and the bot was told so.
  const tags = gateway.truth().orders.map(({ customTag }) => customTag);
  expect(new Set(tags).size).toBe(tags.length);
  expect([...told.values()].every((kind) => kind === 'accepted')).toBe(true);
  expect(told.size).toBe(tags.length);
}, 180_000);
