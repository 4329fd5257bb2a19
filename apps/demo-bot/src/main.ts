import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, fileJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { OrderTruth } from '@hotpath/gateway-sim';
import { Ledger } from './ledger.ts';
import { LiveTable } from './live-table.ts';
import { closingLines, jsonReport, tableLines } from './report.ts';
import { fastPercents, RolloutSteps } from './rollout-steps.ts';
import { startGatewayProcess } from './start-gateway-process.ts';
import { tradeOnce } from './trade-symbol.ts';
import { checkVenue, isExact } from './venue-check.ts';

const symbols = ['MNQ', 'MES', 'MCL'] as const;
const ratioNote =
  'ratio: median of fallback ÷ median of fast, call to end of answer, one run, loopback. Over a real network both gain the same round trip and the ratio shrinks.';
const target = { placed: 3000, modified: 1000, cancelled: 1000 };

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } },
});
// With --json, standard output holds the one object and nothing else.
const say = (line: string): void =>
  void (values.json ? process.stderr : process.stdout).write(`${line}\n`);

const folder = mkdtempSync(join(tmpdir(), 'hotpath-demo-'));
const gateway = await startGatewayProcess(Number(values.seed));
try {
  say(
    `A bot trades ${symbols.join(', ')} on a simulated gateway at ${gateway.url}; its rate limits are off, the live one allows 200 requests a minute.`,
  );
  await run();
} finally {
  gateway.stop();
  rmSync(folder, { recursive: true });
}

async function run(): Promise<void> {
  const ledger = new Ledger();
  const steps = new RolloutSteps();
  await using broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
      rateLimit: 'off',
    }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: steps,
    journal: fileJournal(join(folder, 'orders.journal')),
  });
  const live = new LiveTable(process.stderr, () => [
    `${steps.percent} % fast, ${ledger.orders.placed} orders placed`,
    ...tableLines(broker.executors()),
  ]);

  for (const [index, percent] of fastPercents.entries()) {
    steps.raiseTo(percent);
    const share = (index + 1) / fastPercents.length;
    const upTo = {
      placed: target.placed * share,
      modified: target.modified * share,
      cancelled: target.cancelled * share,
    };
    await Promise.all(
      symbols.map(async (symbol) => {
        const contract = await broker.getContract(symbol);
        if (!contract) throw new Error(`the venue has no contract of ${symbol}`);
        while (!ledger.isComplete(upTo)) {
          await tradeOnce(broker, ledger, contract);
          live.refresh();
        }
      }),
    );
    if (!live.isShown) say(`${percent} % fast: ${ledger.orders.placed} orders placed`);
  }
  live.clear();

  const truth = (await (await fetch(`${gateway.url}/sim/truth`)).json()) as {
    readonly orders: readonly OrderTruth[];
    readonly positions: readonly object[];
  };
  const venue = checkVenue(ledger, truth.orders);
  if (values.json) {
    console.log(JSON.stringify(jsonReport(ledger, broker.executors(), venue)));
  } else {
    for (const line of [
      '',
      ...tableLines(broker.executors()),
      '',
      ...closingLines(ledger, venue),
      '',
      ratioNote,
    ])
      say(line);
  }
  if (isExact(venue) && truth.positions.length === 0) return;
  say("The venue's record and the bot's differ.");
  process.exitCode = 1;
}
