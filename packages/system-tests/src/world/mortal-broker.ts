import type { Adapter, AdapterPlugin, Broker, BrokerOptions, Clock, Executor, ExecutorPlugin, Journal } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { SimulatedWorld } from './simulated-world.ts';

/** A broker that can end as a killed process does, within the process of the test. */
export interface MortalBroker {
  readonly broker: Broker<'fast' | 'fallback'>;
  /** Every instant that it came through, by name: before and after each journal line, after each request was handed to the kernel. */
  readonly instants: readonly string[];
  readonly isDead: boolean;
  /** From here on nothing of it is written, sent, read or timed; its sockets and its journal's lock are gone. Nothing is said goodbye to. */
  kill(): void;
}

export interface MortalOptions extends Partial<Omit<BrokerOptions<'fast' | 'fallback'>, 'journal' | 'adapter'>> {
  readonly journal: Journal;
  readonly account?: string | undefined;
  readonly adapter?: AdapterPlugin | undefined;
  /** Told of each instant; `true` kills at it. */
  readonly dieAt?: ((instant: string, count: number) => boolean) | undefined;
}

/** What a dead broker waits for. */
const never = new Promise<never>(() => undefined);
const mutations: ReadonlySet<string> = new Set(['place', 'modify', 'cancel', 'close', 'reduce']);

/**
 * Connects a broker whose clock, journal, executors and adapter stop at once when it is killed. What a kill leaves behind is what it leaves of a process: the lines that were written and the bytes that the kernel had.
 * What it can't show is memory that outlives nothing: that is why there is a test with a real process, too.
 */
export async function mortalBroker(world: SimulatedWorld, { journal, account = 'PRAC-V2-1001', dieAt, adapter, clock = world.clock, ...options }: MortalOptions): Promise<MortalBroker> {
  const instants: string[] = [];
  const life: { dead: boolean; readonly closing: (() => unknown)[] } = { dead: false, closing: [] };
  const kill = (): void => {
    if (life.dead) return;
    life.dead = true;
    for (const close of life.closing) close();
  };
  const instant = (name: string): void => {
    if (life.dead) return;
    instants.push(name);
    if (dieAt?.(name, instants.length) === true) kill();
  };
  const mortalClock: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimer: (afterMs, fire) => clock.setTimer(afterMs, () => void (life.dead || fire())),
  };
  const mortalJournal: Journal = {
    get prefix() {
      return journal.prefix;
    },
    open: (scope) => journal.open(scope),
    append(record) {
      const name = nameOf(record);
      instant(`before ${name}`);
      if (life.dead) throw new Error('killed');
      journal.append(record);
      instant(`after ${name}`);
      if (life.dead) throw new Error('killed');
    },
    sync() {
      if (!life.dead) journal.sync?.();
    },
    read: () => journal.read(),
    close: () => (life.dead ? Promise.resolve() : journal.close()),
  };
  const mortal = (plugin: ExecutorPlugin): ExecutorPlugin => ({
    ...plugin,
    async setup(context) {
      const executor = await plugin.setup({ ...context, clock: mortalClock });
      life.closing.push(() => executor.close());
      const deliver = executor.deliver.bind(executor);
      executor.deliver = ((request, given) => {
        if (life.dead) return never;
        const delivery = deliver(request, given);
        if (mutations.has(request.template.operation)) instant(`after sending ${request.template.operation}`);
        return delivery.then((end) => (life.dead ? never : end));
      }) satisfies Executor['deliver'];
      return executor;
    },
  });
  const plugin = adapter ?? topstepx({ userName: 'demo', apiKey: 'demo-key', account, baseUrl: world.gateway.url });
  const mortalAdapter: AdapterPlugin = {
    ...plugin,
    async setup(context): Promise<Adapter> {
      const made = await plugin.setup({ ...context, clock: mortalClock });
      life.closing.push(() => made.close());
      return made;
    },
  };
  life.closing.push(() => journal.close());
  const { fast, fallback } = world.executors();
  const broker = await world.connect({ ...options, clock: mortalClock, journal: mortalJournal, executors: { fast: mortal(fast), fallback: mortal(fallback) }, adapter: mortalAdapter });
  life.closing.push(() => world.abandon(broker));
  if (life.dead) world.abandon(broker);
  return {
    broker,
    instants,
    get isDead() {
      return life.dead;
    },
    kill,
  };
}

function nameOf(record: Parameters<Journal['append']>[0]): string {
  if (record.kind === 'oco') return `oco ${record.step}${'leg' in record ? ` ${record.leg}` : ''}`;
  return 'operation' in record ? `${record.kind} ${record.operation}` : record.kind;
}
