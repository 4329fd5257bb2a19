import type { Adapter, AdapterPlugin, Broker, BrokerOptions, Clock, ExecutorPlugin, Journal, JournalRecord } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Life } from './life.ts';
import { createLife } from './life.ts';
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

export interface MortalOptions extends Partial<Omit<BrokerOptions<'fast' | 'fallback'>, 'journal' | 'adapter'>> {
  readonly journal: Journal;
  readonly adapter?: AdapterPlugin | undefined;
  /** Whose end is its own: brokers of one life end together. Default: one that `dieAt` ends. */
  readonly life?: Life | undefined;
  readonly dieAt?: ((instant: string, count: number) => boolean) | undefined;
}

const mutations: ReadonlySet<string> = new Set(['place', 'modify', 'cancel', 'close', 'reduce']);
/** What a dead process waits for. A promise of its own each time: one that is shared would hold whatever ever waited. */
const never = (): Promise<never> => new Promise(() => undefined);

/**
 * Connects a broker whose clock, journal, executors and adapter stop at once when its life ends. What that leaves behind is what a kill leaves of a process: the lines that were written, and the bytes that the kernel had.
 */
export async function mortalBroker(world: SimulatedWorld, { journal, adapter, dieAt, life = createLife(dieAt), clock = world.clock, ...options }: MortalOptions): Promise<MortalBroker> {
  const plugin = adapter ?? topstepx({ userName: 'demo', apiKey: 'demo-key', account: 'PRAC-V2-1001', baseUrl: world.gateway.url });
  const { fast, fallback } = world.executors();
  const mortalTime = mortalClock(clock, life);
  const broker = await world.connect({
    ...options,
    clock: mortalTime,
    journal: mortalJournal(journal, life),
    executors: { fast: mortalExecutor(fast, mortalTime, life), fallback: mortalExecutor(fallback, mortalTime, life) },
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
  return { now: () => clock.now(), monotonic: () => clock.monotonic(), setTimer: (afterMs, fire) => clock.setTimer(afterMs, () => void (life.isDead || fire())) };
}

function mortalJournal(journal: Journal, life: Life): Journal {
  life.atEnd(() => journal.close());
  const alive = (): void => {
    if (life.isDead) throw new Error('killed');
  };
  return {
    get prefix() {
      return journal.prefix;
    },
    open: (scope) => journal.open(scope),
    append(record) {
      const name = nameOf(record);
      life.reach(`before ${name}`);
      alive();
      journal.append(record);
      life.reach(`after ${name}`);
      alive();
    },
    sync() {
      if (!life.isDead) journal.sync?.();
    },
    read: () => journal.read(),
    close: () => (life.isDead ? Promise.resolve() : journal.close()),
  };
}

function mortalExecutor(plugin: ExecutorPlugin, clock: Clock, life: Life): ExecutorPlugin {
  return {
    ...plugin,
    async setup(context) {
      const executor = await plugin.setup({ ...context, clock });
      life.atEnd(() => executor.close());
      const deliver = executor.deliver.bind(executor);
      executor.deliver = (request, options) => {
        if (life.isDead) return never();
        const delivery = deliver(request, options);
        const { operation } = request.template;
        if (mutations.has(operation)) life.reach(`after sending ${operation}`);
        return delivery.then((end) => (life.isDead ? never() : end));
      };
      return executor;
    },
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

function nameOf(record: JournalRecord): string {
  if (record.kind === 'oco') return `oco ${record.step}${'leg' in record ? ` ${record.leg}` : ''}`;
  return 'operation' in record ? `${record.kind} ${record.operation}` : record.kind;
}
