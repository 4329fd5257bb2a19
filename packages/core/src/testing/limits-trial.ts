import type { Contract } from '../contract.ts';
import type { Evidence } from '../evidence.ts';
import type { OrderId } from '../brand.ts';
import type { OrderRequest } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { AdapterScript } from './scripted-adapter.ts';
import { testContract, testOrder } from './scripted-adapter.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import type { ScriptedBroker, ScriptedBrokerOptions } from './scripted-broker.ts';
import { scriptedBroker } from './scripted-broker.ts';
import type { DeliveryScript } from './scripted-executor.ts';
import { answered } from './scripted-executor.ts';
import type { Limits } from '../limits/limits.ts';

export const MNQ: Contract = testContract({ root: 'MNQ' });
const contracts = [MNQ, testContract({ root: 'MES' })];
export const order = (fields: Partial<OrderRequest> = {}): OrderRequest =>
  ({
    type: 'limit',
    symbol: 'MNQ',
    side: 'buy',
    quantity: 1,
    limitPrice: 100,
    ...fields,
  }) as OrderRequest;
export const position = (
  quantity: number,
  side: 'buy' | 'sell' = 'buy',
  contract: Contract = MNQ,
): Position => ({
  contractId: contract.id,
  side,
  quantity,
  averagePrice: 100,
  openedAt: 0,
  asOf: 0,
});
export const row = (orderId: string, fields: Partial<Order>): Order =>
  testOrder({ orderId: orderId as OrderId, contractId: MNQ.id, ...fields });

/** A broker with limits, on an adapter with an order stream. */
export class LimitsTrial {
  scripted!: ScriptedBroker;
  clock!: ManualClock;
  placed = 0;
  /** Accepts every delivery, each under another id. */
  readonly numbered: DeliveryScript = () =>
    answered({ is: 'accepted', orderId: String((this.placed += 1)) as OrderId });

  async open(
    limits: Limits,
    script: AdapterScript = {},
    fast: DeliveryScript = this.numbered,
    options: Partial<ScriptedBrokerOptions> = {},
  ): Promise<void> {
    this.placed = 0;
    this.clock = createManualClock(Date.UTC(2026, 8, 21, 15));
    this.scripted = await scriptedBroker({
      clock: this.clock,
      fast,
      limits,
      adapter: { contracts, streams: true, ...script },
      ...options,
    });
    this.bring({ of: 'stream-live', stream: 'orders', at: this.clock.now() });
    for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
  }

  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 250) {
      this.clock.advance(Math.min(250, left));
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
  }

  bring(item: Evidence): void {
    this.scripted.adapter.context?.evidence(item);
  }

  /** `accepted`, or the limit that refused it. */
  async place(fields: Partial<OrderRequest> = {}): Promise<string | undefined> {
    const outcome = await this.scripted.broker.placeOrder(order(fields));
    return outcome.kind === 'not-sent' ? `${outcome.code} ${outcome.field}` : outcome.kind;
  }

  async end(): Promise<void> {
    const closing = this.scripted.broker.close();
    this.clock.advance(60_000);
    await closing;
  }
}
