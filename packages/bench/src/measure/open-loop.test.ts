import { expect, it } from 'vitest';
import { openLoop } from './open-loop.ts';

it('counts from the due time, also of orders that were due while the loop stood still', async () => {
  let sent = 0;
  const taken = await openLoop(
    () => {
      sent += 1;
      // The first one holds up the loop in which ten others fall due.
      if (sent === 1) for (const until = performance.now() + 20; performance.now() < until;);
      return Promise.resolve();
    },
    500,
    11,
  );
  expect(taken).toHaveLength(11);
  // Due 2, 4, 6 … ms after the first, and sent no sooner than it ended.
  for (const [index, us] of taken.slice(0, 10).entries())
    expect(us).toBeGreaterThanOrEqual((20 - 2 * index) * 1_000 - 1);
});

it('sends an order though the one before has no answer', async () => {
  const answers: (() => void)[] = [];
  const all = openLoop(
    () =>
      new Promise<void>((resolve) => {
        answers.push(resolve);
        if (answers.length === 5) for (const answer of answers) answer();
      }),
    1_000,
    5,
  );
  expect(await all).toHaveLength(5);
});
