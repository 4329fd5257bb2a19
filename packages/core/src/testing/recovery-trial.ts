import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientOrderId, OrderId } from '../brand.ts';
import { fileJournal } from '../journal/file-journal.ts';
import type { Order } from '../order.ts';
import { testOrder } from './scripted-adapter.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import type { ScriptedBroker, ScriptedBrokerOptions } from './scripted-broker.ts';
import { scriptedBroker } from './scripted-broker.ts';
import type { DeliveryScript } from './scripted-executor.ts';
import { answered, silent } from './scripted-executor.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;

/** A broker with a journal in a file, which several processes come and go by, and a venue that shows orders. */
export class RecoveryTrial {
  folder = '';
  path = '';
  clock: ManualClock = createManualClock();
  open: ScriptedBroker[] = [];
  venue: { orders: Order[]; away: boolean; reads: number } = { orders: [], away: false, reads: 0 };

  begin(): void {
    this.folder = mkdtempSync(join(tmpdir(), 'recovery-'));
    this.path = join(this.folder, 'orders.journal');
    this.clock = createManualClock();
    this.open = [];
    this.venue = { orders: [], away: false, reads: 0 };
  }

  async end(): Promise<void> {
    for (const { broker } of this.open) await this.closed(broker.close());
    rmSync(this.folder, { recursive: true });
  }

  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 250) {
      this.clock.advance(250);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** A close, and the time that it takes. */
  async closed(closing: Promise<void>): Promise<void> {
    await Promise.all([closing, this.pass(12_000)]);
  }

  async start(
    fast: DeliveryScript = () => answered({ is: 'accepted', orderId: '77' }),
    options: Partial<ScriptedBrokerOptions> = {},
  ): Promise<ScriptedBroker> {
    const scripted = await scriptedBroker({
      clock: this.clock,
      fast,
      ...options,
      journal: fileJournal(this.path),
      adapter: {
        orders: () => {
          this.venue.reads += 1;
          if (this.venue.away) throw new Error('away');
          return this.venue.orders;
        },
        ...options.adapter,
      },
    });
    this.open.push(scripted);
    return scripted;
  }

  /** The journal as a process leaves it that is killed in the middle of a place, `answers` before it. */
  async leaveBehind(...lost: string[]): Promise<void> {
    const { broker } = await this.start((delivery) =>
      lost.some((id) => delivery.request.body.includes(id))
        ? silent('RESET')
        : answered({ is: 'accepted', orderId: '5' }),
    );
    await broker.placeMarketOrder({ ...market, clientOrderId: 'done' });
    for (const clientOrderId of lost) await broker.placeMarketOrder({ ...market, clientOrderId });
    const killed = readFileSync(this.path, 'utf8');
    await this.closed(broker.close());
    this.open.pop();
    // Without the word that an outcome was unknown: the kill came before it.
    writeFileSync(
      this.path,
      killed
        .split('\n')
        .filter((line) => !line.includes('"outcome":"unknown"'))
        .join('\n'),
    );
  }
}

/** An order of the venue under this id. */
export const row = (clientOrderId: string, fields: Partial<Order> = {}): Order =>
  testOrder({
    orderId: '9' as OrderId,
    clientOrderId: clientOrderId as ClientOrderId,
    status: 'working',
    ...fields,
  });
