import type { Delivery } from '../delivery.ts';
import type { RolloutChanged } from '../events/event-map.ts';
import type { Journal } from '../journal/journal.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import type { ScriptedBroker } from './scripted-broker.ts';
import { scriptedBroker } from './scripted-broker.ts';
import { answered, silent } from './scripted-executor.ts';
import { seededRandom } from './seeded-random.ts';

export type Key = 'fast' | 'fallback';
export type Table = RoutingConfig<Key>;
export const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
export const minute = 60_000;
export const table = (fast: number, more: Partial<Table> = {}): Table => ({
  version: 1,
  salt: 's',
  default: { fast, fallback: 100 - fast },
  ...more,
});

/** Tables that a test edits while its broker trades. */
export function editable(first: Table): {
  readonly tables: AsyncIterable<Table>;
  readonly edit: (next: unknown) => Promise<void>;
} {
  const waiting: ((table: Table) => void)[] = [];
  return {
    tables: {
      async *[Symbol.asyncIterator]() {
        yield first;
        for (;;) yield await new Promise<Table>((resolve) => waiting.push(resolve));
      },
    },
    async edit(next) {
      while (waiting.length === 0) await Promise.resolve();
      waiting.shift()?.(next as Table);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
  };
}

/** A broker whose executors answer in virtual time, and a bot that places one order a minute. */
export class RolloutTrial {
  readonly clock: ManualClock = createManualClock();
  readonly changes: RolloutChanged<Key>[] = [];
  readonly begun: RolloutChanged<Key>[] = [];
  readonly health: string[] = [];
  readonly #random = seededRandom(11);
  slow = 1;
  lost = 0;
  orders = 0;
  made: ScriptedBroker | undefined;

  async start(routing: AsyncIterable<Table> | Table, journal: Journal): Promise<void> {
    this.made = await scriptedBroker({
      clock: this.clock,
      routing,
      journal,
      random: seededRandom(5),
      adapter: { probe: true, find: () => ({ is: 'not-found' }) },
      fast: ({ request }) =>
        request.template.operation === 'read'
          ? this.answer(1)
          : this.#random() < this.lost
            ? silent()
            : this.answer(this.slow),
      fallback: () => this.answer(1),
    });
    this.made.broker.on('rollout.changed', (change) => this.changes.push(change));
    this.made.broker.on('executor.tripped', ({ executor, operation }) =>
      this.health.push(`${executor} ${operation} tripped`),
    );
  }

  /** What changed while the broker started is told as soon as somebody can listen. */
  hearStart(): readonly RolloutChanged<Key>[] {
    this.clock.advance(0);
    return this.changes.splice(0);
  }

  get broker(): ScriptedBroker['broker'] {
    if (!this.made) throw new Error('not started');
    return this.made.broker;
  }

  answer(factor: number): Delivery {
    const queued = this.clock.monotonic();
    const end = queued + factor * (20 + 10 * this.#random());
    const orderId = String((this.orders += 1));
    return {
      ...answered({ is: 'accepted', orderId }),
      marks: { queued, written: queued + 0.08, firstByte: end, end },
    };
  }

  /** Trades until the share has changed, and gives the change. */
  async untilChange(most = 12_000): Promise<RolloutChanged<Key> | undefined> {
    const before = this.changes.length;
    for (let index = 0; index < most && this.changes.length === before; index += 1)
      await this.trade();
    return this.changes[before];
  }

  async trade(): Promise<Key | undefined> {
    const { executor } = await this.broker.placeMarketOrder(market);
    this.clock.advance(minute);
    return executor;
  }
}
