// One of several bots on one login: places as fast as its part of the rate limit lets it, until it is killed or told to end.
import { createBroker, memoryJournal } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import { fallbackExecutor } from '@hotpath/executor-fallback';

const [baseUrl, userName] = process.argv.slice(2);
const broker = await createBroker({
  adapter: topstepx({
    userName,
    apiKey: 'demo-key',
    account: 'PRAC-V2-1001',
    baseUrl,
    rateLimit: { requests: 100, windowMs: 60_000, reserve: 20 },
  }),
  executors: { only: fallbackExecutor() },
  routing: { version: 1, salt: 'budget', default: { only: 100 } },
  journal: memoryJournal(),
  shareBudget: 'machine',
});
let placed = 0;
const timer = setInterval(() => void place(), 20);
process.stdin.on('end', () => {
  clearInterval(timer);
  void broker.close();
});

async function place() {
  const { kind, code } = await broker.placeLimitOrder({
    symbol: 'MNQ',
    side: 'buy',
    quantity: 1,
    limitPrice: 20_000,
  });
  if (kind === 'accepted') process.stdout.write(`${(placed += 1)}\n`);
  else if (code !== 'BUDGET_EXHAUSTED') process.stdout.write(`${kind} ${code}\n`);
}
process.stdin.resume();
