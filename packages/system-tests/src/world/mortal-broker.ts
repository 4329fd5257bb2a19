import type { Adapter, AdapterPlugin, Broker, BrokerOptions, Clock, Journal } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Life } from './life.ts';
import { createLife } from './life.ts';
import { mortalExecutor } from './mortal-executor.ts';
import { mortalJournal } from './mortal-journal.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** A broker that can end as a killed process does, within the process of the test. */
export interface MortalBroker {
  readonly broker: Broker<'fast' | 'fallback'>;
  /** Before and after each journal line, and after each request of an order was handed to the kernel. */
  readonly instants: readonly string[];
  readonly isDead: boolean;
  /** From here on nothing of it is written, sent, read or timed; its sockets and its journal's lock are gone. */
  kill(): void;
}

export interface MortalOptions extends Partial<
  Omit<BrokerOptions<'fast' | 'fallback'>, 'journal' | 'adapter'>
> {
  readonly journal: Journal;
  readonly adapter?: AdapterPlugin | undefined;
  /** Whose end is its own: brokers of one life end together. Default: one that `dieAt` ends. */
  readonly life?: Life | undefined;
  readonly dieAt?: ((instant: string, count: number) => boolean) | undefined;
}

/**
 * Connects a broker whose clock, journal, executors and adapter stop at once when its life ends. What that leaves behind is what a kill leaves of a process: the lines that were written, and the bytes that the kernel had.
 */
export async function mortalBroker(
  world: SimulatedWorld,
  {
    journal,
    adapter,
    dieAt,
    life = createLife(dieAt),
    clock = world.clock,
    ...options
  }: MortalOptions,
): Promise<MortalBroker> {
  const plugin =
    adapter ??
    topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: world.gateway.url,
    });
  const { fast, fallback } = world.executors();
  const mortalTime = mortalClock(clock, life);
  const broker = await world.connect({
    ...options,
    clock: mortalTime,
    journal: mortalJournal(journal, life),
    executors: {
      fast: mortalExecutor(fast, mortalTime, life),
      fallback: mortalExecutor(fallback, mortalTime, life),
    },
    adapter: mortalAdapter(plugin, mortalTime, life),
  });
  life.atEnd(() => world.abandon(broker));
  return {
    broker,
    instants: life.instants,
    kill: () => life.kill(),
    get isDead() {
      return life.isDead;
    },
  };
}

function mortalClock(clock: Clock, life: Life): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimer: (afterMs, fire) => clock.setTimer(afterMs, () => void (life.isDead || fire())),
  };
}

function mortalAdapter(plugin: AdapterPlugin, clock: Clock, life: Life): AdapterPlugin {
  return {
    ...plugin,
    async setup(context): Promise<Adapter> {
      const adapter = await plugin.setup({ ...context, clock });
      life.atEnd(() => adapter.close());
      return adapter;
    },
  };
}
