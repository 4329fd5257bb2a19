import type { Contract } from '../contract.ts';
import type { OrderId } from '../brand.ts';
import type { Evidence } from '../evidence.ts';
import type { EventMap } from '../events/event-map.ts';
import type { Position } from '../position.ts';
import type { AdapterScript } from './scripted-adapter.ts';
import { testContract } from './scripted-adapter.ts';
import type { ScriptedBroker } from './scripted-broker.ts';
import { scriptedBroker } from './scripted-broker.ts';
import { answered } from './scripted-executor.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import type { Trade } from '../trade.ts';

export const contractId: Contract['id'] = testContract({ root: 'MNQ' }).id;
export const id = (text: string): OrderId => text as OrderId;
export const position = (quantity: number): Position => ({
  contractId,
  side: 'buy',
  quantity,
  averagePrice: 100,
  openedAt: 0,
  asOf: 0,
});
export const fill = (tradeId: string, orderId: string, at: number): Trade => ({
  tradeId,
  orderId: id(orderId),
  contractId,
  side: 'buy',
  quantity: 1,
  price: 100,
  profitAndLoss: undefined,
  fees: 0.5,
  at,
  voided: false,
});
/** Lets promises that need no time come to their end. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

const names = [
  'order.updated',
  'order.filled',
  'position.updated',
  'account.updated',
  'stream.gap',
  'stream.synced',
  'contract.rolled',
  'session.failed',
] as const satisfies (keyof EventMap<string>)[];

/** A broker whose adapter has an order stream, and what the broker tells. */
export class StateTrial {
  scripted!: ScriptedBroker;
  clock!: ManualClock;
  told: [string, unknown][] = [];

  async open(script: AdapterScript = {}): Promise<void> {
    this.clock = createManualClock();
    this.scripted = await scriptedBroker({
      clock: this.clock,
      fast: () => answered({ is: 'accepted', orderId: id('77') }),
      adapter: { streams: true, ...script },
    });
    this.told = [];
    for (const name of names)
      this.scripted.broker.on(name, (payload) => void this.told.push([name, payload]));
  }

  bring(item: Evidence): void {
    this.scripted.adapter.context?.evidence(item);
  }

  async live(): Promise<void> {
    this.bring({ of: 'stream-live', stream: 'orders', at: this.clock.now() });
    await settle();
  }

  gap(): void {
    this.bring({ of: 'stream-gap', stream: 'orders', at: this.clock.now(), because: 'cut' });
  }

  namesTold(): string[] {
    return this.told.map(([name]) => name);
  }

  async end(): Promise<void> {
    const closing = this.scripted.broker.close();
    this.clock.advance(10_000);
    await closing;
  }
}
