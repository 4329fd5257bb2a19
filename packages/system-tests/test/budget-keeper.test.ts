// @runs-what-is-built
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BudgetReport } from '@hotpath/core';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import type { SharedBudgetBot } from './shared-budget-bots.ts';
import { startBot } from './shared-budget-bots.ts';

// Real processes over real sockets: each is stopped, killed or kept busy as its user lived through it.
const minutes = 60_000;
const accounts = ['PRAC-V2-1001', '50KTC-V2-1002'] as const;
let gateway: Gateway;
let userName: string;
let bots: SharedBudgetBot[];
let refusals: number;
let sent: number[];
let names = 0;
beforeEach(async () => {
  userName = `keeper-${process.pid}-${(names += 1)}`;
  [bots, refusals, sent] = [[], 0, []];
  gateway = await startGateway({
    priceStepMs: 0,
    users: [{ userName, apiKey: 'demo-key' }],
    log: ({ path, status }) => {
      // The venue counts a login by nobody's bucket, since it comes without a token.
      if (!path.startsWith('/api/') || path === '/api/Auth/loginKey') return;
      sent.push(performance.now());
      if (status === 429) refusals += 1;
    },
  });
});
afterEach(async () => {
  for (const bot of bots) bot.process.kill('SIGKILL');
  await gateway.close();
});

async function start(account: (typeof accounts)[number] = accounts[0]): Promise<SharedBudgetBot> {
  const bot = await startBot(gateway.url, userName, account);
  bots.push(bot);
  return bot;
}
const budgetOf = (bot: SharedBudgetBot): Promise<BudgetReport> =>
  bot.tell<BudgetReport>({ do: 'budget' });
async function keepersAmong(all: readonly SharedBudgetBot[]): Promise<readonly SharedBudgetBot[]> {
  const keepers = await Promise.all(
    all.map(async (bot) => ((await budgetOf(bot)).shared?.keeper === 'this process' ? [bot] : [])),
  );
  return keepers.flat();
}
/** Who was stopped needs a moment to see that it was passed over. */
async function oneKeeper(all: readonly SharedBudgetBot[]): Promise<void> {
  await expect.poll(async () => (await keepersAmong(all)).length, { timeout: 10_000 }).toBe(1);
}
type Rested = readonly {
  readonly told: string;
  readonly orderId: string;
  readonly message?: string;
  readonly retryAfterMs?: number;
}[];
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
/** The most requests that the venue had in any minute. */
const most = (): number =>
  sent.reduce(
    (highest, end) =>
      Math.max(highest, sent.filter((instant) => instant > end - 60_000 && instant <= end).length),
    0,
  );

it(
  'gets out while the process that keeps the shared budget is stopped, starts a third one, and closes',
  async () => {
    const [keeper, other] = [await start(accounts[0]), await start(accounts[1])];
    const resting = await other.tell<Rested>({ do: 'rest', times: 6 });
    expect(await other.tell({ do: 'enter' })).toBe('accepted');
    keeper.process.kill('SIGSTOP');
    const began = performance.now();
    // At once: nobody has noticed yet.
    expect(
      await Promise.all(
        resting.slice(0, 3).map(({ orderId }) => other.tell({ do: 'cancel', orderId })),
      ),
    ).toEqual(['accepted cancelled', 'accepted cancelled', 'accepted cancelled']);
    expect(await other.tell({ do: 'close' })).toBe('accepted flat');
    const outMs = performance.now() - began;
    const third = await start(accounts[1]);
    expect(third.startedInMs).toBeLessThan(10_000);
    expect((await third.tell<Rested>({ do: 'rest', times: 1 }))[0]?.told).toBe('accepted');
    expect(await other.tell({ do: 'flatten' })).toMatchObject({ complete: true, left: 0 });
    expect((await budgetOf(other)).shared?.nobodyLendsSince).toBeUndefined();
    expect(await other.tell<number>({ do: 'end' })).toBeLessThan(8_000);
    // It wakes, and there is one keeper again: a machine that is busy may make it that one.
    keeper.process.kill('SIGCONT');
    await oneKeeper([keeper, third]);
    // Nothing is lent to it before it has asked who keeps the account now.
    await expect
      .poll(async () => (await budgetOf(keeper)).shared?.inHand.entries, { timeout: 10_000 })
      .toBeGreaterThan(0);
    expect((await keeper.tell<Rested>({ do: 'rest', times: 1 }))[0]?.told).toBe('accepted');
    expect([refusals, outMs < 15_000]).toEqual([0, true]);
  },
  2 * minutes,
);

it(
  'gets out while the process that keeps the shared budget computes for longer than any lease',
  async () => {
    const [keeper, other] = [await start(accounts[0]), await start(accounts[1])];
    const resting = await other.tell<Rested>({ do: 'rest', times: 3 });
    await other.tell({ do: 'enter' });
    const computes = keeper.tell({ do: 'compute', forMs: 8_000 });
    let isBack = false;
    void computes.then(() => (isBack = true));
    await pause(2_500);
    for (const { orderId } of resting)
      expect(await other.tell({ do: 'cancel', orderId })).toBe('accepted cancelled');
    expect(await other.tell({ do: 'close' })).toBe('accepted flat');
    expect(isBack).toBe(false);
    await computes;
    await oneKeeper([keeper, other]);
    expect(refusals).toBe(0);
  },
  2 * minutes,
);

it.each([
  ['killed', 'SIGKILL'],
  ['stopped', 'SIGSTOP'],
] as const)(
  'keeps three processes on one login within its 200 requests, the one that keeps the account %s while all of them spend',
  async (_how, signal) => {
    const all = [await start(), await start(), await start()];
    const [keeper] = await keepersAmong(all);
    if (!keeper) throw new Error('nobody keeps the account');
    const others = all.filter((bot) => bot !== keeper);
    const spending = new Map(
      all.map((bot) => [
        bot,
        bot
          .tell<Record<string, number>>({ do: 'spend', forMs: 9_000 })
          .catch((): Record<string, number> => ({})),
      ]),
    );
    await pause(300);
    keeper.process.kill(signal);
    const said = await Promise.all(others.map(async (bot) => spending.get(bot)));
    // What is left for exits is spent as well.
    await Promise.all(
      others.map((bot) => Promise.race([bot.tell({ do: 'flatten' }), pause(8_000)])),
    );
    expect(refusals).toBe(0);
    expect(most()).toBeLessThanOrEqual(200);
    // And it was not for want of trying.
    expect(
      said
        .flatMap((words) => Object.keys(words ?? {}))
        .filter((word) => word !== 'accepted' && word !== 'not-sent BUDGET_EXHAUSTED'),
    ).toEqual([]);
    expect(said.reduce((sum, words) => sum + (words?.['accepted'] ?? 0), 0)).toBeGreaterThanOrEqual(
      15,
    );
    await oneKeeper(others);
  },
  3 * minutes,
);

it(
  'gets out and enters when every other process on the login is stopped',
  async () => {
    const mine = await start(accounts[1]);
    await mine.tell({ do: 'enter' });
    const rivals = [await start(), await start()];
    for (const rival of rivals) rival.process.kill('SIGSTOP');
    await pause(3_000);
    const [order] = await mine.tell<Rested>({ do: 'rest', times: 1 });
    expect(order?.told).toBe('accepted');
    expect(await mine.tell({ do: 'close' })).toBe('accepted flat');
    for (const rival of rivals) rival.process.kill('SIGCONT');
    await oneKeeper([mine, ...rivals]);
    expect(refusals).toBe(0);
  },
  2 * minutes,
);

it(
  'lets an entry out after any number of reads of several processes',
  async () => {
    const all = [await start(accounts[1]), await start()];
    const read = await Promise.all(
      all.map((bot) => bot.tell<Record<string, number>>({ do: 'spend', forMs: 6_000, by: 'read' })),
    );
    expect(read.reduce((sum, words) => sum + (words['read'] ?? 0), 0)).toBeGreaterThanOrEqual(40);
    expect(await all[0]?.tell({ do: 'enter' })).toBe('accepted');
    expect(refusals).toBe(0);
  },
  2 * minutes,
);

it(
  'ends by itself when its broker is closed, also where another process keeps the account',
  async () => {
    const [keeper, other] = [await start(), await start()];
    const ended = once(other.process, 'exit');
    await other.tell({ do: 'end' });
    expect(await ended).toEqual([0, null]);
    const last = once(keeper.process, 'exit');
    await keeper.tell({ do: 'end' });
    expect(await last).toEqual([0, null]);
  },
  2 * minutes,
);
