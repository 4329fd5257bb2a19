import { expect, it } from 'vitest';
import { DelayLine } from './delay-line.ts';

it('does nothing before its time, and what is due first, first; of one time in the order in which it came', async () => {
  const line = new DelayLine();
  const begun = performance.now();
  const acted: (readonly [name: string, afterMs: number])[] = [];
  const act = (name: string) => (): void => void acted.push([name, performance.now() - begun]);
  line.push(begun + 12, act('third'));
  line.push(begun + 4, act('first'));
  line.push(begun + 8, act('second'));
  line.push(begun + 8, act('second, later'));
  await new Promise<void>((resolve) => line.push(begun + 16, resolve));
  expect(acted.map(([name]) => name)).toEqual(['first', 'second', 'second, later', 'third']);
  for (const [index, due] of [4, 8, 8, 12].entries())
    expect(acted[index]?.[1]).toBeGreaterThanOrEqual(due);
});

it('takes what is pushed by something that is being done', async () => {
  const line = new DelayLine();
  const acted: string[] = [];
  await new Promise<void>((resolve) => {
    line.push(performance.now() + 2, () => {
      acted.push('outer');
      line.push(performance.now(), () => acted.push('inner'));
      line.push(performance.now() + 1, resolve);
    });
  });
  expect(acted).toEqual(['outer', 'inner']);
});
