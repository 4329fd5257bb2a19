// A bot on backtest-kit's own live engine, in a process of its own so that it can be killed, and so that minutes pass when it is told to:
// the engine's Date stands still, and is looked at every 20 ms rather than every 5 s; the broker has the real time.
import { mock } from 'node:test';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

const {
  baseUrl,
  startAt,
  routing,
  host = {},
  broker: brokerOptions = {},
} = JSON.parse(process.argv[2]);
// The venue's time at the start, and from there as fast as real time goes.
const startedAt = Date.now();
const realNow = Date.now;
const brokerNow = () => startAt + realNow() - startedAt;
const realTimeout = globalThis.setTimeout;
mock.timers.enable({ apis: ['Date'], now: startAt });
const engineLooksEveryMs = 5000;
globalThis.setTimeout = Object.assign(
  (fire, afterMs, ...values) =>
    realTimeout(fire, afterMs === engineLooksEveryMs ? 20 : afterMs, ...values),
  realTimeout,
);

const { topstepx } = await import('@hotpath/adapter-topstepx');
const { createBroker, fileJournal } = await import('@hotpath/core');
const { fallbackExecutor } = await import('@hotpath/executor-fallback');
const { fastExecutor } = await import('@hotpath/executor-fast');
const { createExchangeSchema, installBacktestKitBroker } =
  await import('@hotpath/host-backtest-kit');
const kit = await import('backtest-kit');

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const clock = {
  now: brokerNow,
  monotonic: () => performance.now(),
  setTimer(afterMs, fire) {
    const handle = realTimeout(fire, afterMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
const broker = await createBroker({
  adapter: topstepx({
    userName: 'demo',
    apiKey: 'demo-key',
    account: 'PRAC-V2-1001',
    baseUrl,
    rateLimit: 'off',
  }),
  executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
  routing,
  journal: fileJournal('./orders.journal'),
  clock,
  ...brokerOptions,
});
const delivered = [];
broker.on('order.sent', ({ operation, executor, clientOrderId }) =>
  delivered.push({ operation, executor, clientOrderId }),
);
const events = [];
broker.on('rollout.changed', ({ executor, toPercent }) =>
  events.push({ name: 'rollout.changed', message: `${executor} ${toPercent}` }),
);
const told = [];
installBacktestKitBroker({
  broker,
  contracts: ({ cost }) => cost / 100,
  clock,
  file: './signals.jsonl',
  onEvent: ({ name, message }) => events.push({ name, message }),
  ...host,
});

let signal;
let commits = [];
let cancelsScheduled = false;
kit.setConfig(
  {
    CC_MIN_TAKEPROFIT_DISTANCE_PERCENT: 0.001,
    CC_MIN_STOPLOSS_DISTANCE_PERCENT: 0.001,
    CC_GET_CANDLES_RETRY_DELAY_MS: 100,
  },
  true,
);
kit.addExchangeSchema(
  createExchangeSchema({
    broker,
    exchangeName: 'topstepx',
    clock: { ...clock, now: () => Date.now() },
    lateBarMs: 0,
  }),
);
kit.addStrategySchema({
  strategyName: 'told',
  interval: '1m',
  getSignal: async () => {
    const next = signal;
    signal = undefined;
    return next ?? null;
  },
});
for (const [name, listen] of [
  ['opened', kit.listenSignalLiveOpened],
  ['closed', kit.listenSignalLiveClosed],
  ['cancelled', kit.listenSignalLiveCancelled],
]) {
  listen(
    ({ signal: { id }, closeReason, reason }) =>
      void told.push({ name, id, because: closeReason ?? reason }),
  );
}
kit.listenExit((error) => void told.push({ name: 'exit', because: error.message }));
// oxlint-disable-next-line typescript/no-misused-promises -- the engine awaits what its types call void
kit.listenActivePing(async ({ symbol }) => {
  for (const { name, value } of commits.splice(0)) {
    const outcome = await kit[name](...(value === undefined ? [symbol] : [symbol, ...value])).then(
      (done) => ({ done }),
      (error) => ({ error: error.message }),
    );
    told.push({ name, ...outcome });
  }
});
// oxlint-disable-next-line typescript/no-misused-promises -- the engine awaits what its types call void
kit.listenSchedulePing(async ({ symbol }) => {
  if (cancelsScheduled) await kit.commitCancelScheduled(symbol);
  cancelsScheduled = false;
});
let ticked = () => undefined;
kit.listenPerformance(({ metricType }) => void (metricType === 'live_tick' && ticked()));
kit.listenError((error) => void told.push({ name: 'error', because: error.message }));

async function afterTick(act) {
  const tick = new Promise((resolve) => void (ticked = resolve));
  act();
  await tick;
  // What the engine tells its listeners after the tick.
  await new Promise((resolve) => realTimeout(resolve, 20));
  const context = { strategyName: 'told', exchangeName: 'topstepx' };
  const held = await kit.Live.getPendingSignal?.('MNQ', 0, context).catch(() => null);
  say({
    ticked: Date.now(),
    told: told.splice(0),
    events: events.splice(0),
    delivered: delivered.splice(0),
    held: held ? { id: held.id, position: held.position } : null,
  });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line);
  if (command.signal) signal = command.signal;
  if (command.commits) commits = command.commits;
  if (command.cancelScheduled) cancelsScheduled = true;
  if (command.to) void afterTick(() => mock.timers.setTime(command.to));
});
process.stdin.on('end', () => process.exit(0));
await afterTick(() =>
  kit.Live.background('MNQ', { strategyName: 'told', exchangeName: 'topstepx' }),
);
