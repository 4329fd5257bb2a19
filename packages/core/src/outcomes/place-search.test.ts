import { afterEach, describe, expect, it } from 'vitest';
import type { Capabilities } from '../capabilities.ts';
import type { ClientOrderId, OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import type { OrderRequest } from '../order-request.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import type { DeliveryScript } from '../testing/scripted-executor.ts';
import { answered, silent } from '../testing/scripted-executor.ts';

const MNQ = testContract({ root: 'MNQ' });
const limit: OrderRequest = {
  type: 'limit',
  symbol: 'MNQ',
  side: 'buy',
  quantity: 1,
  limitPrice: 24_000,
  clientOrderId: 'entry-1',
};
const own = (fields: Partial<Order> = {}): Order =>
  testOrder({
    orderId: '9' as OrderId,
    clientOrderId: 'entry-1' as ClientOrderId,
    contractId: MNQ.id,
    status: 'working',
    ...fields,
  });

let clock: ManualClock;
let scripted: ScriptedBroker;
let rows: Order[];
/** The bodies of what was delivered, by whichever executor. */
let sent: string[];

async function open(
  script: DeliveryScript,
  capabilities: Partial<Capabilities> = {},
): Promise<void> {
  clock = createManualClock();
  rows = [];
  sent = [];
  const deliver: DeliveryScript = (delivery) => {
    sent.push(delivery.request.body);
    return script(delivery, sent.length - 1);
  };
  scripted = await scriptedBroker({
    clock,
    outcomeWithinMs: 12_000,
    fast: deliver,
    fallback: deliver,
    adapter: { capabilities, streams: true, orders: () => rows },
  });
  scripted.adapter.context?.evidence({ of: 'stream-live', stream: 'orders', at: clock.now() });
  await pass(1);
}
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 250) {
    clock.advance(Math.min(250, left));
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }
}
/** Every word that the bot is told. */
function placing(request: OrderRequest = limit): unknown[] {
  const told: unknown[] = [];
  void scripted.broker.placeOrder(request).then((outcome) => {
    told.push(outcome);
    if (outcome.kind === 'unknown' && !outcome.final)
      void outcome.resolved.then((end) => void told.push(end));
  });
  return told;
}
afterEach(async () => {
  const closing = scripted.broker.close();
  await pass(10_000);
  await closing;
});

const lostThen =
  (second: DeliveryScript): DeliveryScript =>
  (delivery, index) =>
    index === 0 ? silent('RESET') : second(delivery, index);

describe('a place that two lookups have not shown', () => {
  it('is delivered once more after repeatAfterMs, under the same id, and the second answer counts', async () => {
    await open(lostThen(() => answered({ is: 'accepted', orderId: '9' })));
    const told = placing();
    await pass(2_750);
    expect(sent).toHaveLength(1);
    await pass(2_000);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toBe(sent[0]);
    expect(told).toMatchObject([{ kind: 'accepted', orderId: '9', deliveries: 2 }]);
  });

  it('is delivered once more, and no more', async () => {
    await open(() => silent('RESET'));
    placing();
    await pass(60_000);
    expect(sent).toHaveLength(2);
  });

  it('waits for the row when the second attempt is told that its id is in use', async () => {
    await open(
      lostThen(() => answered({ is: 'client-order-id-in-use', message: 'tag already in use' })),
    );
    const told = placing();
    await pass(40_000);
    expect(told).toMatchObject([{ kind: 'unknown', final: false }]);
    rows = [own()];
    await pass(11_000);
    expect(told[1]).toMatchObject({ kind: 'accepted', orderId: '9', recovered: true });
  });

  it('stays unknown when the second attempt is refused: the first may still come', async () => {
    await open(
      lostThen(() =>
        answered({ is: 'refused', code: 'INSUFFICIENT_FUNDS', venueCode: 3, message: 'no' }),
      ),
    );
    const told = placing();
    await pass(15_000);
    expect(told).toMatchObject([{ kind: 'unknown', final: false }]);
    await pass(20_000);
    expect(told[1]).toMatchObject({ kind: 'unknown', code: 'ABSENT' });
  });

  it('is given the whole time again from the second attempt on', async () => {
    await open(() => silent('RESET'));
    const told = placing();
    await pass(17_000);
    expect(told).toMatchObject([{ kind: 'unknown', final: false }]);
    await pass(15_000);
    expect(told[1]).toMatchObject({ kind: 'unknown', code: 'ABSENT' });
  });

  it('is looked for longer when its bot stopped waiting: its connection lasts until its answer is overdue', async () => {
    await open(() => silent('ABORTED'));
    const told = placing({ ...limit, deadlineMs: 500 });
    await pass(24_000);
    expect(told).toMatchObject([{ kind: 'unknown', final: false, code: 'WAIT_ABORTED' }]);
    await pass(14_000);
    expect(told[1]).toMatchObject({ kind: 'unknown', code: 'ABSENT' });
  });

  it.each([
    [
      "its deadline is over, as a market order's always is",
      (): OrderRequest => ({
        type: 'market',
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        clientOrderId: 'entry-1',
      }),
      () => undefined,
    ],
    ['it was halted', () => limit, () => void scripted.broker.halt()],
    [
      'its order was cancelled',
      () => limit,
      () => void scripted.broker.cancelOrder({ clientOrderId: 'entry-1' }),
    ],
    [
      'the venue showed that it has it',
      () => limit,
      () => void (rows = [own({ status: 'pending' })]),
    ],
  ])('is not delivered again when %s', async (_, request, happens) => {
    await open(() => silent('RESET'));
    placing(request());
    await pass(500);
    happens();
    await pass(60_000);
    expect(sent.filter((body) => body.includes('entry-1'))).toHaveLength(1);
  });

  it('is not delivered again where the venue does not keep two orders of one id apart', async () => {
    await open(() => silent('RESET'), {
      clientOrderId: { maxLength: 64, reservedSuffixes: [], unique: 'open-orders' },
    });
    placing();
    await pass(60_000);
    expect(sent).toHaveLength(1);
  });
});
