import { createManualClock } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { userHubTimings } from './hub-timings.ts';
import { HubWatch } from './hub-watch.ts';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A watch over a hub that is silent until a test says otherwise, and what it said. */
function watched() {
  const clock = createManualClock();
  const said: string[] = [];
  const watch = new HubWatch(
    {
      clock,
      timings: userHubTimings,
      probe: () => said.push('asked'),
      dead: (because) => said.push(because),
    },
    0,
  );
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await turns(60);
  };
  return { clock, said, watch, pass };
}

it('a hub that says nothing is asked, and is dead when it does not answer', async () => {
  const { said, watch, pass } = watched();
  for (let second = 0; second < 40; second += 1) await pass(1_000);
  expect(said[0]).toBe('asked');
  expect(said[1]).toMatch(/^nothing was heard for \d+ ms$/);
  watch.stop();
});

it('a bot that computes behind the question does not take a hub for dead whose answer it has not read', async () => {
  const { clock, said, watch, pass } = watched();
  for (let second = 0; second < 20; second += 1) await pass(1_000);
  expect(said).toEqual(['asked']);
  // The loop stands still for longer than the hub is waited for; the answer lies in the kernel.
  clock.standStill(15_000);
  clock.advance(1);
  expect(said).toEqual(['asked']);
  await turns(10);
  watch.heard();
  for (let second = 0; second < 15; second += 1) await pass(1_000);
  expect(said).toEqual(['asked']);
  watch.stop();
});

it('nor one that was silent before it, which has still not been heard after the next check', async () => {
  const { clock, said, watch, pass } = watched();
  for (let second = 0; second < 20; second += 1) await pass(1_000);
  clock.standStill(15_000);
  await pass(1);
  await pass(5_000);
  expect(said[1]).toMatch(/^nothing was heard for \d+ ms$/);
  watch.stop();
});
