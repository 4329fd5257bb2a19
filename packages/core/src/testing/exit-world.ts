import type { OrderId } from '../brand.ts';
import type { Finding } from '../finding.ts';
import type { Order } from '../order.ts';
import type { CloseOutcome } from '../outcome.ts';
import type { Position } from '../position.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import { testContract, testOrder } from './scripted-adapter.ts';
import type { ScriptedBroker } from './scripted-broker.ts';
import { scriptedBroker } from './scripted-broker.ts';
import type { DeliveryScript } from './scripted-executor.ts';
import { silent } from './scripted-executor.ts';

const MNQ = testContract({ root: 'MNQ' });

/** A broker that holds a position, and a venue that shows of it what a test says. */
export interface ExitWorld {
  readonly clock: ManualClock;
  readonly scripted: ScriptedBroker;
  /** Contracts that the venue shows as held; below 0: sold. */
  held: number;
  /** What becomes of a delivery. */
  script: DeliveryScript;
  /** The end of each call, in the order in which they came. */
  readonly ends: (CloseOutcome | { readonly kind: string })[];
  /** The operation of each delivery. */
  readonly sent: string[];
  /** The client order id of each. */
  readonly tags: unknown[];
  /** What the venue lists as working; undefined: it refuses to say; a promise: when it answers. */
  listed: readonly Order[] | Promise<readonly Order[]> | undefined;
  /** What it lists as made of late, whatever became of it. */
  made: readonly Order[];
  /** What it shows of one order. */
  shown: Finding;
  stream(item: 'live' | 'gap' | Order): void;
  pass(milliseconds: number): Promise<void>;
  close(): void;
  reduce(quantity?: number, deadlineMs?: number): void;
  /** Ends the broker. */
  over(): Promise<void>;
}

export type ExitWorldOptions = Partial<Parameters<typeof scriptedBroker>[0]> & {
  /** Whether the stream has come to life. Default true. */
  readonly isLive?: boolean;
};

export async function exitWorld({
  isLive = true,
  ...options
}: ExitWorldOptions = {}): Promise<ExitWorld> {
  const clock = createManualClock();
  const deliver: DeliveryScript = (delivery, index) => {
    world.sent.push(delivery.request.template.operation);
    world.tags.push((JSON.parse(delivery.request.body) as { readonly tag?: unknown }).tag);
    return world.script(delivery, index);
  };
  const scripted = await scriptedBroker({
    clock,
    outcomeWithinMs: 12_000,
    fast: deliver,
    fallback: deliver,
    ...options,
    adapter: {
      streams: true,
      openOrders: () => world.listed ?? Promise.reject(new Error('no answer')),
      orders: () => world.made,
      find: () => world.shown,
      positions: () => (world.held === 0 ? [] : [positionOf(world.held)]),
    },
  });
  const follow = async (outcome: Promise<CloseOutcome>): Promise<void> => {
    const told = await outcome;
    world.ends.push(told.kind === 'unknown' && !told.final ? await told.resolved : told);
  };
  const world: ExitWorld = {
    clock,
    scripted,
    held: 2,
    script: () => silent('RESET'),
    ends: [],
    sent: [],
    tags: [],
    listed: [],
    made: [],
    shown: { is: 'not-found' },
    stream(item) {
      const { context } = scripted.adapter;
      if (item === 'live')
        context?.evidence({ of: 'stream-live', stream: 'orders', at: clock.now() });
      else if (item === 'gap')
        context?.evidence({ of: 'stream-gap', stream: 'orders', at: clock.now(), because: 'test' });
      else context?.evidence({ of: 'order', order: item });
    },
    async pass(milliseconds) {
      for (let left = milliseconds; left > 0; left -= 250) {
        clock.advance(Math.min(250, left));
        for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
      }
    },
    close: () => void follow(scripted.broker.closePosition({ symbol: 'MNQ' })),
    reduce: (quantity = 1, deadlineMs) =>
      void follow(scripted.broker.reducePosition({ symbol: 'MNQ', quantity, deadlineMs })),
    async over() {
      const closing = scripted.broker.close();
      await world.pass(10_000);
      await closing;
    },
  };
  if (isLive) world.stream('live');
  await world.pass(1);
  return world;
}

/** The order that an exit makes: no tag, at the market, opposite to what is held. */
export function exitOrder(fields: Partial<Order> = {}): Order {
  return testOrder({
    orderId: '50' as OrderId,
    contractId: MNQ.id,
    side: 'sell',
    type: 'market',
    status: 'filled',
    quantity: 1,
    filledQuantity: 1,
    updatedAt: 1,
    ...fields,
  });
}

function positionOf(quantity: number): Position {
  return {
    contractId: MNQ.id,
    side: quantity > 0 ? 'buy' : 'sell',
    quantity: Math.abs(quantity),
    averagePrice: 24_000,
    openedAt: 0,
    asOf: 0,
  };
}
