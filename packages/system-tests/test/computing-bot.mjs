// A bot whose strategy computes behind each order, or whose process is stopped there: its event loop stands still while the venue answers.
import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';

const [baseUrl, first, scenario, ms, count, more] = process.argv.slice(2);
const options = JSON.parse(more ?? '{}');
const broker = await createBroker({
  adapter: topstepx({
    userName: 'demo',
    apiKey: 'demo-key',
    account: 'PRAC-V2-1001',
    baseUrl,
    rateLimit: 'off',
  }),
  executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
  routing: {
    version: 1,
    salt: 'computing',
    default: first === 'fast' ? { fast: 100, fallback: 0 } : { fallback: 100, fast: 0 },
  },
  journal: memoryJournal(),
  ...options,
});
await new Promise((resolve) => broker.once('stream.synced', resolve));
const told = [];
for (const event of ['executor.tripped', 'stream.gap', 'order.unknown'])
  broker.on(event, (payload) =>
    told.push(`${event} ${payload.executor ?? payload.because ?? payload.code}`),
  );

const compute = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
const stop = () => {
  process.send('stopping');
  process.kill(process.pid, 'SIGSTOP');
};
const outcomes = [];
for (let index = 0; index < Number(count); index += 1) {
  const placing = broker.placeLimitOrder({
    symbol: 'MNQ',
    side: 'buy',
    quantity: 1,
    limitPrice: 10_000,
  });
  // One turn of the loop is enough for an executor that does not write in the tick of the call; the answer comes later.
  if (scenario !== 'compute-at-once') await new Promise((resolve) => setTimeout(resolve, 50));
  if (scenario.startsWith('compute')) compute();
  else stop();
  const { kind, code, executor } = await placing;
  outcomes.push([kind, code, executor].filter(Boolean).join(' '));
}
const { health, operations } = broker.executors()[first];
process.send({
  outcomes,
  told,
  health: health.place,
  place: operations.place && {
    count: operations.place.count,
    distorted: operations.place.distorted,
    p50Us: operations.place.latency?.p50Us,
  },
});
await broker.close();
process.disconnect();
