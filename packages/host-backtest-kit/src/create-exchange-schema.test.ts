import type { Bar, Clock } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { notWritten, scriptedAdapter, scriptedExecutor, testContract } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { createExchangeSchema } from './create-exchange-schema.ts';

const minute = 60_000;
const end = 1000 * minute;
const bar = (at: number, close: number): Bar => ({
  at,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
});

async function candlesOf(bars: readonly Bar[], late: readonly Bar[], sinceEnd: number) {
  const waits: number[] = [];
  let shown = bars;
  const clock: Clock = {
    now: () => end + sinceEnd,
    monotonic: () => 0,
    setTimer: (afterMs, fire) => {
      waits.push(afterMs);
      shown = [...bars, ...late];
      queueMicrotask(fire);
      return { cancel: () => undefined };
    },
  };
  await using broker = await createBroker({
    adapter: scriptedAdapter({
      contracts: [testContract({ root: 'MNQ' })],
      bars: ({ from, to = Infinity }) =>
        Promise.resolve(shown.filter(({ at }) => at >= from && at < to)),
    }),
    executors: { only: scriptedExecutor(() => notWritten()) },
    routing: { version: 1, salt: 'bars', default: { only: 100 } },
    journal: memoryJournal(),
  });
  const { getCandles } = createExchangeSchema({ broker, exchangeName: 'topstepx', clock });
  const candles = await getCandles('MNQ', '1m', new Date(end - 3 * minute), 3, false);
  return { waits, closes: candles.map(({ close, volume }) => [close, volume]) };
}
const whole = [bar(end - 3 * minute, 1), bar(end - 2 * minute, 2)];

it('waits for a bar that is late, and takes it', async () => {
  expect(await candlesOf(whole, [bar(end - minute, 3)], 1000)).toEqual({
    waits: [2000],
    closes: [
      [1, 1],
      [2, 1],
      [3, 1],
    ],
  });
});

it('takes a minute without a bar for one without a trade once it is no more late', async () => {
  expect(await candlesOf(whole, [], 1000)).toEqual({
    waits: [2000],
    closes: [
      [1, 1],
      [2, 1],
      [2, 0],
    ],
  });
  expect(await candlesOf(whole, [], 3000)).toEqual({
    waits: [],
    closes: [
      [1, 1],
      [2, 1],
      [2, 0],
    ],
  });
});
