import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ClientOrderId, OrderId } from '../brand.ts';
import type { Evidence } from '../evidence.ts';
import type { Position } from '../position.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered, silent } from '../testing/scripted-executor.ts';

// Whatever is placed, filled, cancelled and lost, and in whatever order the venue's events come: what could be held at the venue, if everything filled, stays within the limit.
const most = 5;
const MNQ = testContract({ root: 'MNQ' });
type Step =
  | {
      readonly do: 'place';
      readonly side: 'buy' | 'sell';
      readonly quantity: number;
      readonly lost: boolean;
    }
  | { readonly do: 'fill' | 'cancel' | 'hear' | 'hear-late'; readonly nth: number }
  | { readonly do: 'time' };
const nth = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('place' as const),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: fc.integer({ min: 1, max: 4 }),
      lost: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('fill' as const, 'cancel' as const), nth }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('hear' as const, 'hear-late' as const), nth }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('time' as const) }) },
);

interface VenueOrder {
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  status: 'working' | 'filled' | 'cancelled';
}

async function play(steps: readonly Step[]): Promise<number> {
  const clock = createManualClock();
  const orders: VenueOrder[] = [];
  let net = 0;
  let version = 0;
  const pending: Evidence[] = [];
  const position = (): Position | undefined =>
    net === 0
      ? undefined
      : {
          contractId: MNQ.id,
          side: net > 0 ? 'buy' : 'sell',
          quantity: Math.abs(net),
          averagePrice: 100,
          openedAt: 0,
          asOf: 0,
        };
  const tell = ({ orderId, clientOrderId, side, quantity, status }: VenueOrder): void => {
    version += 1;
    const filledQuantity = status === 'filled' ? quantity : 0;
    pending.push({
      of: 'order',
      order: testOrder({
        orderId,
        clientOrderId,
        contractId: MNQ.id,
        side,
        quantity,
        status,
        filledQuantity,
        updatedAt: version,
        asOf: clock.now(),
      }),
    });
  };
  let loseAnswer = false;
  const { broker, adapter } = await scriptedBroker({
    clock,
    limits: { maxContracts: most, whileUnknown: 'count' },
    fast: ({ request }) => {
      const { tag, side, quantity } = JSON.parse(request.body) as {
        tag: ClientOrderId;
        side: 'buy' | 'sell';
        quantity: number;
      };
      const order: VenueOrder = {
        orderId: String(orders.length + 1) as OrderId,
        clientOrderId: tag,
        side,
        quantity,
        status: 'working',
      };
      orders.push(order);
      tell(order);
      return loseAnswer ? silent('RESET') : answered({ is: 'accepted', orderId: order.orderId });
    },
    adapter: { streams: true },
  });
  const hear = (index: number): void => {
    const [item] = pending.splice(index, 1);
    if (item) adapter.context?.evidence(item);
  };
  adapter.context?.evidence({ of: 'stream-live', stream: 'orders', at: clock.now() });
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  const working = (): VenueOrder[] => orders.filter(({ status }) => status === 'working');
  for (const each of steps) {
    if (each.do === 'place') {
      loseAnswer = each.lost;
      await broker.placeLimitOrder({
        symbol: 'MNQ',
        side: each.side,
        quantity: each.quantity,
        limitPrice: 100,
      });
    } else if (each.do === 'time') {
      clock.advance(100);
    } else if (each.do === 'hear') {
      hear(0);
    } else if (each.do === 'hear-late') {
      hear(each.nth % Math.max(1, Math.min(pending.length, 3)));
    } else {
      const open = working();
      const order = open[each.nth % Math.max(1, open.length)];
      if (order) {
        order.status = each.do === 'fill' ? 'filled' : 'cancelled';
        if (each.do === 'fill') net += order.side === 'buy' ? order.quantity : -order.quantity;
        tell(order);
        if (each.do === 'fill')
          pending.push({
            of: 'position',
            contractId: MNQ.id,
            position: position(),
            asOf: clock.now(),
          });
      }
    }
    const sum = (side: 'buy' | 'sell'): number =>
      working().reduce((total, order) => total + (order.side === side ? order.quantity : 0), 0);
    expect(net + sum('buy')).toBeLessThanOrEqual(most);
    expect(sum('sell') - net).toBeLessThanOrEqual(most);
  }
  const closing = broker.close();
  clock.advance(10_000);
  await closing;
  return orders.length;
}

it('holds whatever the order of fills, lost answers and late events', async () => {
  let placed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      placed += await play(steps);
    }),
    { numRuns: 400 },
  );
  expect(placed).toBeGreaterThan(400);
});
