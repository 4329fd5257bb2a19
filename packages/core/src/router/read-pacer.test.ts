import { describe, expect, it } from 'vitest';
import type { Lane } from '../adapter.ts';
import { RateBudget } from '../budget/rate-budget.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import type { Paced } from './read-pacer.ts';
import { ReadPacer } from './read-pacer.ts';

const limit = { requests: 20, windowMs: 6_000, reserve: 6 };

interface Scene {
  readonly clock: ManualClock;
  readonly budget: RateBudget;
  readonly pacer: ReadPacer;
  /** What became of each read by its name, in the order of the ends. */
  readonly ended: string[];
  readonly read: (name: string, lane?: Lane, timeoutMs?: number, signal?: AbortSignal) => void;
  readonly pass: (milliseconds: number) => Promise<void>;
}
function scene(): Scene {
  const clock = createManualClock();
  const budget = new RateBudget(limit, clock);
  const pacer = new ReadPacer(clock);
  const ended: string[] = [];
  return {
    clock,
    budget,
    pacer,
    ended,
    read(name, lane = 'read', timeoutMs = 10_000, signal) {
      const took = (paced: Paced): void => void ended.push(`${name} ${paced.is}`);
      void Promise.resolve(pacer.admit(budget, lane, timeoutMs, signal)).then(took);
    },
    async pass(milliseconds) {
      for (let passed = 0; passed < milliseconds; passed += 100) {
        await Promise.resolve();
        clock.advance(100);
      }
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
  };
}

describe('a read for which there is no room', () => {
  it('waits for it, and leaves in the order of the calls', async () => {
    const { ended, read, pass } = scene();
    for (let count = 0; count < 10; count += 1) read(`early-${count}`);
    await pass(1_000);
    expect(ended).toHaveLength(10);
    for (const name of ['a', 'b', 'c']) read(name);
    await pass(4_900);
    expect(ended.slice(10)).toEqual([]);
    await pass(500);
    expect(ended.slice(10)).toEqual(['a admitted', 'b admitted', 'c admitted']);
  });

  it('does not wait where it is known to be in vain, and leaves its answer time', async () => {
    const { ended, read, pass, budget } = scene();
    for (let count = 0; count < 10; count += 1) read(`early-${count}`);
    await pass(100);
    read('hurried', 'read', 4_000);
    await pass(100);
    expect(ended.at(-1)).toBe('hurried refused');
    budget.throttled(3_600_000);
    read('held', 'read', 10_000);
    await pass(100);
    expect(ended.at(-1)).toBe('held refused');
  });

  it('keeps no entry, no lookup and no exit waiting', async () => {
    const { ended, read, pass, budget } = scene();
    for (let count = 0; count < 30; count += 1) read(`poll-${count}`);
    await pass(100);
    expect(ended).toHaveLength(10);
    expect(budget.admit('place').admitted).toBe(true);
    for (const lane of ['modify', 'resolve', 'look', 'cancel', 'close'] as const) read(lane, lane);
    await pass(100);
    expect(ended.slice(10)).toEqual([
      'modify admitted',
      'resolve admitted',
      'look admitted',
      'cancel admitted',
      'close admitted',
    ]);
  });

  it('of an exit waits a second at the most', async () => {
    const { ended, read, pass, budget, clock } = scene();
    for (let count = 0; count < 20; count += 1) budget.admit('close');
    clock.advance(5_500);
    read('close', 'close');
    await pass(600);
    expect(ended).toEqual(['close admitted']);
    for (let count = 0; count < 20; count += 1) budget.admit('close');
    read('late', 'close');
    await pass(1_100);
    expect(ended[1]).toBe('late refused');
  });

  it('is refused when a hundred wait already', async () => {
    const { ended, read, pass } = scene();
    for (let count = 0; count < 10; count += 1) read('early');
    await pass(3_000);
    for (let count = 0; count < 101; count += 1) read(`w${count}`);
    await pass(100);
    expect(ended.slice(10)).toEqual(['w100 refused']);
  });

  it('ends at once when its signal is aborted, and when the broker is closed; nothing waits behind that', async () => {
    const { ended, read, pass, pacer, clock } = scene();
    for (let count = 0; count < 10; count += 1) read('early');
    await pass(3_000);
    const controller = new AbortController();
    read('aborted', 'read', 10_000, controller.signal);
    read('closed');
    const before = clock.monotonic();
    controller.abort();
    pacer.close();
    read('behind');
    await pass(0);
    expect(clock.monotonic()).toBe(before);
    expect(ended.slice(10)).toEqual(['aborted aborted', 'closed closed', 'behind closed']);
  });
});
