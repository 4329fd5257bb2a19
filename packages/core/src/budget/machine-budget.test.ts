import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BudgetPlace } from './budget-place.ts';
import { LeasedBudget } from './leased-budget.ts';
import { MachineBudget } from './machine-budget.ts';
import { BudgetRoom, asksFor, limit, spend } from '../testing/budget-room.ts';

const room = new BudgetRoom();
beforeEach(() => room.begin());
afterEach(() => room.end());

describe('processes that share a login', () => {
  it('never send more than the limit together, and leave the reserve to what gets out', async () => {
    const login = randomUUID();
    const budgets = [
      await room.newBudget(login),
      await room.newBudget(login),
      await room.newBudget(login),
    ];
    const orders = await room.spendFor(200, budgets, 'place');
    expect(orders).toBeLessThanOrEqual(28);
    expect(orders).toBeGreaterThanOrEqual(24);
    const exits = await room.spendFor(100, budgets, 'cancel');
    expect(orders + exits).toBeLessThanOrEqual(40);
    expect(exits).toBeGreaterThanOrEqual(6);
    expect(budgets[0]?.admit('place')).toMatchObject({ admitted: false });
    await room.pass(62_000);
    expect(budgets[0]?.admit('place')).toEqual({ admitted: true });
  });

  it('spend in the tick of the call, also while the next slice is on its way', async () => {
    const budget = await room.newBudget(randomUUID());
    expect(Array.from({ length: 6 }, () => budget.admit('place').admitted)).toEqual(
      Array.from({ length: 6 }, () => true),
    );
  });

  it('have one keeper, however many of them start at once', async () => {
    const login = randomUUID();
    const budgets = await Promise.all(Array.from({ length: 6 }, () => room.newBudget(login)));
    await room.pass(2_000);
    expect(
      budgets
        .map((budget) => budget.report().shared?.keeper)
        .filter((keeper) => keeper === 'this process'),
    ).toHaveLength(1);
    expect(budgets.map((budget) => budget.report().shared?.processes)).toEqual(
      Array.from({ length: 6 }, () => 6),
    );
    expect(await room.spendFor(100, budgets, 'place')).toBeLessThanOrEqual(28);
  });

  it('hand the account over when the one that keeps it ends, with what it knew and what each has in hand', async () => {
    const login = randomUUID();
    const [keeper, second, third] = [
      await room.newBudget(login),
      await room.newBudget(login),
      await room.newBudget(login),
    ];
    let orders = await room.spendFor(5, [keeper, second, third], 'place');
    await room.pass(3_000);
    await room.leave(keeper);
    // Nobody waits for anybody: what is in hand stays.
    expect(spend([second, third], 'place')).toBe(2);
    orders += 2 + (await room.spendFor(200, [second, third], 'place'));
    expect(orders).toBeLessThanOrEqual(28);
    expect(orders).toBeGreaterThanOrEqual(24);
  });

  it('all hold back after one of them met a 429', async () => {
    const login = randomUUID();
    const [first, second] = [await room.newBudget(login), await room.newBudget(login)];
    second.throttled(30_000);
    await room.pass(2_500);
    expect([first.admit('place').admitted, second.admit('place').admitted]).toEqual([false, false]);
    expect(first.admit('cancel')).toEqual({ admitted: true });
  });

  it('do not count each other under another login', async () => {
    const [first, second] = [
      await room.newBudget(randomUUID()),
      await room.newBudget(randomUUID()),
    ];
    for (let count = 0; count < 7; count += 1) first.admit('place');
    expect(second.report().used).toBe(0);
  });

  it("count each other's reads", async () => {
    const login = randomUUID();
    const budgets = [await room.newBudget(login), await room.newBudget(login)];
    const reads = await room.spendFor(100, budgets, 'read');
    expect(reads).toBeGreaterThanOrEqual(18);
    // Each knows of the other's when it next asks.
    expect(reads).toBeLessThanOrEqual(24);
    expect(spend(budgets, 'place')).toBe(2);
  });

  it('leave what they spent to those that are started next, also when all of them have ended', async () => {
    const login = randomUUID();
    const [first, second] = [await room.newBudget(login), await room.newBudget(login)];
    const before = await room.spendFor(8, [first, second], 'place');
    await room.leave(first);
    await room.leave(second);
    room.clock.advance(5_000);
    const next = await room.newBudget(login);
    expect(next.report().used).toBe(before);
    expect(before + (await room.spendFor(60, [next], 'place'))).toBe(28);
    await room.pass(61_000);
    await room.leave(next);
    expect(readdirSync(join(room.folder, `hotpath-${process.getuid?.()}`))).toEqual([]);
  });

  it('leave nothing behind when the last of them has ended', async () => {
    const login = randomUUID();
    const budgets = [await room.newBudget(login), await room.newBudget(login)];
    for (const budget of budgets) await room.leave(budget);
    await room.leave(await room.newBudget(login));
    expect(readdirSync(join(room.folder, `hotpath-${process.getuid?.()}`))).toEqual([]);
  });
});

describe('a keeper that is stopped', () => {
  it('is left by who starts, within half a second, and lends come from another', async () => {
    const login = randomUUID();
    await room.lead(login, () => undefined);
    const begun = room.clock.monotonic();
    const budget = await room.newBudget(login);
    expect(room.clock.monotonic() - begun).toBeLessThanOrEqual(700);
    await room.pass(1_500);
    expect(budget.admit('place')).toEqual({ admitted: true });
    expect(budget.report().shared).toMatchObject({
      keeper: 'this process',
      nobodyLendsSince: undefined,
    });
  });

  it('is left by who follows it, and meanwhile exits spend a share of their own', async () => {
    const login = randomUUID();
    let isStopped = false;
    const paused: (() => void)[] = [];
    await room.lend(login, (answer) => {
      if (isStopped) paused.push(answer);
      else answer();
    });
    const follower = await room.newBudget(login);
    isStopped = true;
    await room.pass(3_000);
    expect(follower.admit('place')).toEqual({ admitted: true });
    expect(room.said.filter((line) => line.includes('does not answer'))).toHaveLength(1);
    expect(paused).toHaveLength(1);
    expect(follower.report().shared?.keeper).toBe('this process');
    // What it says when it wakes is heard by nobody.
    for (const wake of paused) wake();
    await room.pass(500);
    expect(follower.report().shared?.keeper).toBe('this process');
  });

  it('lent until it was passed over, and whoever takes over knows of all of it', async () => {
    const login = randomUUID();
    let askedAt: number | undefined;
    let isStopped = false;
    const leader = await room.lend(login, (answer) => {
      if (isStopped) askedAt ??= room.clock.monotonic();
      else answer();
    });
    const follower = await room.newBudget(login);
    isStopped = true;
    const place = (await room.placeOf(login, 'look')) as BudgetPlace;
    let lent = 0;
    // It has no answer for this one, and lends to others until it sees that it was passed over.
    for (let turns = 0; place.files.current()?.id === 'leader' && turns < 100_000; turns += 1) {
      if (turns % 10 === 0) room.clock.advance(1);
      if (askedAt !== undefined && room.clock.monotonic() - askedAt > 499 && lent < 24)
        lent += leader.exchange({
          ...asksFor(1),
          inHand: { account: 'account', general: lent, reserve: 0 },
        }).general;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const orders = await room.spendFor(100, [follower], 'place');
    expect(lent).toBeGreaterThan(0);
    expect(orders + lent).toBeLessThanOrEqual(28);
    expect(orders + lent).toBeGreaterThanOrEqual(26);
  });

  it('is followed by one that has never spoken with it, which knows what it lent all the same', async () => {
    const login = randomUUID();
    const leader = await room.lend(login, () => undefined);
    leader.exchange(asksFor(18));
    leader.exchange({ ...asksFor(0), spentAgesMs: Array.from({ length: 18 }, () => 0) });
    const late = await room.newBudget(login);
    expect(late.report().shared?.keeper).toBe('this process');
    // And need not wait for others to tell it.
    expect(late.admit('place')).toEqual({ admitted: true });
    expect(1 + (await room.spendFor(100, [late], 'place'))).toBeLessThanOrEqual(28 - 18);
  });

  it('died, and what it lent last was not read yet: whoever takes over knows of it', async () => {
    const login = randomUUID();
    const leader = await room.lend(login, (answer) => answer());
    const follower = await room.newBudget(login);
    // In one tick: the death, and a question to the one that died.
    expect(leader.exchange(asksFor(18))).toMatchObject({ general: 18 });
    leader.die();
    let orders = 0;
    while (follower.admit('place').admitted) orders += 1;
    orders += await room.spendFor(100, [follower], 'place');
    expect(follower.report().shared?.keeper).toBe('this process');
    expect(orders).toBeLessThanOrEqual(28 - 18);
  });

  it('lends nothing when it wakes and finds that it was passed over, and follows', async () => {
    const login = randomUUID();
    const [keeper, follower] = [await room.newBudget(login), await room.newBudget(login)];
    expect(keeper.report().shared?.keeper).toBe('this process');
    const place = (await room.placeOf(login, 'look')) as BudgetPlace;
    const before = place.files.current();
    // Another one has taken over while it stood still.
    const third = new MachineBudget({
      login,
      limit,
      clock: room.clock,
      random: Math.random,
      log: room.log,
      place: room.placeOf,
    });
    const wakes = new LeasedBudget(limit, third, room.clock, room.log, third);
    room.open.add(wakes);
    place.files.claim({
      generation: (before?.generation ?? 0) + 1,
      id: 'gone',
      socket: 'gone.sock',
      pid: 1,
    });
    await room.passUntil(wakes.open());
    await room.pass(2_000);
    expect(
      [keeper, follower, wakes]
        .map((budget) => budget.report().shared?.keeper)
        .filter((name) => name === 'this process'),
    ).toHaveLength(1);
    const orders = await room.spendFor(100, [keeper, follower, wakes], 'place');
    expect(orders).toBeLessThanOrEqual(28);
    expect(orders).toBeGreaterThanOrEqual(20);
  });
});

describe("somebody who listens in the keeper's place", () => {
  const greets = JSON.stringify({ hotpathBudget: 3, keeper: 'leader' });
  const speaks: readonly (readonly [string, (socket: Socket) => void])[] = [
    ['says nothing', () => undefined],
    ['hangs up', (socket) => socket.destroy()],
    ['speaks another language', (socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\n')],
    ['greets as another version', (socket) => void socket.write('{"keeper":"leader"}\n')],
    [
      'greets as somebody else',
      (socket) => void socket.write(`${JSON.stringify({ hotpathBudget: 3, keeper: 'nobody' })}\n`),
    ],
    ['greets without end', (socket) => void socket.write('x'.repeat(2_000_000))],
    ['greets and then says nothing', (socket) => void socket.write(`${greets}\n`)],
    [
      'greets and lends without a number',
      (socket) => {
        socket.write(`${greets}\n`);
        socket.on(
          'data',
          () => void socket.write('{"id":1,"lease":{"general":1e400,"reserve":null}}\n'),
        );
      },
    ],
    [
      'tells what it is not asked',
      (socket) =>
        void socket.write(
          `${greets}\n{"account":{"account":"x","agesMs":[-1],"heldForMs":0,"holders":{}}}\n`,
        ),
    ],
  ];

  it.each(speaks)('and %s holds nobody up', async (_how, serve) => {
    const login = randomUUID();
    await room.lead(login, serve);
    const begun = room.clock.monotonic();
    const budget = await room.newBudget(login);
    expect(room.clock.monotonic() - begun).toBeLessThanOrEqual(1_200);
    await room.pass(1_500);
    expect(budget.admit('place')).toEqual({ admitted: true });
    expect(budget.report().shared?.keeper).toBe('this process');
  });

  it('and lends for ever is believed within bounds', async () => {
    const login = randomUUID();
    await room.lead(login, (socket) => {
      socket.write(`${greets}\n`);
      socket.on('data', (bytes: Buffer) => {
        const { id } = JSON.parse(bytes.toString()) as { readonly id: number };
        socket.write(
          `${JSON.stringify({ id, lease: { general: 1e9, reserve: 1e9, validMs: 1e11, keeper: 'leader', heldForMs: 1e11, used: 0, processes: 1, keptBy: 'me' } })}\n`,
        );
      });
    });
    const budget = await room.newBudget(login);
    expect(budget.report()).toMatchObject({ heldForMs: 3_600_000 });
    expect(
      Array.from({ length: 100 }, () => budget.admit('close').admitted).filter((is) => is).length,
    ).toBeLessThanOrEqual(40);
  });
});

describe('the place where processes meet', () => {
  it('may take no file: all goes on, and the log says once what is lost with a process that dies', async () => {
    const login = randomUUID();
    const without = async (): Promise<BudgetPlace> => ({
      ...((await room.placeOf(login, 'try')) as BudgetPlace),
      accountOf: () => join(room.folder, 'nowhere', 'one.account'),
    });
    const budgets = [await room.newBudget(login, without), await room.newBudget(login, without)];
    const orders = await room.spendFor(100, budgets, 'place');
    expect([orders <= 28, orders >= 24]).toEqual([true, true]);
    expect(room.said.filter((line) => line.includes('cannot be written down'))).toHaveLength(1);
  });

  it('may be taken away while they run: they meet again, and count on', async () => {
    const login = randomUUID();
    const budgets = [await room.newBudget(login), await room.newBudget(login)];
    const before = await room.spendFor(5, budgets, 'place');
    rmSync(join(room.folder, `hotpath-${process.getuid?.()}`), { recursive: true });
    await room.pass(3_000);
    const late = await room.newBudget(login);
    await room.pass(1_000);
    expect(
      [...budgets, late]
        .map((budget) => budget.report().shared?.keeper)
        .filter((name) => name === 'this process'),
    ).toHaveLength(1);
    const after = await room.spendFor(100, [...budgets, late], 'place');
    expect(before + after).toBeLessThanOrEqual(28);
    expect(before + after).toBeGreaterThanOrEqual(20);
  });

  it('may be nowhere: then each counts for itself with a part of the limit, and says so', async () => {
    const budget = await room.newBudget(randomUUID(), () =>
      Promise.resolve({ problems: ['/tmp/hotpath-1: it belongs to user 0, not to user 1'] }),
    );
    expect(room.said).toEqual([expect.stringMatching(/no place to share.*"requests":10,"of":40/)]);
    expect(budget.report().shared).toMatchObject({ keeper: 'this process alone' });
    const orders = await room.spendFor(100, [budget], 'place');
    expect(orders).toBe(7);
    expect(spend([budget], 'close')).toBe(1);
  });
});
