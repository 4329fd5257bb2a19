import type { AdapterContext } from '../adapter.ts';
import type { BrokerOptions } from '../broker/broker-options.ts';
import type { Broker } from '../broker/broker.ts';
import { createBroker } from '../create-broker.ts';
import { AdapterError } from '../errors/adapter-error.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { Starting } from '../start/starting.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import type { AdapterScript } from './scripted-adapter.ts';
import { scriptedAdapter, testContract } from './scripted-adapter.ts';
import { answered, scriptedExecutor } from './scripted-executor.ts';

export const unreachable = (because = 'The login failed: no answer.'): AdapterError =>
  new AdapterError('VENUE_UNREACHABLE', because);

/** A start in the hands of a test. */
export interface StartTrial {
  readonly clock: ManualClock;
  readonly starting: Promise<Broker>;
  /** Lets time pass until the start has ended. */
  ended(stepMs?: number): Promise<Broker>;
  pass(milliseconds: number): Promise<void>;
  /** Told by `onStarting`. */
  readonly handle: Starting | undefined;
  readonly connects: () => number;
}

/** A start whose nth connect ends as `connect` says. */
export function startOn(
  connect: (index: number, context: AdapterContext) => Promise<void>,
  {
    adapter,
    executors,
    ...options
  }: Partial<Omit<BrokerOptions<string>, 'adapter'>> & { readonly adapter?: AdapterScript } = {},
): StartTrial {
  const clock = createManualClock();
  let count = 0;
  let handle: Starting | undefined;
  const turn = async (): Promise<void> => {
    for (let index = 0; index < 4; index += 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  const starting = createBroker<string>({
    adapter: scriptedAdapter({
      contracts: [testContract({ root: 'MNQ' })],
      ...adapter,
      connect: (context) => connect((count += 1) - 1, context),
    }),
    executors: executors ?? {
      fast: scriptedExecutor(() => answered({ is: 'accepted', orderId: '1' })),
    },
    routing: {
      version: 1,
      salt: 's',
      default: Object.fromEntries(
        Object.keys(executors ?? { fast: 0 }).map((key, index) => [key, index === 0 ? 100 : 0]),
      ),
    },
    journal: memoryJournal(),
    clock,
    random: () => 0.5,
    ...options,
    onStarting: (given) => {
      handle = given;
      options.onStarting?.(given);
    },
  });
  const end = { isThere: false };
  const over = (): void => void (end.isThere = true);
  starting.then(over, over);
  return {
    clock,
    starting,
    async ended(stepMs = 50) {
      for (let step = 0; step < 20_000 && !end.isThere; step += 1) {
        await turn();
        if (!end.isThere) clock.advance(stepMs);
      }
      return starting;
    },
    async pass(milliseconds) {
      await turn();
      clock.advance(milliseconds);
      await turn();
    },
    get handle() {
      return handle;
    },
    connects: () => count,
  };
}

/** Fails so often, then connects. */
export const lost =
  (times: number, error: () => unknown = unreachable): ((index: number) => Promise<void>) =>
  (index) =>
    index < times ? Promise.reject(error()) : Promise.resolve();
