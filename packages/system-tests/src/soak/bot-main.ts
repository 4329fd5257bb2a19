// The process of the bots: two accounts on one login. It does what its supervisor says, and may die at any instant.
import { topstepx, topstepxLogin } from '@hotpath/adapter-topstepx';
import type { Broker, ExecutorPlugin } from '@hotpath/core';
import { createBroker, fileJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import { seededChance } from '../faults/seeded-chance.ts';
import { createLife } from '../world/life.ts';
import { loopTurns } from '../world/loop-turns.ts';
import { mortalExecutor } from '../world/mortal-executor.ts';
import { mortalJournal } from '../world/mortal-journal.ts';
import { createUnderWay } from '../world/under-way.ts';
import { createWorldClock } from '../world/world-clock.ts';
import type { AccountReport, BotOrder, BotSettings, BotWord } from './bot-messages.ts';
import { stateOfBroker } from './final-state.ts';
import { heldMb } from './heap.ts';
import { noteError } from './noted-errors.ts';
import { OrderLedger } from './order-ledger.ts';
import type { SoakAccount } from './soak-accounts.ts';
import { soakAccounts } from './soak-accounts.ts';
import { SoakBot } from './soak-bot.ts';
import { soakFiles } from './soak-files.ts';

const counted = [
  'session.failed',
  'position.unprotected',
  'position.reversed',
  'order.contradicted',
  'executor.tripped',
  'executor.recovered',
  'executor.fallback',
  'contract.rolled',
  'rollout.changed',
  'journal.failed',
  'broker.recovered',
  'order.filled',
] as const;

const {
  url,
  folder,
  seed,
  life: number,
  startsAt,
} = JSON.parse(process.argv[2] ?? '{}') as BotSettings;
const clock = createWorldClock(startsAt);
const underWay = createUnderWay();
const brokers: Broker<'fast' | 'fallback'>[] = [];
const bots: SoakBot[] = [];
/** Infinity while nobody is after the process. */
let instantsLeft = Infinity;
const life = createLife(() => {
  instantsLeft -= 1;
  // Nothing runs behind this line.
  if (instantsLeft <= 0) process.kill(process.pid, 'SIGKILL');
  return false;
});
process.on('unhandledRejection', (reason) =>
  noteError(soakFiles.errors(folder), 'unhandledRejections', reason),
);
process.on('disconnect', () => process.exit(1));
process.on(
  'message',
  ({ to, order }: { readonly to: number; readonly order: BotOrder }) => void obey(to, order),
);
try {
  await start();
} catch {
  // Its supervisor starts it again; what it could not do is the venue's doing, or else shows as a process that never comes up.
  process.exit(1);
}

function say(word: BotWord): void {
  process.send?.(word);
}

async function start(): Promise<void> {
  const login = topstepxLogin({ userName: 'demo', apiKey: 'demo-key' });
  for (const account of soakAccounts) {
    const executor = (plugin: ExecutorPlugin): ExecutorPlugin =>
      mortalExecutor(underWay.counted(plugin), clock, life);
    const broker = await createBroker({
      adapter: topstepx({ login, account: account.name, baseUrl: url }),
      executors: { fast: executor(fastExecutor()), fallback: executor(fallbackExecutor()) },
      journal: mortalJournal(fileJournal(soakFiles.journal(folder, account)), life),
      clock,
      ...account.options,
    });
    for (const name of counted) broker.on(name, () => say({ is: 'event', name }));
    broker.on('stream.gap', ({ stream }) => say({ is: 'event', name: `gap of ${stream}` }));
    brokers.push(broker);
  }
  soakAccounts.forEach((account, index) => {
    const broker = brokers[index];
    if (broker) bots.push(startBot(account, broker));
  });
  say({ is: 'started' });
}

function startBot(account: SoakAccount, broker: Broker<'fast' | 'fallback'>): SoakBot {
  const ledger = new OrderLedger(account.id, soakFiles.told(folder, account));
  const meets = (error: unknown): void => noteError(soakFiles.errors(folder), 'met', error);
  const bot = new SoakBot({
    ledger,
    broker,
    prefix: account.prefix,
    chance: seededChance(seed, `${account.name} ${number}`),
    now: () => clock.now(),
    meets,
  });
  const watch = (): void => void bot.watch().catch(meets);
  watch();
  broker.on('contract.rolled', watch);
  void broker.whenRecovered().then(() => ledger.askAgain(broker));
  return bot;
}

async function obey(to: number, order: BotOrder): Promise<void> {
  switch (order.say) {
    case 'pass':
      // What came before this word is read before time goes on.
      await loopTurns();
      clock.advance(order.milliseconds);
      await loopTurns();
      break;
    case 'turn':
      await loopTurns();
      break;
    case 'act':
      for (const bot of bots) void bot.act();
      break;
    case 'set-wall':
      clock.setWall(order.at);
      break;
    case 'die-in':
      instantsLeft = order.instants;
      break;
    case 'heap':
      return say({ is: 'heap', to, mb: heldMb() });
    case 'report':
      return say({ is: 'report', to, accounts: await Promise.all(brokers.map(reportOf)) });
    case 'close':
      say({ is: 'done', to, underWay: 0 });
      await Promise.all(brokers.map((broker) => broker.close()));
      // Its supervisor's line is all that holds the process now.
      process.removeAllListeners('disconnect');
      return process.disconnect();
  }
  say({ is: 'done', to, underWay: underWay.count });
}

async function reportOf(
  broker: Broker<'fast' | 'fallback'>,
  index: number,
): Promise<AccountReport> {
  bots[index]?.ledger.askAgain(broker);
  const { weights, ramp, latches } = broker.metrics().rollout;
  const { state } = ramp ?? {};
  const running =
    state?.is === 'running'
      ? `, running at ${state.percent} % after ${state.setbacks} setbacks`
      : '';
  return {
    state: await stateOfBroker(broker).catch((error: unknown) => String(error)),
    open: broker
      .intents({ open: true })
      .filter(({ outcome }) => !(outcome?.kind === 'unknown' && outcome.final))
      .map(({ clientOrderId }) => clientOrderId),
    ramp: `fast ${weights.fast} %${running}${latches.length > 0 ? `, ${latches.length} latches` : ''}`,
  };
}
