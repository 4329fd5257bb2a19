// @runs-what-is-built
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Signal, Tick } from './backtest-kit-engine.ts';
import { BacktestKitTrial, long, minutes, names, opened } from './backtest-kit-trial.ts';

const trial = new BacktestKitTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

describe("backtest-kit's live engine on the simulator", () => {
  it(
    'closes parts, adds and refuses what is no whole contract, each under an id of its own',
    async () => {
      await trial.start([
        24_000, 24_000, 24_000, 24_100, 24_100, 24_100, 24_100, 24_100, 24_100, 24_100, 23_900,
      ]);
      const [id] = opened(await trial.engine.minute({ signal: { ...long, cost: 400 } }));
      for (let minute = 0; minute < 7; minute += 1) await trial.engine.minute();
      const refused = await trial.engine.minute({
        commits: [{ name: 'commitPartialProfit', value: [30] }],
      });
      expect([refused.told[0]?.error, trial.net()]).toEqual([
        expect.stringContaining('1.2; only whole contracts'),
        [4],
      ]);
      const half = await trial.engine.minute({
        commits: [{ name: 'commitPartialProfit', value: [50] }],
      });
      expect([half.told[0], trial.net()]).toEqual([
        { name: 'commitPartialProfit', done: true },
        [2],
      ]);
      const again = await trial.engine.minute({
        commits: [{ name: 'commitPartialProfit', value: [50] }],
      });
      expect([again.told[0], trial.net()]).toEqual([
        { name: 'commitPartialProfit', done: true },
        [1],
      ]);
      expect(trial.tags()).toEqual([id, `${id}-part-1`, `${id}-part-2`]);
      expect([names(await trial.closeIt()), trial.net()]).toEqual([['closed: closed'], []]);
    },
    2 * minutes,
  );

  it(
    'keeps stop and target at the venue, moves them with the engine, and tells the engine which of them filled',
    async () => {
      const prices = [
        24_000, 24_000, 24_000, 24_300, 24_300, 24_300, 24_300, 24_300, 24_300, 24_300, 24_300,
        24_500,
      ];
      await trial.start(
        prices,
        { accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }] },
        { host: { brackets: 'native' } },
      );
      const working = () =>
        trial.venue.gateway
          .truth()
          .orders.filter(({ status }) => status === 1)
          .map(({ type, size, limitPrice, stopPrice }) => ({
            type,
            size,
            price: limitPrice ?? stopPrice,
          }));
      const [id] = opened(await trial.engine.minute({ signal: long }));
      await trial.engine.minute();
      // At the engine's own prices, though the venue set them off from a fill a tick away.
      expect(working()).toEqual(
        expect.arrayContaining([
          { type: 1, size: 2, price: 24_400 },
          { type: 4, size: 2, price: 23_700 },
        ]),
      );
      for (let minute = 0; minute < 6; minute += 1) await trial.engine.minute();
      const moved = await trial.engine.minute({ commits: [{ name: 'commitBreakeven' }] });
      expect(moved.told).toEqual([{ name: 'commitBreakeven', done: true }]);
      const stop = working().find(({ type }) => type === 4);
      // Where the engine entered: an average of the minutes before.
      expect(Math.abs((stop?.price ?? 0) - 24_000)).toBeLessThan(10);
      const half = await trial.engine.minute({
        commits: [{ name: 'commitPartialProfit', value: [50] }],
      });
      expect([half.told[0], trial.net(), working().map(({ size }) => size)]).toEqual([
        { name: 'commitPartialProfit', done: true },
        [1],
        [1, 1],
      ]);
      // The price jumps through the target: the venue fills it, and the engine, whose average has not got there, is told.
      const said: Tick[] = [];
      for (let minute = 0; minute < 4; minute += 1) said.push(await trial.engine.minute());
      expect(said.flatMap(names)).toEqual(['closed: take_profit']);
      expect([trial.net(), working(), said.at(-1)?.held]).toEqual([[], [], null]);
      expect(trial.tags().filter((tag) => tag !== null && !/-(SL|TP)$/.test(tag))).toEqual([
        id,
        `${id}-part-1`,
      ]);
    },
    2 * minutes,
  );

  it(
    'rests an entry at its price, follows its fill, and cancels it when the engine drops it',
    async () => {
      const limit: Signal = { ...long, priceOpen: 23_950 };
      await trial.start(
        [24_000, 24_000, 24_000, 24_000, 23_940, 23_940, 23_940, 23_940, 24_000],
        {},
      );
      await trial.engine.minute({ signal: limit });
      expect(trial.venue.gateway.truth().orders).toMatchObject([
        { status: 1, type: 1, limitPrice: 23_950, size: 2 },
      ]);
      const said: Tick[] = [];
      for (let minute = 0; minute < 5; minute += 1) said.push(await trial.engine.minute());
      expect([said.flatMap(opened), trial.net(), said.at(-1)?.held?.id]).toEqual([
        trial.tags(),
        [2],
        trial.tags()[0],
      ]);
      await trial.closeIt();
      await trial.engine.minute({ signal: { ...limit, priceOpen: 23_800 } });
      expect(trial.venue.gateway.truth().orders.at(-1)).toMatchObject({
        status: 1,
        limitPrice: 23_800,
      });
      await trial.engine.minute({ cancelScheduled: true });
      await trial.engine.minute();
      expect([trial.venue.gateway.truth().orders.at(-1)?.status, trial.net()]).toEqual([3, []]);
    },
    2 * minutes,
  );

  it(
    'adds to a position under an id of its own, and trails stop and target at the venue',
    async () => {
      // Averages are only bought below the entry.
      const prices = [
        24_000, 24_000, 24_000, 23_990, 23_990, 23_990, 23_990, 23_990, 23_990, 23_990, 24_100,
        24_100, 24_100, 24_100, 24_100, 24_100, 24_100,
      ];
      await trial.start(
        prices,
        { accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }] },
        { host: { brackets: 'native' } },
      );
      const levels = () =>
        trial.venue.gateway
          .truth()
          .orders.filter(({ status }) => status === 1)
          .map(({ limitPrice, stopPrice }) => limitPrice ?? stopPrice ?? 0)
          .toSorted((one, other) => one - other);
      const [id] = opened(await trial.engine.minute({ signal: long }));
      for (let minute = 0; minute < 7; minute += 1) await trial.engine.minute();
      const added = await trial.engine.minute({
        commits: [{ name: 'commitAverageBuy', value: [200] }],
      });
      expect([added.told[0], trial.net()]).toEqual([{ name: 'commitAverageBuy', done: true }, [4]]);
      expect(trial.tags().filter((tag) => tag !== null && !/-(SL|TP)$/.test(tag))).toEqual([
        id,
        `${id}-avg-2`,
      ]);
      const before = levels();
      for (let minute = 0; minute < 6; minute += 1) await trial.engine.minute();
      const stop = await trial.engine.minute({
        commits: [{ name: 'commitTrailingStopCost', value: [23_800] }],
      });
      const target = await trial.engine.minute({
        commits: [{ name: 'commitTrailingTakeCost', value: [24_350] }],
      });
      expect([stop.told[0], target.told[0]]).toEqual([
        { name: 'commitTrailingStopCost', done: true },
        { name: 'commitTrailingTakeCost', done: true },
      ]);
      expect(levels()).not.toEqual(before);
      expect(new Set(levels())).toEqual(new Set([23_800, 24_350]));
      expect([names(await trial.closeIt()), trial.net()]).toEqual([['closed: closed'], []]);
    },
    2 * minutes,
  );

  it(
    'tells the engine of a stop that filled at the venue',
    async () => {
      const prices = [24_000, 24_000, 24_000, 24_000, 23_600];
      await trial.start(
        prices,
        { accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }] },
        { host: { brackets: 'native' } },
      );
      await trial.engine.minute({ signal: long });
      const said: Tick[] = [];
      for (let minute = 0; minute < 5; minute += 1) said.push(await trial.engine.minute());
      expect(said.flatMap(names)).toEqual(['closed: stop_loss']);
      expect([trial.net(), said.at(-1)?.held]).toEqual([[], null]);
    },
    2 * minutes,
  );
});
