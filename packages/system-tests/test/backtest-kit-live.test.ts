// @runs-what-is-built
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayOptions } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Tick } from './backtest-kit-engine.ts';
import { startSlowVenue } from './backtest-kit-engine.ts';
import { BacktestKitTrial, long, minutes, names, opened, still } from './backtest-kit-trial.ts';

const trial = new BacktestKitTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

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
    const response = await fetch(`${trial.venue.gateway.url}/api/${to}`, {
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
      await trial.start(still, { faults }, { broker: { settleMs: 500 } });
      const ids: string[] = [];
      const story: (string | number)[][] = [];
      const executors = new Set<string>();
      for (let round = 1; round <= 8; round += 1) {
        let entry = await trial.engine.minute({ signal: long });
        // After a close without an answer nothing enters for `settleMs`, less than the minute that passes in earnest: the engine is told no, and nothing is sent.
        while (names(entry).some((name) => name.includes('CLOSE_UNSETTLED')))
          entry = await trial.engine.minute({ signal: long });
        const [id] = opened(entry);
        for (const { executor } of entry.delivered) executors.add(executor);
        story.push([
          id === entry.held?.id ? (id === undefined ? 'refused' : 'opened') : 'differs',
          ...trial.net(),
        ]);
        if (id === undefined) continue;
        ids.push(id);
        const exit = await trial.closeIt();
        story.push([...names(exit), ...trial.net()]);
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
      expect(trial.tags().filter((tag) => tag !== null)).toEqual(ids);
      expect(new Set(ids).size).toBe(7);
      expect([...executors].toSorted()).toEqual(['fallback', 'fast']);
      expect(
        Object.values(trial.venue.gateway.faults.counts()).map(({ struck }) => struck),
      ).toEqual(faults.map(() => 1));
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
      await trial.start(still, { faults: [{ endpoint: 'Order/place', nth: 1, fault }] });
      trial.engine.begin({ signal: long });
      await expect
        .poll(
          () => Object.values(trial.venue.gateway.faults.counts()).map(({ struck }) => struck),
          {
            timeout: 10_000,
          },
        )
        .toEqual([1]);
      await trial.engine.kill();
      let tick = await trial.restart();
      // An event of the order may have opened the position before the kill; otherwise the engine opens it now.
      for (let minute = 0; minute < 4 && tick.held === null; minute += 1)
        tick = await trial.engine.minute();
      expect(trial.tags()).toHaveLength(1);
      expect([tick.held?.id, trial.net()]).toEqual([trial.tags()[0], [2]]);
      expect([names(await trial.closeIt()), trial.net()]).toEqual([['closed: closed'], []]);
    },
    2 * minutes,
  );

  it(
    'killed in mid-position, goes on with it after the restart',
    async () => {
      await trial.start(still);
      const [id] = opened(await trial.engine.minute({ signal: long }));
      await trial.engine.minute();
      await trial.engine.kill();
      expect((await trial.restart()).held?.id).toBe(id);
      expect([names(await trial.closeIt()), trial.tags(), trial.net()]).toEqual([
        ['closed: closed'],
        [id, null],
        [],
      ]);
    },
    2 * minutes,
  );

  it(
    'gives an open up that never shows, with an event and without the end of the process, and trades on',
    async () => {
      await trial.start(
        still,
        {
          faults: [
            { endpoint: 'Order/place', nth: 1, fault: { kind: 'reset', at: 'after-reading' } },
          ],
        },
        { broker: { settleMs: 300, outcomeWithinMs: 500 } },
      );
      const said: Tick[] = [await trial.engine.minute({ signal: long })];
      for (let minute = 1; minute < 6; minute += 1) said.push(await trial.engine.minute());
      expect(said.flatMap(({ events }) => events.map(({ name }) => name))).toEqual([
        'open-dropped',
      ]);
      expect(said.at(-1)?.events).toHaveLength(1);
      expect(said.flatMap(names).filter((name) => !name.startsWith('error'))).toEqual([]);
      expect(
        said.flatMap(({ delivered }) => delivered.filter(({ operation }) => operation === 'place')),
      ).toHaveLength(1);
      expect(trial.tags()).toEqual([]);
      expect(opened(await trial.engine.minute({ signal: long }))).toEqual(trial.tags());
      expect(trial.net()).toEqual([2]);
    },
    2 * minutes,
  );

  it(
    'keeps a position and its closing whole while the percentages change',
    async () => {
      const routing = join(trial.folder, 'routing.json');
      const table = (fast: number): void =>
        writeFileSync(
          routing,
          JSON.stringify({ version: 1, salt: 'kit', default: { fast, fallback: 100 - fast } }),
        );
      table(100);
      await trial.start(still, {}, { routing });
      const first = await trial.engine.minute({ signal: long });
      table(0);
      // The file is watched: an edit is in force when the broker says so.
      while (!(await trial.engine.minute()).events.some(({ name }) => name === 'rollout.changed'));
      const second = await trial.closeIt();
      const third = await trial.engine.minute({ signal: long });
      expect(
        [...first.delivered, ...second.delivered, ...third.delivered].map(
          ({ operation, executor }) => `${operation} ${executor}`,
        ),
      ).toEqual(['place fast', 'close fallback', 'place fallback']);
      expect([third.held?.id, trial.net()]).toEqual([opened(third)[0], [2]]);
      expect(trial.tags().filter((tag) => tag !== null)).toEqual([
        ...opened(first),
        ...opened(third),
      ]);
    },
    2 * minutes,
  );

  it(
    'keeps a position through more minutes without an answer than the engine has patience for, and says so',
    async () => {
      await trial.start(still);
      const [id] = opened(await trial.engine.minute({ signal: long }));
      for (const endpoint of [
        'Position/searchOpen',
        'Order/search',
        'Order/searchOpen',
        'Order/v2/query',
        'hubs/user',
      ])
        trial.venue.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } });
      trial.venue.gateway.dropHubs('user');
      const said: Tick[] = [];
      for (let minute = 0; minute < 9; minute += 1) said.push(await trial.engine.minute());
      expect(said.flatMap(names).filter((name) => !name.startsWith('error'))).toEqual([]);
      expect(said.flatMap(({ events }) => events.map(({ name }) => name))).toEqual([
        'check-unread',
      ]);
      trial.venue.gateway.faults.clear();
      expect([(await trial.engine.minute()).held?.id, trial.net()]).toEqual([id, [2]]);
      await trial.engine.minute();
      expect([names(await trial.closeIt()), trial.net()]).toEqual([['closed: closed'], []]);
    },
    2 * minutes,
  );

  it(
    'takes a position of before a restart for closed when the venue holds none, though it shows the entry no more',
    async () => {
      await trial.start(still);
      const [id] = opened(await trial.engine.minute({ signal: long }));
      await trial.engine.kill();
      await trial.venue.gateway.close();
      const port = Number(new URL(trial.venue.gateway.url).port);
      // A venue of the same name, which remembers nothing.
      trial.venue = await startSlowVenue(still, { port });
      const said = [await trial.restart()];
      for (let minute = 0; minute < 3; minute += 1) said.push(await trial.engine.minute());
      expect(said.flatMap(({ told }) => told.filter(({ name }) => name === 'closed'))).toEqual([
        { name: 'closed', id, because: 'closed' },
      ]);
      expect([said.at(-1)?.held, trial.tags()]).toEqual([null, []]);
    },
    2 * minutes,
  );

  it(
    'takes a position that somebody closed at the venue for closed, and not before',
    async () => {
      await trial.start(still);
      const [id] = opened(await trial.engine.minute({ signal: long }));
      expect((await trial.engine.minute()).held?.id).toBe(id);
      await elsewhere('Position/closeContract', { contractId: 'CON.F.US.MNQ.Z26' });
      const said: Tick[] = [];
      for (let minute = 0; minute < 4; minute += 1) said.push(await trial.engine.minute());
      // The engine tells its error listeners of the proof as well.
      expect([
        said.flatMap(names).filter((name) => !name.startsWith('error: The venue holds nothing')),
        said.at(-1)?.held,
        trial.net(),
      ]).toEqual([['closed: closed'], null, []]);
      expect(trial.tags()).toEqual([id, null]);
    },
    2 * minutes,
  );
});
