// @runs-what-is-built
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

function found(TZ: string, ...differences: readonly string[]): unknown {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('zoneless-times.mjs', import.meta.url)), ...differences],
    { env: { ...process.env, TZ }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

it.each(['Pacific/Auckland', 'America/Chicago', 'UTC'])(
  'a simulator on a machine in %s reads a time without a zone as UTC',
  (zone) => {
    expect(found(zone)).toEqual({
      zone,
      orders: [1, 0],
      trades: [1, 0],
      query: [1, 0],
      bars: ['2026-09-21T13:55:00+00:00'],
    });
  },
);

it('a simulator told to be so reads it as one of its machine', () => {
  expect(found('Pacific/Auckland', 'local-times')).toMatchObject({
    orders: [1, 1],
    trades: [1, 1],
    query: [1, 1],
  });
});
