import type { Bar } from '@hotpath/core';
import { expect, it } from 'vitest';
import { barsInSpan } from './bars-in-span.ts';

const minute = 60_000;
const hour = 60 * minute;
const friday = Date.UTC(2026, 10, 27, 22);
const sunday = Date.UTC(2026, 10, 29, 23);
/** A market that is closed over the weekend. */
function market() {
  const reads: (readonly [number, number])[] = [];
  const read = (from: number, to: number): Promise<readonly Bar[]> => {
    reads.push([from, to]);
    const bars: Bar[] = [];
    for (let at = Math.ceil(from / minute) * minute; at <= to; at += minute)
      if (at < friday || at >= sunday)
        bars.push({ at, open: 1, high: 1, low: 1, close: 1, volume: 1 });
    return Promise.resolve(bars);
  };
  return { reads, read };
}
const times = (bars: readonly Bar[]): number[] => bars.map(({ at }) => at);

it('gives the last bars before the market closed when it is closed', async () => {
  const { read, reads } = market();
  const bars = await barsInSpan(read, {
    spanMs: minute,
    since: undefined,
    limit: 3,
    until: sunday - 4 * hour,
  });
  expect(times(bars)).toEqual([friday - 3 * minute, friday - 2 * minute, friday - minute]);
  expect(reads.length).toBeLessThan(8);
});

it('goes on over a closed market from the last bar of the page before', async () => {
  const { read } = market();
  const bars = await barsInSpan(read, {
    spanMs: minute,
    since: friday - minute,
    limit: 3,
    until: sunday + hour,
  });
  expect(times(bars)).toEqual([friday - minute, sunday, sunday + minute]);
  expect(
    times(
      await barsInSpan(read, { spanMs: minute, since: friday, limit: 2, until: sunday + hour }),
    ),
  ).toEqual([sunday, sunday + minute]);
});

it('reads once, and no more than asked for, while the market is open', async () => {
  const { read, reads } = market();
  expect(
    await barsInSpan(read, { spanMs: minute, since: undefined, limit: 5, until: friday - hour }),
  ).toHaveLength(5);
  expect(
    await barsInSpan(read, {
      spanMs: minute,
      since: friday - 2 * hour,
      limit: 5,
      until: friday - hour,
    }),
  ).toHaveLength(5);
  expect(reads).toEqual([
    [friday - hour - 5 * minute, friday - hour],
    [friday - 2 * hour, friday - 2 * hour + 5 * minute],
  ]);
});

it('gives what there is, and nothing of after until', async () => {
  const { read } = market();
  expect(
    times(
      await barsInSpan(read, {
        spanMs: minute,
        since: friday - 2 * minute,
        limit: 10,
        until: friday - minute,
      }),
    ),
  ).toEqual([friday - 2 * minute, friday - minute]);
  expect(
    times(
      await barsInSpan(read, {
        spanMs: minute,
        since: friday - 2 * minute,
        limit: undefined,
        until: friday,
      }),
    ),
  ).toEqual([friday - 2 * minute, friday - minute]);
  expect(
    await barsInSpan(read, { spanMs: minute, since: sunday, limit: 10, until: friday }),
  ).toEqual([]);
  expect(
    await barsInSpan(() => Promise.resolve([]), {
      spanMs: minute,
      since: undefined,
      limit: 10,
      until: friday,
    }),
  ).toEqual([]);
});
