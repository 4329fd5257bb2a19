import type { Contract } from '../contract.ts';
import type { Lane } from '../adapter.ts';
import type { OrderId } from '../brand.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { Journal } from '../journal/journal.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import { testContract, testOrder } from './scripted-adapter.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import type { ScriptedBroker } from './scripted-broker.ts';
import { scriptedBroker } from './scripted-broker.ts';
import type { DeliveryScript } from './scripted-executor.ts';
import { answered } from './scripted-executor.ts';

export const MNQ: Contract = testContract({ root: 'MNQ' });
export const id = (text: string): OrderId => text as OrderId;
export const held = (quantity: number, side: 'buy' | 'sell' = 'buy'): Position => ({
  contractId: MNQ.id,
  side,
  quantity,
  averagePrice: 100,
  openedAt: 0,
  asOf: 0,
});

/** A venue that does what it is asked: cancels orders and closes positions. */
export interface ObedientVenue {
  orders: Order[];
  positions: Position[];
  readonly requests: string[];
  /** Called when the positions are read. */
  onRead?: (() => void) | undefined;
  /** Called when the open orders are read. */
  onOrders?: ((lane: Lane | undefined) => void) | undefined;
}

/** A broker on a venue that does what it is asked. */
export class HaltTrial {
  venue: ObedientVenue = { orders: [], positions: [], requests: [] };
  clock: ManualClock = createManualClock();
  scripted: ScriptedBroker | undefined;

  begin(): void {
    this.clock = createManualClock();
    this.venue = { orders: [], positions: [], requests: [] };
  }

  async end(): Promise<void> {
    if (this.scripted) await this.passing(this.scripted.broker.close());
    this.scripted = undefined;
  }

  readonly obey: DeliveryScript = ({ request }) => {
    const { operation } = request.template;
    const body = JSON.parse(request.body) as { orderId?: string };
    this.venue.requests.push(`${operation} ${body.orderId ?? ''}`.trim());
    if (operation === 'cancel')
      this.venue.orders = this.venue.orders.filter(({ orderId }) => orderId !== body.orderId);
    if (operation === 'close') this.venue.positions = [];
    return answered({ is: 'accepted', orderId: operation === 'place' ? id('77') : undefined });
  };

  async open(
    options: {
      readonly fast?: DeliveryScript;
      readonly fallback?: DeliveryScript;
      readonly journal?: Journal;
      readonly streams?: boolean;
      readonly away?: boolean;
    } = {},
  ): Promise<ScriptedBroker> {
    const {
      fast = this.obey,
      fallback,
      journal = memoryJournal(),
      streams = false,
      away = false,
    } = options;
    this.scripted = await scriptedBroker({
      clock: this.clock,
      journal,
      fast,
      fallback,
      adapter: {
        streams,
        openOrders: (lane) => {
          this.venue.onOrders?.(lane);
          return this.venue.orders;
        },
        orders: () => {
          if (away) throw new Error('away');
          return this.venue.orders;
        },
        positions: () => {
          this.venue.onRead?.();
          return this.venue.positions;
        },
        find: (sought) => {
          const order = this.venue.orders.find(
            ({ orderId }) => sought.by === 'order-id' && orderId === sought.orderId,
          );
          return sought.by === 'order-id'
            ? {
                is: 'found',
                order: order ?? testOrder({ orderId: sought.orderId, status: 'cancelled' }),
              }
            : { is: 'not-found' };
        },
      },
    });
    return this.scripted;
  }

  /** Lets time pass while something is under way. */
  async passing<Value>(work: Promise<Value>): Promise<Value> {
    const underway = new Set([work]);
    const done = work.finally(() => underway.delete(work));
    while (underway.has(work)) {
      for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
      this.clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return done;
  }
}
