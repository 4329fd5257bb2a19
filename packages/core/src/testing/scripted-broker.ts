import type { Broker } from '../broker/broker.ts';
import type { BrokerOptions } from '../broker/broker-options.ts';
import type { BrokerParts } from '../broker/broker-parts.ts';
import { connectBroker } from '../create-broker.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { HardEvidence } from '../rollout/hard-evidence.ts';
import type { AdapterScript, ScriptedAdapter } from './scripted-adapter.ts';
import { scriptedAdapter, testContract } from './scripted-adapter.ts';
import type { DeliveryScript, ScriptedExecutor } from './scripted-executor.ts';
import { scriptedExecutor } from './scripted-executor.ts';

export interface ScriptedBrokerOptions extends Partial<
  Omit<BrokerOptions<'fast' | 'fallback'>, 'adapter' | 'executors'>
> {
  readonly fast: DeliveryScript;
  /** Default: a delivery here fails the test. */
  readonly fallback?: DeliveryScript | undefined;
  readonly adapter?: AdapterScript | undefined;
}
export interface ScriptedBroker {
  readonly broker: Broker<'fast' | 'fallback'>;
  readonly adapter: ScriptedAdapter;
  readonly fast: ScriptedExecutor;
  readonly fallback: ScriptedExecutor;
  /** Brings hard evidence, as what watches the venue does. */
  holdAgainst(executor: 'fast' | 'fallback', evidence: HardEvidence): void;
}

/** A broker over scripted ports with `fast` first for everything and the contract MNQ at hand. */
export async function scriptedBroker({
  fast: fastScript,
  fallback: fallbackScript,
  adapter: script,
  ...options
}: ScriptedBrokerOptions): Promise<ScriptedBroker> {
  const adapter = scriptedAdapter({ contracts: [testContract({ root: 'MNQ' })], ...script });
  const fast = scriptedExecutor(fastScript);
  const fallback = scriptedExecutor(
    fallbackScript ??
      (() => {
        throw new Error('the fallback executor was not expected to deliver');
      }),
  );
  let parts: BrokerParts<'fast' | 'fallback'> | undefined;
  const broker = await connectBroker<'fast' | 'fallback'>(
    {
      routing: { version: 1, salt: 'test', default: { fast: 100, fallback: 0 } },
      journal: memoryJournal(),
      // What is unknown is told at once, so that a test need not let time pass to see it.
      outcomeWithinMs: 0,
      ...options,
      adapter,
      executors: { fast, fallback },
    },
    (made) => (parts = made),
  );
  return {
    broker,
    adapter,
    fast,
    fallback,
    holdAgainst: (executor, evidence) => parts?.holdAgainst(executor, evidence),
  };
}
