import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournal } from '@hotpath/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MortalBroker } from '../src/world/mortal-broker.ts';
import { mortalBroker } from '../src/world/mortal-broker.ts';
import type { SimulatedWorld } from '../src/world/simulated-world.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';

// An entry of three contracts that fill one by one, protected by the broker's own stop and target, of which one takes them out one by one. The broker is killed once, at each instant
// between its steps, and a new one starts on the same journal: at once, or when the market has gone its whole way.

const minute = 60_000;
const filling = [24_000, 24_000, 24_000];
const ways = {
  target: [24_011, 24_011, 24_011, 24_011],
  stop: [23_990, 23_990, 23_990, 23_990],
} as const;
type Way = keyof typeof ways;
const working = 1;

let folder: string;
let world: SimulatedWorld;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'own-oco-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const truth = () => world.gateway.truth();
const held = (): number =>
  truth()
    .positions.map((row) => ({ ...row }) as { readonly size: number; readonly type: number })
    .reduce((sum, { size, type }) => sum + (type === 1 ? size : -size), 0);
const stopSize = (): number =>
  truth()
    .orders.filter(
      ({ customTag, status, type }) =>
        customTag?.startsWith('entry-1_s') === true && status === working && type === 4,
    )
    .reduce((sum, { size, fillVolume }) => sum + size - fillVolume, 0);

/** Nothing is held and nothing works. */
const isOut = (): boolean =>
  held() === 0 && truth().orders.every(({ status }) => status !== working);
/** Entered only after the market had gone its way, so nothing reaches its legs. */
const isProtected = (): boolean => held() === 3 && stopSize() === 3;

interface Run {
  readonly instants: readonly string[];
  readonly problems: readonly string[];
}

/** Once through; dies at the instant of that number, or never. */
async function run(way: Way, dieAt: number | undefined, marketRunsOn: boolean): Promise<Run> {
  const path = join(folder, `${way}-${dieAt ?? 'none'}-${String(marketRunsOn)}.journal`);
  const csv = `bid,ask,last\n${[...filling, ...ways[way]].map((bid) => `${bid},${bid + 0.25},${bid}`).join('\n')}\n`;
  world = await simulatedWorld({
    rateLimit: { everythingElse: 'off' },
    largestFill: 1,
    replay: { MNQ: { kind: 'ticks', csv } },
  });
  const problems: string[] = [];
  const market = { steps: 0 };
  const last = filling.length + ways[way].length - 1;
  /** The last price stays. */
  const step = (): void => {
    market.steps += 1;
    world.gateway.stepPrices();
  };
  const connect = (number: number | undefined): Promise<MortalBroker> =>
    mortalBroker(world, {
      journal: fileJournal(path),
      ownOco: { whenUnprotected: 'close', protectWithinMs: 20_000 },
      settleMs: 2_000,
      ...(number !== undefined && { dieAt: (_name: string, count: number) => count === number }),
    });
  const enter = async (): Promise<void> => {
    for (let tries = 0; tries < 5 && !life.isDead; tries += 1) {
      const placing = life.broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 3,
        clientOrderId: 'entry-1',
        bracket: { stopLossTicks: 20, takeProfitTicks: 40 },
      });
      let kind: string | undefined;
      void placing.then(async (outcome) => {
        const end = outcome.kind === 'unknown' && !outcome.final ? await outcome.resolved : outcome;
        kind = end.kind;
      });
      await world.until(() => kind !== undefined || life.isDead, 2 * minute, 100);
      if (kind === 'accepted') return;
    }
  };
  let life = await connect(dieAt);
  const { instants } = life;
  const go = async (holds: () => boolean, what: string): Promise<void> => {
    await world
      .until(() => life.isDead || holds(), minute, 50)
      .catch(() => void problems.push(`${what}: ${held()} held, a stop for ${stopSize()}`));
  };
  const finish = async (): Promise<void> => {
    while (market.steps < filling.length - 1 && !life.isDead) {
      step();
      await go(() => stopSize() === held(), `after fill ${market.steps + 1}`);
    }
    for (; market.steps < last && !life.isDead;) {
      step();
      await go(() => stopSize() === held(), `after step ${market.steps} of the exit`);
    }
    // Whatever came too late for the market's way trades at the price where it ended.
    for (let more = 0; more < 8 && !life.isDead && held() !== 0; more += 1) {
      if (marketRunsOn && isProtected()) break;
      await world.pass(30_000, 200);
      step();
    }
    await go(() => isOut() || (marketRunsOn && isProtected()), 'in the end');
  };
  try {
    await world.pass(1_000, 100);
    await enter();
    if (!life.isDead) {
      await go(() => stopSize() === held() && held() > 0, 'after the entry');
      await finish();
      // What is written last comes when nobody waits any more.
      await world.pass(2_000, 100);
    }
    if (life.isDead) {
      if (marketRunsOn) while (market.steps < last) step();
      await world.pass(1_000, 100);
      life = await connect(undefined);
      await world.during(life.broker.whenRecovered());
      await enter();
      // A market that has left the stop behind refuses it; what is held is closed then.
      if (!marketRunsOn) await go(() => stopSize() === held(), 'after the restart');
      await finish();
      await world.pass(5_000, 100);
    }
    const { orders, duplicateTags } = truth();
    const filled = (side: number): number =>
      orders
        .filter((order) => order.side === side)
        .reduce((sum, { fillVolume }) => sum + fillVolume, 0);
    // Where the market left the stop behind while nobody looked, what was held is closed by the policy; nothing is ever taken out twice.
    if (filled(0) !== 3 || filled(1) !== (marketRunsOn && isProtected() ? 0 : 3))
      problems.push(`${filled(0)} bought, ${filled(1)} sold`);
    if (orders.filter(({ customTag }) => customTag === 'entry-1').length !== 1)
      problems.push('not one entry');
    const closes = orders.filter(({ customTag }) => customTag === null).length;
    if (!marketRunsOn && closes > 0) problems.push(`${closes} closes`);
    if (Object.keys(duplicateTags).length > 0)
      problems.push(`tags came twice: ${JSON.stringify(duplicateTags)}`);
  } finally {
    await world.close();
  }
  return { instants, problems };
}

describe.each(['target', 'stop'] as const)('own OCO whose %s takes it out', (way) => {
  it.each([
    ['at once', false],
    ['when the market has gone its way', true],
  ] as const)(
    'is whole again after a kill at each instant between its steps, restarted %s',
    async (_name, marketRunsOn) => {
      const { instants, problems } = await run(way, undefined, marketRunsOn);
      expect(problems).toEqual([]);
      expect(instants).toEqual(
        expect.arrayContaining([
          'after oco armed',
          'after oco leg stop',
          'after sending place',
          'after oco leg target',
          'after oco resize stop',
          'after sending modify',
          'after oco cancel',
          'after sending cancel',
          'after oco ended',
        ]),
      );
      const failures: string[] = [];
      for (let number = 1; number <= instants.length; number += 1) {
        const killed = await run(way, number, marketRunsOn);
        failures.push(
          ...killed.problems.map(
            (problem) => `${number} ${instants[number - 1] ?? '?'}: ${problem}`,
          ),
        );
      }
      expect(failures).toEqual([]);
    },
    5 * minute,
  );
});

/** Entries of two and of one contract whose stops the venue refuses, or that both legs took too much of: what the policy does about it, killed at each instant. */
async function runPolicy(
  what: 'refused' | 'beside another' | 'excess',
  dieAt: number | undefined,
): Promise<Run> {
  const path = join(folder, `${what}-${dieAt ?? 'none'}.journal`);
  const prices = what === 'excess' ? [24_000, 24_011, 23_990] : [24_000];
  world = await simulatedWorld({
    rateLimit: { everythingElse: 'off' },
    replay: {
      MNQ: {
        kind: 'ticks',
        csv: `bid,ask,last\n${prices.map((bid) => `${bid},${bid + 0.25},${bid}`).join('\n')}\n`,
      },
    },
  });
  const connect = (number: number | undefined): Promise<MortalBroker> =>
    mortalBroker(world, {
      journal: fileJournal(path),
      ownOco: { whenUnprotected: 'close', protectWithinMs: 20_000 },
      settleMs: 2_000,
      ...(number !== undefined && { dieAt: (_name: string, count: number) => count === number }),
    });
  const entry = {
    symbol: 'MNQ',
    side: 'buy',
    quantity: 2,
    bracket: { stopLossTicks: 20, takeProfitTicks: 40 },
  } as const;
  const other = what === 'beside another' ? 3 : 0;
  const problems: string[] = [];
  let life = await connect(undefined);
  try {
    await world.pass(1_000, 100);
    if (other > 0)
      await world.during(
        life.broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: other }),
      );
    await world.during(life.broker.placeMarketOrder({ ...entry, clientOrderId: 'entry-1' }));
    await world.until(
      () => stopSize() === 2 && truth().orders.some(({ customTag }) => customTag === 'entry-1_t1'),
      minute,
      50,
    );
    await world.pass(2_000, 100);
    // From here on it is killed: its first life only brought it here.
    await world.during(life.broker.close());
    if (what !== 'excess') {
      // The stop goes while nobody looks, and no other is taken.
      const stop = truth().orders.find(({ customTag }) => customTag === 'entry-1_s1');
      const clean = await world.connect({});
      await world.during(clean.cancelOrder({ orderId: String(stop?.id) }));
      await world.during(clean.close());
    } else {
      for (let step = 1; step < prices.length; step += 1) world.gateway.stepPrices();
    }
    life = await connect(dieAt);
    const { instants } = life;
    await world.until(() => life.isDead || held() === other, minute, 50).catch(() => undefined);
    if (!life.isDead) await world.pass(30_000, 250);
    if (life.isDead) {
      await world.pass(1_000, 100);
      life = await connect(undefined);
      await world.during(life.broker.whenRecovered());
      await world.pass(2 * minute, 250);
    }
    const stillWorking = truth()
      .orders.filter(({ status }) => status === working)
      .map(({ customTag }) => customTag);
    // What was taken off, or bought back, is never done again where it is not known whether it was.
    const isLeft = what !== 'refused' && (held() === other + 2 || held() === -2);
    if (held() !== other && !isLeft) problems.push(`${held()} held in the end`);
    if (stillWorking.length > 0 && !isLeft)
      problems.push(`working in the end: ${stillWorking.join(', ')}`);
    const reduces = truth().orders.filter(({ customTag }) => customTag === null).length;
    if (reduces > 1) problems.push(`${reduces} times out`);
    return { instants: [...instants, ...(isLeft ? ['left'] : [])], problems };
  } finally {
    await world.close();
  }
}

describe('what the policy does', () => {
  it.each([
    ['closes a position whose stop is gone', 'refused'],
    ['takes off only its own contracts, once', 'beside another'],
    ['buys back what both legs took too much, once', 'excess'],
  ] as const)(
    '%s, with a kill at each instant between its steps',
    async (_name, what) => {
      const { instants, problems } = await runPolicy(what, undefined);
      expect(problems).toEqual([]);
      expect(instants).not.toContain('left');
      expect(instants).toEqual(
        expect.arrayContaining(
          what === 'refused' ? ['after sending close'] : ['after sending reduce'],
        ),
      );
      const failures: string[] = [];
      const left: string[] = [];
      for (let number = 1; number <= instants.length; number += 1) {
        const killed = await runPolicy(what, number);
        failures.push(
          ...killed.problems.map(
            (problem) => `${number} ${instants[number - 1] ?? '?'}: ${problem}`,
          ),
        );
        if (killed.instants.includes('left')) left.push(instants[number - 1] ?? '?');
      }
      expect(failures).toEqual([]);
      // Only where the line was written and the bytes were not: better left, and told, than taken off twice.
      for (const instant of left)
        expect([
          'after oco reducing',
          'after oco excess',
          'before intent reduce',
          'after intent reduce',
        ]).toContain(instant);
    },
    5 * minute,
  );
});
