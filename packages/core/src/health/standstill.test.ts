import { describe, expect, it } from 'vitest';
import type { Delivery } from '../delivery.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { ScriptedBroker, ScriptedBrokerOptions } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered, notWritten } from '../testing/scripted-executor.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Trial extends ScriptedBroker {
  readonly clock: ManualClock;
  readonly tripped: string[];
}
async function start(options: (clock: ManualClock) => ScriptedBrokerOptions): Promise<Trial> {
  const clock = createManualClock();
  const made = await scriptedBroker({ clock, outcomeWithinMs: 12_000, ...options(clock) });
  const tripped: string[] = [];
  made.broker.on('executor.tripped', ({ executor, operation }) =>
    tripped.push(`${executor} ${operation}`),
  );
  return { ...made, clock, tripped };
}

/** What an executor delivers that could write, or read, only when the loop turned again. */
function accepted(index: number, clock: ManualClock, queued: number): Delivery {
  const now = clock.monotonic();
  return {
    ...answered({ is: 'accepted', orderId: String(index + 1) }),
    marks: { queued, written: now, firstByte: now + 5, end: now + 5 },
  };
}

/** One order, behind which the bot computes. */
async function placeAndCompute({ broker, clock }: Trial, ms: number): Promise<unknown> {
  const placing = broker.placeMarketOrder(market);
  clock.standStill(ms);
  const outcome = await placing;
  clock.advance(1);
  return outcome;
}

describe('a loop that the bot itself held up', () => {
  it('makes no executor look slow that writes in a turn after the call', async () => {
    const trial = await start((clock) => ({
      fast: async (_, index) => {
        const queued = clock.monotonic();
        await turn();
        return accepted(index, clock, queued);
      },
    }));
    for (let order = 0; order < 10; order += 1)
      expect(await placeAndCompute(trial, 3_000)).toMatchObject({ kind: 'accepted' });
    expect(trial.tripped).toEqual([]);
    const { health, operations } = trial.broker.executors().fast;
    expect(health.place).toMatchObject({ is: 'closed', failures: 0 });
    expect(operations.place).toMatchObject({
      count: 10,
      distorted: 10,
      outcomes: { accepted: 10 },
      latency: undefined,
    });
    await trial.broker.close();
  });

  it('lets an executor that is slow though the loop turned be told all the same', async () => {
    const trial = await start((clock) => ({
      fast: (_, index) => {
        const queued = clock.monotonic();
        clock.advance(1_500);
        return accepted(index, clock, queued);
      },
      fallback: (_, index) => answered({ is: 'accepted', orderId: `9${index}` }),
    }));
    for (let order = 0; order < 6; order += 1) await trial.broker.placeMarketOrder(market);
    expect(trial.tripped).toEqual(['fast place']);
    await trial.broker.close();
  });

  it('holds no deadline against an executor that could not write before it', async () => {
    const trial = await start(() => ({
      fast: async () => {
        await turn();
        return notWritten('DEADLINE');
      },
    }));
    for (let order = 0; order < 10; order += 1)
      expect(await placeAndCompute(trial, 3_000)).toMatchObject({
        kind: 'not-sent',
        code: 'DEADLINE_PASSED',
      });
    expect(trial.tripped).toEqual([]);
    await trial.broker.close();
  });

  it('tells a bot the answer that was there in time, and not that nobody knows', async () => {
    const trial = await start((clock) => ({
      outcomeWithinMs: 1_000,
      fast: async (_, index) => {
        const queued = clock.monotonic();
        // Read in a later turn, as what the kernel holds.
        await turn();
        await turn();
        return accepted(index, clock, queued);
      },
    }));
    const placing = trial.broker.placeMarketOrder(market);
    trial.clock.standStill(3_000);
    trial.clock.advance(1);
    expect(await placing).toMatchObject({ kind: 'accepted', recovered: false });
    await trial.broker.close();
  });

  it('is no sample of a ramp, whose guards would compare the bot with itself', async () => {
    const trial = await start((clock) => ({
      routing: {
        version: 1,
        salt: 's',
        default: { fast: 100, fallback: 0 },
        ramp: { executor: 'fast', steps: [100], minDwell: '1h' },
      },
      fast: async (_, index) => {
        const queued = clock.monotonic();
        await turn();
        return accepted(index, clock, queued);
      },
    }));
    for (let order = 0; order < 5; order += 1) await placeAndCompute(trial, 3_000);
    const ramp = trial.broker.metrics().rollout.ramp?.state;
    expect(ramp).toMatchObject({ is: 'running', samples: 5 });
    await trial.broker.close();
  });
});
