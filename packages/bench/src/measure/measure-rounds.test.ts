import { expect, it } from 'vitest';
import { measureRounds } from './measure-rounds.ts';
import type { MeasuredCase } from './measured-case.ts';
import { seededChance } from './seeded-chance.ts';

const label = {
  operation: 'place',
  transport: 'http',
  journal: 'none',
  rttMs: 0,
  load: 'one at a time',
} as const;

function casesThatTell(told: string[]): MeasuredCase[] {
  return ['a', 'b', 'c'].map((name) => ({
    ...label,
    name,
    once: () => Promise.resolve(void told.push(name)),
    close() {},
  }));
}

it('lets all cases take turns in every round, in an order that changes and that the seed decides', async () => {
  const run = async (seed: number): Promise<string> => {
    const told: string[] = [];
    await measureRounds(casesThatTell(told), {
      rounds: 8,
      perRound: 1,
      warmUp: 0,
      chance: seededChance(seed),
      progress() {},
    });
    return told.join('');
  };
  const turns = (await run(1)).match(/.../gu) ?? [];
  expect(turns).toHaveLength(8);
  for (const turn of turns) expect(turn.split('').toSorted().join('')).toBe('abc');
  expect(new Set(turns).size).toBeGreaterThan(1);
  expect(await run(1)).toBe(await run(1));
  expect(await run(2)).not.toBe(await run(1));
});

it('drops the orders of the warm-up and keeps every other one, round by round', async () => {
  const told: string[] = [];
  const measured = await measureRounds(casesThatTell(told), {
    rounds: 3,
    perRound: 4,
    warmUp: 5,
    chance: seededChance(1),
    progress() {},
  });
  expect(told).toHaveLength(3 * (5 + 3 * 4));
  for (const { rounds } of measured) expect(rounds.map(({ length }) => length)).toEqual([4, 4, 4]);
});

it('holds on to no case once it was measured', async () => {
  const [measured] = await measureRounds(casesThatTell([]), {
    rounds: 1,
    perRound: 1,
    warmUp: 0,
    chance: seededChance(1),
    progress() {},
  });
  expect(measured?.label).toEqual({ ...label, name: 'a' });
});
