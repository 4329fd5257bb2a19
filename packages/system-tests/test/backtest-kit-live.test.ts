// @runs-what-is-built
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gateway, GatewayOptions, ManualGatewayClock } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Signal, Tick } from './backtest-kit-engine.ts';
import { EngineProcess, startSlowVenue } from './backtest-kit-engine.ts';

const minutes = 60_000;
const evenly = { version: 1, salt: 'kit', default: { fast: 50, fallback: 50 } };
const still = [24_000];
/** Far from where the price goes: such a position is only closed when it is told to. */
const long: Signal = {
  position: 'long',
  priceTakeProfit: 24_400,
  priceStopLoss: 23_700,
  cost: 200,
  minuteEstimatedTime: 600,
};
const close = { commits: [{ name: 'commitClosePending' }] };

let folder: string;
let venue: { readonly gateway: Gateway; readonly clock: ManualGatewayClock };
let engine: EngineProcess;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'backtest-kit-'))));
afterEach(async () => {
  await engine.end();
  await venue.gateway.close();
  rmSync(folder, { recursive: true });
});

async function start(
  prices: readonly number[],
  options: Partial<GatewayOptions> = {},
  settings: object = {},
): Promise<Tick> {
  venue = await startSlowVenue(prices, options);
  return restart(settings);
}
async function restart(settings: object = {}): Promise<Tick> {
  engine = new EngineProcess(venue, folder, { routing: evenly, ...settings });
  return engine.next();
}
const names = ({ told }: Tick): string[] =>
  told.map(({ name, because }) => (because === undefined ? name : `${name}: ${because}`));
const tags = (): (string | null)[] =>
  venue.gateway.truth().orders.map(({ customTag }) => customTag);
/** A long is type 1. */
const heldRow: z.ZodType<{ type: number; size: number }> = z.object({
  type: z.number(),
  size: z.number(),
});
const net = (): number[] =>
  venue.gateway
    .truth()
    .positions.map((row) => heldRow.parse(row))
    .map(({ type, size }) => (type === 1 ? size : -size));

const opened = ({ told }: Tick): string[] =>
  told.filter(({ name }) => name === 'opened').map(({ id }) => id ?? '');
/** Two minutes: the engine takes the command in one tick and closes in the next. */
async function closeIt(): Promise<Tick> {
  await engine.minute(close);
  return engine.minute();
}

describe("backtest-kit's live engine on the simulator", () => {
  it(
    'trades through both executors while answers get lost and an open is refused: one venue order for each signal, and the venue holds what the engine holds',
    async () => {
      // The 2nd, 4th, 6th and 7th order, the 2nd and 4th close: a rule counts what no rule before it struck.
      const faults: GatewayOptions['faults'] = [
        { endpoint: 'Order/place', nth: 2, fault: { kind: 'reset', at: 'after-accepting' } },
        {
          endpoint: 'Order/place',
          nth: 3,
          fault: {
            kind: 'answer',
            errorCode: 2,
            errorMessage: 'Account has insufficient funds',
            at: 'before-accepting',
          },
        },
        { endpoint: 'Order/place', nth: 4, fault: { kind: 'stall', at: 'after-accepting' } },
        {
          endpoint: 'Order/place',
          nth: 4,
          fault: { kind: 'status', status: 502, at: 'after-accepting' },
        },
        {
          endpoint: 'Position/closeContract',
          nth: 2,
          fault: { kind: 'reset', at: 'after-accepting' },
        },
        {
          endpoint: 'Position/closeContract',
          nth: 3,
          fault: { kind: 'status', status: 500, at: 'after-accepting' },
        },
      ];
      await start(still, { faults }, { broker: { settleMs: 500 } });
      const ids: string[] = [];
      const story: (string | number)[][] = [];
      const executors = new Set<string>();
      for (let round = 1; round <= 8; round += 1) {
        let entry = await engine.minute({ signal: long });
        // After a close without an answer nothing enters for `settleMs`, less than the minute that passes in earnest: the engine is told no, and nothing is sent.
        while (names(entry).some((name) => name.includes('CLOSE_UNSETTLED')))
          entry = await engine.minute({ signal: long });
        const [id] = opened(entry);
        for (const { executor } of entry.delivered) executors.add(executor);
        story.push([
          id === entry.held?.id ? (id === undefined ? 'refused' : 'opened') : 'differs',
          ...net(),
        ]);
        if (id === undefined) continue;
        ids.push(id);
        const exit = await closeIt();
        story.push([...names(exit), ...net()]);
        expect(exit.held).toBe(null);
      }
      const [round, refused] = [[['opened', 2], ['closed: closed']], [['refused']]];
      expect(story).toEqual([
        ...round,
        ...round,
        ...round,
        ...refused,
        ...round,
        ...round,
        ...round,
        ...round,
      ]);
      expect(tags().filter((tag) => tag !== null)).toEqual(ids);
      expect(new Set(ids).size).toBe(7);
      expect([...executors].toSorted()).toEqual(['fallback', 'fast']);
      expect(Object.values(venue.gateway.faults.counts()).map(({ struck }) => struck)).toEqual(
        faults.map(() => 1),
      );
    },
    2 * minutes,
  );

  it.each([
    ['that the venue has', { kind: 'stall', at: 'after-accepting' } as const],
    [
      'that the venue gets only after the restart',
      { kind: 'stall', at: 'before-accepting', forMs: 3000 } as const,
    ],
  ])(
    'killed with an open under way %s, finds it after the restart under the same signal, and sends it once',
    async (_name, fault) => {
      await start(still, { faults: [{ endpoint: 'Order/place', nth: 1, fault }] });
      engine.begin({ signal: long });
      await expect
        .poll(() => Object.values(venue.gateway.faults.counts()).map(({ struck }) => struck), {
          timeout: 10_000,
        })
        .toEqual([1]);
      await engine.kill();
      let tick = await restart();
      // An event of the order may have opened the position before the kill; otherwise the engine opens it now.
      for (let minute = 0; minute < 4 && tick.held === null; minute += 1)
        tick = await engine.minute();
      expect(tags()).toHaveLength(1);
      expect([tick.held?.id, net()]).toEqual([tags()[0], [2]]);
      expect([names(await closeIt()), net()]).toEqual([['closed: closed'], []]);
    },
    2 * minutes,
  );

  it(
    'killed in mid-position, goes on with it after the restart',
    async () => {
      await start(still);
      const [id] = opened(await engine.minute({ signal: long }));
      await engine.minute();
      await engine.kill();
      expect((await restart()).held?.id).toBe(id);
      expect([names(await closeIt()), tags(), net()]).toEqual([['closed: closed'], [id, null], []]);
    },
    2 * minutes,
  );

  it(
    'gives an open up that never shows, with an event and without the end of the process, and trades on',
    async () => {
      await start(
        still,
        {
          faults: [
            { endpoint: 'Order/place', nth: 1, fault: { kind: 'reset', at: 'after-reading' } },
          ],
        },
        { broker: { settleMs: 300, outcomeWithinMs: 500 } },
      );
      const said: Tick[] = [await engine.minute({ signal: long })];
      for (let minute = 1; minute < 6; minute += 1) said.push(await engine.minute());
      expect(said.flatMap(({ events }) => events.map(({ name }) => name))).toEqual([
        'open-dropped',
      ]);
      expect(said.at(-1)?.events).toHaveLength(1);
      expect(said.flatMap(names).filter((name) => !name.startsWith('error'))).toEqual([]);
      expect(
        said.flatMap(({ delivered }) => delivered.filter(({ operation }) => operation === 'place')),
      ).toHaveLength(1);
      expect(tags()).toEqual([]);
      expect(opened(await engine.minute({ signal: long }))).toEqual(tags());
      expect(net()).toEqual([2]);
    },
    2 * minutes,
  );

  it(
    'keeps a position and its closing whole while the percentages change',
    async () => {
      const routing = join(folder, 'routing.json');
      const table = (fast: number): void =>
        writeFileSync(
          routing,
          JSON.stringify({ version: 1, salt: 'kit', default: { fast, fallback: 100 - fast } }),
        );
      table(100);
      await start(still, {}, { routing });
      const first = await engine.minute({ signal: long });
      table(0);
      // The file is watched: an edit is in force when the broker says so.
      while (!(await engine.minute()).events.some(({ name }) => name === 'rollout.changed'));
      const second = await closeIt();
      const third = await engine.minute({ signal: long });
      expect(
        [...first.delivered, ...second.delivered, ...third.delivered].map(
          ({ operation, executor }) => `${operation} ${executor}`,
        ),
      ).toEqual(['place fast', 'close fallback', 'place fallback']);
      expect([third.held?.id, net()]).toEqual([opened(third)[0], [2]]);
      expect(tags().filter((tag) => tag !== null)).toEqual([...opened(first), ...opened(third)]);
    },
    2 * minutes,
  );

  it(
    'closes parts, adds and refuses what is no whole contract, each under an id of its own',
    async () => {
      await start([
        24_000, 24_000, 24_000, 24_100, 24_100, 24_100, 24_100, 24_100, 24_100, 24_100, 23_900,
      ]);
      const [id] = opened(await engine.minute({ signal: { ...long, cost: 400 } }));
      for (let minute = 0; minute < 7; minute += 1) await engine.minute();
      const refused = await engine.minute({
        commits: [{ name: 'commitPartialProfit', value: [30] }],
      });
      expect([refused.told[0]?.error, net()]).toEqual([
        expect.stringContaining('1.2; only whole contracts'),
        [4],
      ]);
      const half = await engine.minute({ commits: [{ name: 'commitPartialProfit', value: [50] }] });
      expect([half.told[0], net()]).toEqual([{ name: 'commitPartialProfit', done: true }, [2]]);
      const again = await engine.minute({
        commits: [{ name: 'commitPartialProfit', value: [50] }],
      });
      expect([again.told[0], net()]).toEqual([{ name: 'commitPartialProfit', done: true }, [1]]);
      expect(tags()).toEqual([id, `${id}-part-1`, `${id}-part-2`]);
      expect([names(await closeIt()), net()]).toEqual([['closed: closed'], []]);
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
      await start(
        prices,
        { accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }] },
        { host: { brackets: 'native' } },
      );
      const working = () =>
        venue.gateway
          .truth()
          .orders.filter(({ status }) => status === 1)
          .map(({ type, size, limitPrice, stopPrice }) => ({
            type,
            size,
            price: limitPrice ?? stopPrice,
          }));
      const [id] = opened(await engine.minute({ signal: long }));
      await engine.minute();
      // At the engine's own prices, though the venue set them off from a fill a tick away.
      expect(working()).toEqual(
        expect.arrayContaining([
          { type: 1, size: 2, price: 24_400 },
          { type: 4, size: 2, price: 23_700 },
        ]),
      );
      for (let minute = 0; minute < 6; minute += 1) await engine.minute();
      const moved = await engine.minute({ commits: [{ name: 'commitBreakeven' }] });
      expect(moved.told).toEqual([{ name: 'commitBreakeven', done: true }]);
      const stop = working().find(({ type }) => type === 4);
      // Where the engine entered: an average of the minutes before.
      expect(Math.abs((stop?.price ?? 0) - 24_000)).toBeLessThan(10);
      const half = await engine.minute({ commits: [{ name: 'commitPartialProfit', value: [50] }] });
      expect([half.told[0], net(), working().map(({ size }) => size)]).toEqual([
        { name: 'commitPartialProfit', done: true },
        [1],
        [1, 1],
      ]);
      // The price jumps through the target: the venue fills it, and the engine, whose average has not got there, is told.
      const said: Tick[] = [];
      for (let minute = 0; minute < 4; minute += 1) said.push(await engine.minute());
      expect(said.flatMap(names)).toEqual(['closed: take_profit']);
      expect([net(), working(), said.at(-1)?.held]).toEqual([[], [], null]);
      expect(tags().filter((tag) => tag !== null && !/-(SL|TP)$/.test(tag))).toEqual([
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
      await start([24_000, 24_000, 24_000, 24_000, 23_940, 23_940, 23_940, 23_940, 24_000], {});
      await engine.minute({ signal: limit });
      expect(venue.gateway.truth().orders).toMatchObject([
        { status: 1, type: 1, limitPrice: 23_950, size: 2 },
      ]);
      const said: Tick[] = [];
      for (let minute = 0; minute < 5; minute += 1) said.push(await engine.minute());
      expect([said.flatMap(opened), net(), said.at(-1)?.held?.id]).toEqual([
        tags(),
        [2],
        tags()[0],
      ]);
      await closeIt();
      await engine.minute({ signal: { ...limit, priceOpen: 23_800 } });
      expect(venue.gateway.truth().orders.at(-1)).toMatchObject({ status: 1, limitPrice: 23_800 });
      await engine.minute({ cancelScheduled: true });
      await engine.minute();
      expect([venue.gateway.truth().orders.at(-1)?.status, net()]).toEqual([3, []]);
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
      await start(
        prices,
        { accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }] },
        { host: { brackets: 'native' } },
      );
      const levels = () =>
        venue.gateway
          .truth()
          .orders.filter(({ status }) => status === 1)
          .map(({ limitPrice, stopPrice }) => limitPrice ?? stopPrice ?? 0)
          .toSorted((one, other) => one - other);
      const [id] = opened(await engine.minute({ signal: long }));
      for (let minute = 0; minute < 7; minute += 1) await engine.minute();
      const added = await engine.minute({ commits: [{ name: 'commitAverageBuy', value: [200] }] });
      expect([added.told[0], net()]).toEqual([{ name: 'commitAverageBuy', done: true }, [4]]);
      expect(tags().filter((tag) => tag !== null && !/-(SL|TP)$/.test(tag))).toEqual([
        id,
        `${id}-avg-2`,
      ]);
      const before = levels();
      for (let minute = 0; minute < 6; minute += 1) await engine.minute();
      const stop = await engine.minute({
        commits: [{ name: 'commitTrailingStopCost', value: [23_800] }],
      });
      const target = await engine.minute({
        commits: [{ name: 'commitTrailingTakeCost', value: [24_350] }],
      });
      expect([stop.told[0], target.told[0]]).toEqual([
        { name: 'commitTrailingStopCost', done: true },
        { name: 'commitTrailingTakeCost', done: true },
      ]);
      expect(levels()).not.toEqual(before);
      expect(new Set(levels())).toEqual(new Set([23_800, 24_350]));
      expect([names(await closeIt()), net()]).toEqual([['closed: closed'], []]);
    },
    2 * minutes,
  );

  it(
    'tells the engine of a stop that filled at the venue',
    async () => {
      const prices = [24_000, 24_000, 24_000, 24_000, 23_600];
      await start(
        prices,
        { accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }] },
        { host: { brackets: 'native' } },
      );
      await engine.minute({ signal: long });
      const said: Tick[] = [];
      for (let minute = 0; minute < 5; minute += 1) said.push(await engine.minute());
      expect(said.flatMap(names)).toEqual(['closed: stop_loss']);
      expect([net(), said.at(-1)?.held]).toEqual([[], null]);
    },
    2 * minutes,
  );

  it(
    'keeps a position through more minutes without an answer than the engine has patience for, and says so',
    async () => {
      await start(still);
      const [id] = opened(await engine.minute({ signal: long }));
      for (const endpoint of [
        'Position/searchOpen',
        'Order/search',
        'Order/searchOpen',
        'Order/v2/query',
        'hubs/user',
      ])
        venue.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } });
      venue.gateway.dropHubs('user');
      const said: Tick[] = [];
      for (let minute = 0; minute < 9; minute += 1) said.push(await engine.minute());
      expect(said.flatMap(names).filter((name) => !name.startsWith('error'))).toEqual([]);
      expect(said.flatMap(({ events }) => events.map(({ name }) => name))).toEqual([
        'check-unread',
      ]);
      venue.gateway.faults.clear();
      expect([(await engine.minute()).held?.id, net()]).toEqual([id, [2]]);
      await engine.minute();
      expect([names(await closeIt()), net()]).toEqual([['closed: closed'], []]);
    },
    2 * minutes,
  );

  it(
    'takes a position of before a restart for closed when the venue holds none, though it shows the entry no more',
    async () => {
      await start(still);
      const [id] = opened(await engine.minute({ signal: long }));
      await engine.kill();
      await venue.gateway.close();
      const port = Number(new URL(venue.gateway.url).port);
      // A venue of the same name, which remembers nothing.
      venue = await startSlowVenue(still, { port });
      const said = [await restart()];
      for (let minute = 0; minute < 3; minute += 1) said.push(await engine.minute());
      expect(said.flatMap(({ told }) => told.filter(({ name }) => name === 'closed'))).toEqual([
        { name: 'closed', id, because: 'closed' },
      ]);
      expect([said.at(-1)?.held, tags()]).toEqual([null, []]);
    },
    2 * minutes,
  );

  it(
    'takes a position that somebody closed at the venue for closed, and not before',
    async () => {
      await start(still);
      const [id] = opened(await engine.minute({ signal: long }));
      expect((await engine.minute()).held?.id).toBe(id);
      await elsewhere('Position/closeContract', { contractId: 'CON.F.US.MNQ.Z26' });
      const said: Tick[] = [];
      for (let minute = 0; minute < 4; minute += 1) said.push(await engine.minute());
      // The engine tells its error listeners of the proof as well.
      expect([
        said.flatMap(names).filter((name) => !name.startsWith('error: The venue holds nothing')),
        said.at(-1)?.held,
        net(),
      ]).toEqual([['closed: closed'], null, []]);
      expect(tags()).toEqual([id, null]);
    },
    2 * minutes,
  );
});

/** Another client of the same account. */
async function elsewhere(path: string, fields: object): Promise<void> {
  const post = async (
    to: string,
    body: object,
    token?: string,
  ): Promise<Record<string, unknown>> => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(`${venue.gateway.url}/api/${to}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return z.record(z.string(), z.unknown()).parse(await response.json());
  };
  const { token } = await post('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' });
  expect(await post(path, { accountId: 700_001, ...fields }, String(token))).toMatchObject({
    success: true,
  });
}
