// @runs-what-is-built
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SoakReport } from '../src/soak/soak-report.ts';
import { workspaceRoot } from './document-snippets.ts';

const minutes = 60_000;
// The short form of `npm run soak`: a day of it, with the same checks but for the heap, which takes days to tell.
it(
  'a day of two accounts, killed twice with kill -9, ends with a state that equals the truth',
  () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      [
        join(workspaceRoot, 'packages/system-tests/dist/soak/main.js'),
        '--seed',
        '42',
        '--days',
        '1',
        '--json',
      ],
      { encoding: 'utf8' },
    );
    const report = JSON.parse(stdout) as SoakReport;
    expect(report.failures).toEqual([]);
    expect(status).toBe(0);
    expect(report).toMatchObject({
      duplicates: 0,
      lost: 0,
      falseFailures: 0,
      unsettled: 0,
      unhandledRejections: 0,
      kills: 2,
      hubDrops: 43,
      revocations: 1,
      clockSteps: 2,
      sleeps: 1,
      rolls: 1,
    });
    expect(report.starts).toBeGreaterThanOrEqual(3);
    expect(report.logins).toBeGreaterThan(3);
    expect(report.outcomes['accepted']).toBeGreaterThan(300);
    expect(report.outcomes['unknown']).toBeGreaterThan(0);
    for (const name of [
      '503 before',
      '500 after',
      '429',
      'reset after',
      'no answer',
      'empty answer',
    ])
      expect(`${name} ${(report.faultsStruck[name] ?? 0) > 0 ? 'struck' : 'never struck'}`).toBe(
        `${name} struck`,
      );
    for (const executor of ['fast', 'fallback'])
      expect(report.executors[executor]).toBeGreaterThan(20);
  },
  10 * minutes,
);
