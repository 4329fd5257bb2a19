import type { Adapter } from '../adapter.ts';
import type { Broker } from '../broker/broker.ts';
import { createBroker } from '../create-broker.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { AdapterPlugin, ExecutorPlugin } from '../plugin.ts';
import type { OrderType, Side } from '../order-request.ts';

/** An order as the venue itself has it on record, in words that hold for every venue. */
export interface RecordedOrder {
  readonly clientOrderId: string | undefined;
  readonly type: OrderType;
  readonly side: Side;
  readonly quantity: number;
  readonly limitPrice?: number | undefined;
  readonly stopPrice?: number | undefined;
  /** Whether it can still fill. */
  readonly working: boolean;
}

/** A venue for one test, running and empty. */
export interface ContractVenue {
  /** The adapter under test, for an account that can trade. */
  readonly adapter: AdapterPlugin;
  /** The same for an account that can't; undefined when the venue knows no such thing. */
  readonly lockedOut?: AdapterPlugin | undefined;
  /** Any executor that passes its own contract. */
  readonly executor: ExecutorPlugin;
  /** What can be traded, with prices on its tick: limits rest there, and stops do not trigger. */
  readonly symbol: string;
  readonly prices: {
    readonly restingBuyLimit: number;
    readonly otherBuyLimit: number;
    readonly buyStop: number;
    readonly sellTrail: number;
  };
  /** The venue's record, oldest first. Not asked through the adapter. */
  orders(): Promise<readonly RecordedOrder[]>;
  /** From here on nobody answers. */
  stop(): Promise<void>;
}

/** An adapter on a broker on a venue. */
export interface AdapterTrial {
  readonly venue: ContractVenue;
  readonly adapter: Adapter;
  readonly broker: Broker;
}

/** Connects the adapter under test and hands out the port that core holds of it. */
export async function startAdapterTrial(
  venue: ContractVenue,
  plugin: AdapterPlugin = venue.adapter,
): Promise<AdapterTrial> {
  let adapter: Adapter | undefined;
  const watched: AdapterPlugin = {
    ...plugin,
    async setup(context) {
      adapter = await plugin.setup(context);
      return adapter;
    },
  };
  const broker = await createBroker({
    adapter: watched,
    executors: { only: venue.executor },
    routing: { version: 1, salt: 'contract', default: { only: 100 } },
    journal: memoryJournal(),
    answerTimeoutMs: 2_000,
  });
  if (!adapter) throw new TypeError('the adapter was not set up');
  return { venue, adapter, broker };
}
