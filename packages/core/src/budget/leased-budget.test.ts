import { describe, expect, it } from 'vitest';
import type { Lane } from '../adapter.ts';
import type { Logger } from '../logger.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { BudgetLease, BudgetSettlement, BudgetSource } from './budget-source.ts';
import { LeasedBudget } from './leased-budget.ts';

const limit = { requests: 200, windowMs: 60_000, reserve: 60 };
/** Lets time pass, and what waits for it go on. */
async function pass(clock: ManualClock, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 50) {
    clock.advance(50);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
/** Waits for it while time passes. */
async function during<Value>(clock: ManualClock, work: Promise<Value>): Promise<Value> {
  const underway = new Set([work]);
  const done = work.finally(() => underway.delete(work));
  while (underway.has(work)) await pass(clock, 50);
  return done;
}
const never = (): Promise<never> => new Promise(() => undefined);
const lends = (wanted: { readonly general: number; readonly reserve: number }): BudgetLease => ({
  ...wanted,
  keeper: 'mine',
  validMs: 2_000,
  heldForMs: 0,
});

interface Scene {
  readonly budget: LeasedBudget;
  readonly clock: ManualClock;
  readonly said: string[];
  readonly settled: BudgetSettlement[];
  readonly wanted: { readonly general: number; readonly reserve: number }[];
  /** What the source does from now on. */
  exchange: BudgetSource['exchange'];
  closing: BudgetSource['close'];
  readonly admitted: (lane: Lane, times: number) => number;
}
function scene(
  first: BudgetSource['exchange'] = (_settled, wanted) => Promise.resolve(lends(wanted)),
  more: Partial<BudgetSource> = {},
): Scene {
  const clock = createManualClock();
  const said: string[] = [];
  const say = (fields: object, message: string): void =>
    void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Logger = { debug: say, info: say, warn: say, error: say };
  const made: Omit<Scene, 'budget' | 'admitted'> = {
    clock,
    said,
    settled: [],
    wanted: [],
    exchange: first,
    closing: () => Promise.resolve(),
  };
  const source: BudgetSource = {
    exchange(settled, wanted) {
      made.settled.push(settled);
      made.wanted.push(wanted);
      return made.exchange(settled, wanted);
    },
    throttled: () => undefined,
    close: () => made.closing(),
    ...more,
  };
  const budget = new LeasedBudget(limit, source, clock, log);
  return Object.assign(made, {
    budget,
    admitted: (lane: Lane, times: number) =>
      Array.from({ length: times }, () => budget.admit(lane)).filter((is) => is.admitted).length,
  });
}
const lanes = ['place', 'modify', 'read', 'resolve'] as const;

describe("a source of one's own", () => {
  it('is asked ahead, told what was spent and what is left in hand, and may be away', async () => {
    const made = scene();
    const { budget, clock } = made;
    await budget.open();
    budget.admit('place');
    await pass(clock, 1_000);
    expect(made.wanted.slice(0, 2)).toEqual([
      { general: 35, reserve: 10 },
      { general: 1, reserve: 0 },
    ]);
    expect(made.settled.slice(0, 2)).toEqual([
      {
        general: 0,
        reserve: 0,
        spentAgesMs: [],
        inHand: { keeper: undefined, general: 0, reserve: 0 },
      },
      {
        general: 1,
        reserve: 0,
        spentAgesMs: [1_000],
        inHand: { keeper: 'mine', general: 34, reserve: 10 },
      },
    ]);
    made.exchange = () => Promise.reject(new Error('away'));
    await pass(clock, 3_000);
    expect(budget.admit('place')).toEqual({
      admitted: false,
      retryAfterMs: 250,
      nobodyLends: true,
    });
    made.exchange = (_settled, wanted) => Promise.resolve(lends(wanted));
    await pass(clock, 500);
    expect(budget.admit('place')).toEqual({ admitted: true });
    await budget.close();
  });

  it('that says how many processes there are is asked for a part each and two over', async () => {
    const made = scene((_settled, wanted) => Promise.resolve({ ...lends(wanted), processes: 1 }));
    await made.budget.open();
    await pass(made.clock, 500);
    expect(made.wanted.slice(0, 2)).toEqual([
      { general: 35, reserve: 10 },
      { general: 11, reserve: 3 },
    ]);
    made.exchange = (_settled, wanted) => Promise.resolve({ ...lends(wanted), processes: 4 });
    await pass(made.clock, 2_500);
    // What is more than its part now is given back, unspent.
    expect(made.settled.find(({ general }) => general > 0)).toEqual({
      general: 23,
      reserve: 7,
      spentAgesMs: [],
      inHand: { keeper: 'mine', general: 23, reserve: 6 },
    });
  });

  it('that knows what all have spent keeps reads, lookups and cancels below their lines', async () => {
    const made = scene((_settled, wanted) => Promise.resolve({ ...lends(wanted), used: 98 }));
    await made.budget.open();
    expect([made.admitted('read', 9), made.admitted('place', 4)]).toEqual([2, 4]);
    made.exchange = (_settled, wanted) => Promise.resolve({ ...lends(wanted), used: 148 });
    await pass(made.clock, 2_000);
    expect([
      made.admitted('place', 5),
      made.admitted('resolve', 5),
      made.admitted('cancel', 5),
    ]).toEqual([0, 2, 5]);
    expect(made.budget.report()).toMatchObject({
      used: 155,
      left: { entries: 0, reads: 0, lookups: 0 },
    });
  });
});

const away: readonly (readonly [string, BudgetSource['exchange']])[] = [
  ['rejects', () => Promise.reject(new Error('away'))],
  [
    'throws',
    () => {
      throw new Error('away');
    },
  ],
  ['never answers', never],
  ['gives nothing', () => Promise.resolve(undefined as never)],
  ['leaves fields out', () => Promise.resolve({ general: 5 } as never)],
  ['lends NaN', (_settled, wanted) => Promise.resolve({ ...lends(wanted), general: Number.NaN })],
  [
    'lends less than nothing',
    (_settled, wanted) => Promise.resolve({ ...lends(wanted), reserve: -1 }),
  ],
  [
    'lends for NaN milliseconds',
    (_settled, wanted) => Promise.resolve({ ...lends(wanted), validMs: Number.NaN }),
  ],
  [
    'lends in text',
    (_settled, wanted) => Promise.resolve({ ...lends(wanted), general: '35' as never }),
  ],
  [
    'names no keeper',
    (_settled, wanted) => Promise.resolve({ ...lends(wanted), keeper: 7 as never }),
  ],
];

describe.each(away)('while the source %s', (_how, exchange) => {
  it('exits spend a share of their own, and everything else is told that nobody lends', async () => {
    const { budget, clock, admitted } = scene(exchange);
    await during(clock, budget.open());
    expect(lanes.map((lane) => budget.admit(lane))).toEqual(
      lanes.map(() => ({ admitted: false, retryAfterMs: 250, nobodyLends: true })),
    );
    expect([admitted('look', 3), admitted('cancel', 5), admitted('close', 30)]).toEqual([2, 5, 13]);
    expect(budget.report()).toMatchObject({
      used: 20,
      left: { entries: 0, reads: 0, closes: 0 },
      shared: {
        with: 'source',
        nobodyLendsSince: expect.any(Number) as unknown,
        ownShare: { requests: 20, used: 20 },
      },
    });
  });

  it('the log says so once, and once that it is over', async () => {
    const made = scene(exchange);
    const { budget, clock, said } = made;
    await during(clock, budget.open());
    for (let order = 0; order < 50; order += 1) {
      budget.admit('place');
      await pass(clock, 100);
    }
    expect(said.filter((line) => line.startsWith('nobody lends'))).toHaveLength(1);
    expect(said).toHaveLength(1);
    made.exchange = (_settled, wanted) => Promise.resolve(lends(wanted));
    await pass(clock, 5_000);
    expect(said.slice(1)).toEqual([expect.stringContaining('lent again')]);
    expect(budget.report().shared?.nobodyLendsSince).toBeUndefined();
    expect(budget.admit('place')).toEqual({ admitted: true });
  });

  it('opening and closing take seconds', async () => {
    const { budget, clock } = scene(exchange);
    const begun = clock.monotonic();
    await during(clock, budget.open());
    await during(clock, budget.close());
    expect(clock.monotonic() - begun).toBeLessThanOrEqual(6_000);
  });
});

describe('what a source lends', () => {
  it('is never more than was wanted, and the log says once that it was', async () => {
    const { budget, clock, said, admitted } = scene(() =>
      Promise.resolve({
        general: 1e9,
        reserve: Number.POSITIVE_INFINITY,
        keeper: 'mine',
        validMs: 2_000,
        heldForMs: 0,
      }),
    );
    await budget.open();
    expect([admitted('place', 300), admitted('close', 300)]).toEqual([35, 30]);
    await pass(clock, 5_000);
    expect(said).toEqual([
      expect.stringContaining('general is 1000000000, and 35 were wanted'),
      ...said.slice(1),
    ]);
    expect(said.length).toBeLessThanOrEqual(4);
  });

  it('is spent for ten seconds at the most, however long the lease', async () => {
    const made = scene((_settled, wanted) =>
      Promise.resolve({ ...lends(wanted), validMs: Number.POSITIVE_INFINITY }),
    );
    const { budget, clock } = made;
    await budget.open();
    made.exchange = never;
    await pass(clock, 9_900);
    expect(budget.admit('place').admitted).toBe(true);
    await pass(clock, 200);
    expect(budget.admit('place').admitted).toBe(false);
  });

  it('holds back for an hour at the most', async () => {
    const { budget } = scene((_settled, wanted) =>
      Promise.resolve({ ...lends(wanted), heldForMs: 1e15 }),
    );
    await budget.open();
    expect(budget.report().heldForMs).toBe(3_600_000);
    expect(budget.admit('place')).toMatchObject({ admitted: false, retryAfterMs: 3_600_000 });
    expect(budget.admit('cancel').admitted).toBe(true);
  });

  it('counts from the question, not from an answer that was read late', async () => {
    let answer = (): void => undefined;
    const { budget, clock } = scene(
      (_settled, wanted) => new Promise((resolve) => void (answer = () => resolve(lends(wanted)))),
    );
    const opened = budget.open();
    await pass(clock, 1_500);
    answer();
    await opened;
    expect(budget.admit('place').admitted).toBe(true);
    clock.advance(600);
    expect(budget.admit('place').admitted).toBe(false);
  });

  it('is given back where it came too late', async () => {
    let answer = (): void => undefined;
    const made = scene(
      (_settled, wanted) => new Promise((resolve) => void (answer = () => resolve(lends(wanted)))),
    );
    const { budget, clock } = made;
    await during(clock, budget.open());
    made.exchange = (_settled, wanted) => Promise.resolve(lends(wanted));
    answer();
    await pass(clock, 500);
    expect(made.settled[1]).toMatchObject({ general: 35, reserve: 10, spentAgesMs: [] });
    expect(budget.admit('place').admitted).toBe(true);
  });
});

describe('the share that exits spend when nobody lends', () => {
  it('is settled, with its ages, when somebody does', async () => {
    const made = scene(() => Promise.reject(new Error('away')));
    const { budget, clock } = made;
    await budget.open();
    for (let count = 0; count < 4; count += 1) budget.admit('close');
    await pass(clock, 1_000);
    made.exchange = (_settled, wanted) => Promise.resolve(lends(wanted));
    await pass(clock, 300);
    const { general, reserve, spentAgesMs } = made.settled.at(-1) ?? {
      general: 1,
      reserve: 1,
      spentAgesMs: [],
    };
    expect([general, reserve]).toEqual([0, 0]);
    expect(spentAgesMs).toHaveLength(4);
    expect(Math.min(...spentAgesMs)).toBeGreaterThanOrEqual(1_000);
  });

  it('is what open positions take, however many processes there are', async () => {
    const made = scene((_settled, wanted) => Promise.resolve({ ...lends(wanted), processes: 100 }));
    const { budget, clock, admitted } = made;
    await budget.open();
    budget.keepForExits(5);
    made.exchange = never;
    await pass(clock, 3_000);
    expect(admitted('close', 30)).toBe(5);
    expect(budget.report().shared).toMatchObject({
      processes: 100,
      ownShare: { requests: 5, used: 5 },
    });
  });

  it('is there for a burst that is more than what is in hand', async () => {
    const { budget, admitted } = scene();
    await budget.open();
    expect(admitted('cancel', 100)).toBe(35 + 10 + 18);
  });
});

describe('a budget that is closed', () => {
  it('waits for no source that hangs only then', async () => {
    const made = scene();
    const { budget, clock, said } = made;
    await budget.open();
    [made.exchange, made.closing] = [never, never];
    const begun = clock.monotonic();
    await during(clock, budget.close());
    expect(clock.monotonic() - begun).toBeLessThanOrEqual(3_500);
    expect(said).toEqual([
      expect.stringContaining('could not be settled'),
      expect.stringContaining('did not close'),
    ]);
  });

  it('minds nothing that a source throws, then or at a 429', async () => {
    const thrower = (): never => {
      throw new Error('lost');
    };
    const { budget, clock, said } = scene(undefined, { close: thrower, throttled: thrower });
    await budget.open();
    budget.throttled(1_000);
    budget.throttled(1_000);
    expect(budget.report().heldForMs).toBe(1_000);
    await during(clock, budget.close());
    expect(said).toEqual([
      expect.stringContaining('not told of a 429'),
      expect.stringContaining('did not close'),
    ]);
  });

  it('has asked a source that never answers no more often than it may pile up', async () => {
    const made = scene(never);
    const { budget, clock } = made;
    await during(clock, budget.open());
    await pass(clock, 120_000);
    for (let order = 0; order < 100; order += 1) {
      budget.admit('place');
      await pass(clock, 50);
    }
    expect(made.wanted.length).toBeLessThanOrEqual(11);
    await during(clock, budget.close());
  });
});
