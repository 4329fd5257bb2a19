import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { runSoak } from '../src/soak/run-soak.ts';

// The short form of `npm run soak`: a day of it, with the same checks but for the heap, which takes days to tell.
it('ends a day of two accounts, killed twice, with a state that equals the truth', async () => {
  const report = await runSoak({ seed: 42, days: 1, seconds: () => performance.now() / 1000 });
  expect(report.failures).toEqual([]);
  expect(report).toMatchObject({ duplicates: 0, lost: 0, falseFailures: 0, unsettled: 0, unhandledRejections: 0, kills: 2, hubDrops: 43, revocations: 1, clockSteps: 2, sleeps: 1, rolls: 1 });
  expect(report.starts).toBeGreaterThanOrEqual(3);
  expect(report.logins).toBeGreaterThan(3);
  expect(report.outcomes['accepted']).toBeGreaterThan(300);
  expect(report.outcomes['unknown']).toBeGreaterThan(0);
  for (const name of ['503 before', '500 after', '429', 'reset after', 'no answer', 'empty answer']) expect(`${name} ${(report.faultsStruck[name] ?? 0) > 0 ? 'struck' : 'never struck'}`).toBe(`${name} struck`);
  for (const executor of ['fast', 'fallback']) expect(report.executors[executor]).toBeGreaterThan(20);
}, 10 * 60_000);
