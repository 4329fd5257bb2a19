import type { TopstepxOptions } from '@hotpath/adapter-topstepx';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions, ExecutorPlugin } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway, GatewayOptions, ManualGatewayClock } from '@hotpath/gateway-sim';
import { manualGatewayClock, startGateway } from '@hotpath/gateway-sim';
import { loopTurns } from './loop-turns.ts';
import { createUnderWay } from './under-way.ts';
import type { WorldClock } from './world-clock.ts';
import { createWorldClock } from './world-clock.ts';

/** A gateway and whole brokers on it over real sockets, on one clock that a test moves. */
export interface SimulatedWorld {
  readonly gateway: Gateway;
  readonly clock: WorldClock;
  readonly gatewayClock: ManualGatewayClock;
  /** The executors that `connect` uses by default: time does not go on while a request of theirs is under way. */
  executors(): Readonly<Record<'fast' | 'fallback', ExecutorPlugin>>;
  /** `connected` is given the broker before it has told anything. */
  connect(
    options?: Partial<BrokerOptions<'fast' | 'fallback'>>,
    adapter?: Partial<TopstepxOptions>,
    connected?: (broker: Broker<'fast' | 'fallback'>) => void,
  ): Promise<Broker<'fast' | 'fallback'>>;
  /** Lets time pass on both sides, in steps; after each, what is on the wire arrives. */
  pass(milliseconds: number, stepMs?: number): Promise<void>;
  /** Lets time pass until something holds, and tells how long that took. Throws after `withinMs`. */
  until(
    holds: () => boolean | Promise<boolean>,
    withinMs: number,
    stepMs?: number,
  ): Promise<number>;
  /** Lets time pass while something is under way. */
  during<Value>(work: Promise<Value>): Promise<Value>;
  /** Leaves a broker alone that has been killed: nobody can close it. */
  abandon(broker: Broker<'fast' | 'fallback'>): void;
  close(): Promise<void>;
}

/** A Monday, 09:00 in Chicago. */
export const mondayMorning: number = Date.UTC(2026, 8, 21, 14);
/** Turns that a request under way may take before time goes on all the same: some are never answered. */
const turnsForAnswers = 2000;

export async function simulatedWorld(
  options: GatewayOptions = {},
  startsAt: number = mondayMorning,
): Promise<SimulatedWorld> {
  const gatewayClock = manualGatewayClock(startsAt);
  const clock = createWorldClock(startsAt);
  const gateway = await startGateway({ clock: gatewayClock, priceStepMs: 0, ...options });
  const brokers = new Set<Broker<'fast' | 'fallback'>>();
  const underWay = createUnderWay();
  const step = async (milliseconds: number): Promise<void> => {
    gatewayClock.advance(milliseconds);
    clock.advance(milliseconds);
    await loopTurns();
    for (let turn = 0; underWay.count > 0 && turn < turnsForAnswers; turn += 1) await loopTurns(1);
  };
  const world: SimulatedWorld = {
    gateway,
    clock,
    gatewayClock,
    executors: () => ({
      fast: underWay.counted(fastExecutor()),
      fallback: underWay.counted(fallbackExecutor()),
    }),
    async connect(given = {}, adapter = {}, connected = () => undefined) {
      const connecting = createBroker({
        adapter: topstepx({
          userName: 'demo',
          apiKey: 'demo-key',
          account: 'PRAC-V2-1001',
          baseUrl: gateway.url,
          ...adapter,
        }),
        executors: world.executors(),
        routing: { version: 1, salt: 'world', default: { fast: 50, fallback: 50 } },
        clock,
        ...given,
        journal: underWay.countedJournal(given.journal ?? memoryJournal()),
      }).then((made) => {
        connected(made);
        return made;
      });
      const broker = await world.during(connecting);
      brokers.add(broker);
      return broker;
    },
    async pass(milliseconds, stepMs = 1000) {
      for (let left = milliseconds; left > 0; left -= stepMs) await step(Math.min(stepMs, left));
    },
    async until(holds, withinMs, stepMs = 50) {
      for (let passed = 0; passed <= withinMs; passed += stepMs) {
        if (await holds()) return passed;
        await step(stepMs);
      }
      throw new Error(`it did not come to hold within ${withinMs} ms`);
    },
    async during(work) {
      const open = new Set<Promise<unknown>>([work]);
      const done = work.finally(() => open.delete(work));
      // Whoever awaits this call hears of it; until then it is nobody's fault.
      done.catch(() => undefined);
      while (open.has(work)) await step(20);
      return done;
    },
    abandon: (broker) => void brokers.delete(broker),
    async close() {
      for (const broker of brokers) await world.during(broker.close());
      await gateway.close();
    },
  };
  return world;
}
