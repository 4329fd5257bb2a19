import { describe, expect, it } from 'vitest';
import { silentLogger } from '../logger.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { openIterable } from './iterable-source.ts';

const boom = (): never => {
  throw new Error('boom');
};
const never = (): Promise<never> => new Promise(() => {});
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const iterable = (iterator: object): AsyncIterable<unknown> => ({
  [Symbol.asyncIterator]: () => iterator as AsyncIterator<unknown>,
});
const open = (tables: AsyncIterable<unknown>, clock = createManualClock()) =>
  openIterable(tables, clock, silentLogger);

/** What is heard of a source in a few turns. */
async function heard(
  next: () => unknown,
): Promise<{ readonly tables: unknown[]; readonly problems: unknown[] }> {
  let count = 0;
  const { source } = await open(
    iterable({
      next: () => ((count += 1) === 1 ? Promise.resolve({ done: false, value: 'first' }) : next()),
      return: boom,
    }),
  );
  const [tables, problems]: [unknown[], unknown[]] = [[], []];
  source.follow(
    (table) => tables.push(table),
    (said) => problems.push(...said),
  );
  await turns();
  expect(() => source.close()).not.toThrow();
  return { tables, problems };
}

describe('a source of routing tables', () => {
  it.each<[string, AsyncIterable<unknown>, RegExp]>([
    ['throws', { [Symbol.asyncIterator]: boom }, /routing: the source failed: boom/],
    ['is none', { [Symbol.asyncIterator]: () => undefined as never }, /routing: the source failed/],
    [
      'rejects',
      iterable({ next: () => Promise.reject(new Error('boom')) }),
      /routing: the source failed: boom/,
    ],
    ['gives nothing', iterable({ next: () => undefined }), /next gave undefined/],
    [
      'is empty',
      iterable({ next: () => Promise.resolve({ done: true, value: undefined }) }),
      /routing: the source ended without a table/,
    ],
  ])('that %s ends the start with a sentence', async (_how, tables, message) => {
    await expect(open(tables)).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      message: expect.stringMatching(message),
    });
  });

  it('that gives no table to begin with is not waited for', async () => {
    const clock = createManualClock();
    const opening = open(iterable({ next: never }), clock);
    opening.catch(() => undefined);
    clock.advance(5_000);
    await expect(opening).rejects.toThrow('routing: the source gave no table in 5 s');
  });

  it('that fails later is said, and the last table stays', async () => {
    expect(await heard(() => Promise.reject(new Error('boom')))).toEqual({
      tables: [],
      problems: ['source: failed, and gives no more tables (boom)'],
    });
    expect(await heard(boom)).toEqual({
      tables: [],
      problems: ['source: failed, and gives no more tables (boom)'],
    });
    expect(await heard(() => 5)).toEqual({
      tables: [],
      problems: ['source: failed, and gives no more tables (next gave 5)'],
    });
  });

  it('that always has another table lets everything else run', async () => {
    let count = 0;
    const { tables } = await heard(() => Promise.resolve({ done: false, value: (count += 1) }));
    expect(tables.length).toBeGreaterThan(100);
    expect(tables.length).toBeLessThan(10_000);
  });
});
