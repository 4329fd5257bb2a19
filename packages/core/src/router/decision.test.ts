import { describe, expect, it } from 'vitest';
import type { Broker } from '../broker/broker.ts';
import { connectBroker, createBroker } from '../create-broker.ts';
import type { Delivery } from '../delivery.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import type { StoryLine } from '../story/story-line.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { scriptedAdapter, testContract, testOrder } from '../testing/scripted-adapter.ts';
import { answered, notWritten, scriptedExecutor, silent } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

type DeliveryLine = Extract<StoryLine, { readonly kind: 'delivery' }>;

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const accepted = (): Delivery => answered({ is: 'accepted', orderId: '7' });
const toFast: RoutingConfig<'fast' | 'fallback'> = {
  version: 1,
  salt: 's',
  default: { fast: 100, fallback: 0 },
};

async function deliveriesOf(broker: Broker, clientOrderId: string): Promise<DeliveryLine[]> {
  return (await broker.explain(clientOrderId)).lines.filter((line) => line.kind === 'delivery');
}

/** The line of an order that is placed now. */
async function placed(broker: Broker<'fast' | 'fallback'>): Promise<DeliveryLine> {
  const outcome = await broker.placeMarketOrder(market);
  const lines = await deliveriesOf(broker, outcome.clientOrderId ?? '');
  const last = lines.at(-1);
  if (!last) throw new Error(outcome.kind === 'accepted' ? 'no line' : outcome.message);
  return last;
}

describe('why an order went by another executor than the one that the table chose', () => {
  it('says nothing where the chosen one delivered', async () => {
    const { broker } = await scriptedBroker({ fast: accepted });
    const line = await placed(broker);
    expect(line).toMatchObject({ executor: 'fast', because: '' });
    expect(line.decision).toEqual({
      executor: 'fast',
      bucket: expect.any(Number),
      rule: 'default',
      version: 1,
    });
    await broker.close();
  });

  it('says that the table turns it off', async () => {
    const { broker } = await scriptedBroker({
      fast: accepted,
      fallback: accepted,
      routing: { ...toFast, off: ['fast'] },
    });
    expect(await placed(broker)).toMatchObject({
      executor: 'fallback',
      because: 'fast is turned off by the routing table',
      decision: { executor: 'fast', passedBy: [{ executor: 'fast', why: 'off' }] },
    });
    await broker.close();
  });

  it('says why it could not be set up, and keeps what a plugin says short', async () => {
    const broken = {
      ...scriptedExecutor(accepted),
      setup: () => Promise.reject(new Error(`no native module ${'x'.repeat(1_000)}`)),
    };
    const adapter = scriptedAdapter({ contracts: [testContract({ root: 'MNQ' })] });
    const broker = await createBroker({
      adapter,
      executors: { fast: broken, fallback: scriptedExecutor(accepted) },
      routing: toFast,
      journal: memoryJournal(),
    });
    const line = await placed(broker);
    expect(line.because).toMatch(
      /^fast is not available: it could not be set up: no native module x+…$/,
    );
    expect(line.because.length).toBeLessThan(250);
    expect(line.decision?.passedBy).toMatchObject([{ executor: 'fast', why: 'unavailable' }]);
    await broker.close();
  });

  it('says why it has no connection', async () => {
    const { broker, fast } = await scriptedBroker({ fast: accepted, fallback: accepted });
    fast.state = { is: 'unavailable', reason: 'gateway.example refused the connection' };
    expect(await placed(broker)).toMatchObject({
      executor: 'fallback',
      because: 'fast is not available: gateway.example refused the connection',
    });
    fast.state = { is: 'closed' };
    expect(await placed(broker)).toMatchObject({
      executor: 'fallback',
      because: 'fast is not available: closed',
    });
    await broker.close();
  });

  it('says by what it was tripped, and since when', async () => {
    const clock = createManualClock();
    const { broker } = await scriptedBroker({
      clock,
      fast: () => notWritten('REFUSED'),
      fallback: accepted,
      adapter: { probe: true },
    });
    for (let index = 0; index < 5; index += 1) await placed(broker);
    const since = clock.now();
    clock.advance(1_000);
    expect(await placed(broker)).toMatchObject({
      executor: 'fallback',
      because: `fast is tripped for place since ${new Date(since).toISOString()}: 5 deliveries in a row failed, the last with REFUSED`,
      decision: { executor: 'fast', passedBy: [{ executor: 'fast', why: 'tripped', since }] },
    });
    await broker.close();
  });

  it('says which hard evidence speaks against it', async () => {
    const made = await scriptedBroker({ fast: accepted, fallback: accepted });
    const { broker } = made;
    made.holdAgainst('fast', { of: 'second-request', clientOrderId: 'x' });
    // Its share is zero, so that the table in force chooses the other, and says from whom it took the order.
    expect(await placed(broker)).toMatchObject({
      executor: 'fallback',
      because: "a latch holds fast at 0 % of the table's 100 %",
      decision: {
        executor: 'fallback',
        cut: { executor: 'fast', from: 'fast', tablePercent: 100, inForcePercent: 0, by: 'latch' },
      },
    });
    await broker.close();
  });

  it('says at which step a ramp holds it', async () => {
    const { broker } = await scriptedBroker({
      fast: accepted,
      fallback: accepted,
      routing: {
        version: 1,
        salt: 's',
        default: { fast: 80, fallback: 20 },
        ramp: { executor: 'fast', steps: [5, 100], minDwell: '1h' },
      },
    });
    const lines: DeliveryLine[] = [];
    for (let index = 0; index < 200; index += 1) lines.push(await placed(broker));
    const held = lines.filter(({ decision }) => decision?.cut);
    expect(held.length).toBeGreaterThan(100);
    expect(
      held.every(
        ({ executor, because }) =>
          executor === 'fallback' && because === "the ramp holds fast at 5 % of the table's 80 %",
      ),
    ).toBe(true);
    expect(held[0]?.decision).toMatchObject({
      executor: 'fallback',
      cut: { executor: 'fast', from: 'fast', tablePercent: 80, inForcePercent: 5, by: 'ramp' },
    });
    // Those that the table itself gives to the other executor were not cut, nor were those that the ramp has reached.
    const whole = lines.filter(({ decision }) => !decision?.cut);
    expect(
      whole.every(
        ({ because, decision }) =>
          because === '' &&
          (decision?.executor === 'fast'
            ? (decision.bucket ?? 0) < 5_000
            : (decision?.bucket ?? 0) >= 80_000),
      ),
    ).toBe(true);
    await broker.close();
  });

  it('says whom it took over from, and who else was passed by', async () => {
    const adapter = scriptedAdapter({ contracts: [testContract({ root: 'MNQ' })] });
    const executors = {
      fast: scriptedExecutor(() => notWritten('RESET')),
      spare: scriptedExecutor(accepted),
      fallback: scriptedExecutor(accepted),
    };
    const broker = await createBroker({
      adapter,
      executors,
      routing: {
        version: 1,
        salt: 's',
        default: { fast: 100, spare: 0, fallback: 0 },
        off: ['spare'],
      },
      journal: memoryJournal(),
    });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'entry' });
    expect(await deliveriesOf(broker, 'entry')).toMatchObject([
      { executor: 'fast', because: '', meant: 'RESET' },
      {
        executor: 'fallback',
        because: 'takeover from fast: RESET; spare is turned off by the routing table',
        decision: {
          executor: 'fast',
          passedBy: [
            { executor: 'fast', why: 'failed', because: 'RESET' },
            { executor: 'spare', why: 'off' },
          ],
        },
      },
    ]);
    await broker.close();
  });

  it('says that every executor was tripped and the last delivered all the same', async () => {
    const { broker } = await scriptedBroker({
      fast: ({ request }) => (request.template.path === '/place' ? accepted() : silent()),
      fallback: () => silent(),
      adapter: { probe: true },
    });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'entry' });
    for (let index = 0; index < 11; index += 1)
      await broker.cancelOrder({ clientOrderId: 'entry' });
    expect((await deliveriesOf(broker, 'entry')).at(-1)).toMatchObject({
      operation: 'cancel',
      executor: 'fallback',
      decision: {
        executor: 'fast',
        rule: 'placed-by',
        lastResort: true,
        passedBy: [
          { executor: 'fast', why: 'tripped' },
          { executor: 'fallback', why: 'tripped' },
        ],
      },
      because: expect.stringMatching(
        /^fast placed the order; fast is tripped for cancel since .*; fallback is tripped for cancel since .*; every executor is tripped, and fallback delivers all the same$/,
      ),
    });
    await broker.close();
  });

  it('says that later operations stay with the executor that placed the order, or why not', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: accepted,
      fallback: accepted,
      adapter: {
        find: () => ({
          is: 'found',
          order: testOrder({ orderId: '7' as never, status: 'cancelled' }),
        }),
      },
    });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'entry' });
    await broker.modifyOrder({ clientOrderId: 'entry', quantity: 2 });
    fast.state = { is: 'unavailable', reason: 'no network' };
    await broker.cancelOrder({ clientOrderId: 'entry' });
    expect((await deliveriesOf(broker, 'entry')).slice(1)).toMatchObject([
      {
        operation: 'modify',
        executor: 'fast',
        decision: { rule: 'placed-by' },
        because: 'it placed the order, whose later operations stay with it',
      },
      {
        operation: 'cancel',
        executor: 'fallback',
        decision: { executor: 'fast', rule: 'placed-by' },
        because: 'fast placed the order; fast is not available: no network',
      },
    ]);
    await broker.close();
  });

  it('says that a repeat followed a renewed token', async () => {
    const { broker } = await scriptedBroker({
      fast: (_, index) => (index === 0 ? answered({ is: 'unauthorized' }) : accepted()),
    });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'entry' });
    expect(await deliveriesOf(broker, 'entry')).toMatchObject([
      { because: '', meant: 'unauthorized' },
      { because: '401: token renewed', executor: 'fast' },
    ]);
    await broker.close();
  });
});

describe('why nobody could deliver', () => {
  it('names each executor with its reason', async () => {
    const { broker, fast, fallback } = await scriptedBroker({ fast: accepted, fallback: accepted });
    fast.state = { is: 'unavailable', reason: 'gateway.example refused the connection' };
    fallback.state = { is: 'closed' };
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'UNREACHABLE',
      message:
        'No executor is available: fast is not available: gateway.example refused the connection; fallback is not available: closed.',
    });
    await broker.close();
  });

  it('names what each was tripped by', async () => {
    const { broker } = await scriptedBroker({
      fast: () => silent('RESET'),
      fallback: () => silent('CLOSED'),
      adapter: { probe: true },
    });
    for (let index = 0; index < 10; index += 1) await broker.placeMarketOrder(market);
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      code: 'EXECUTORS_TRIPPED',
      message: expect.stringMatching(
        /^Every executor that could deliver is tripped: fast is tripped for place since .*the last with RESET; fallback is tripped for place since .*the last with CLOSED\.$/,
      ),
    });
    await broker.close();
  });

  it('names why nobody else could take over', async () => {
    const { broker } = await scriptedBroker({
      fast: () => notWritten('REFUSED'),
      fallback: accepted,
      routing: { ...toFast, off: ['fallback'] },
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      code: 'UNREACHABLE',
      message:
        'No executor could write the place: fast: Scripted: REFUSED; fallback is turned off by the routing table.',
    });
    await broker.close();
  });
});

it('an executor that the table chose for an order and that this broker has not is named', async () => {
  const journal = memoryJournal();
  const adapter = () =>
    scriptedAdapter({
      contracts: [testContract({ root: 'MNQ' })],
      find: () => ({
        is: 'found',
        order: testOrder({ orderId: '7' as never, status: 'cancelled' }),
      }),
    });
  const first = await connectBroker({
    adapter: adapter(),
    executors: { older: scriptedExecutor(accepted) },
    routing: { version: 1, salt: 's', default: { older: 100 } },
    journal,
  });
  await first.placeMarketOrder({ ...market, clientOrderId: 'entry' });
  await first.close();
  const second = await connectBroker({
    adapter: adapter(),
    executors: { newer: scriptedExecutor(accepted) },
    routing: { version: 1, salt: 's', default: { newer: 100 } },
    journal,
  });
  await second.cancelOrder({ clientOrderId: 'entry' });
  expect(await deliveriesOf(second, 'entry')).toMatchObject([
    { operation: 'place', executor: 'older', because: '' },
    {
      operation: 'cancel',
      executor: 'newer',
      because: 'older placed the order; this broker has no executor "older"',
    },
  ]);
  await second.close();
});

it('an order that was taken over stays, over a restart, with the executor that placed it', async () => {
  const journal = memoryJournal();
  const order = testOrder({
    orderId: '7' as never,
    clientOrderId: 'entry' as never,
    status: 'cancelled',
  });
  const first = await scriptedBroker({
    journal,
    fast: () => notWritten('REFUSED'),
    fallback: accepted,
  });
  await first.broker.placeMarketOrder({ ...market, clientOrderId: 'entry' });
  await first.broker.close();
  const second = await scriptedBroker({
    journal,
    fast: accepted,
    fallback: accepted,
    adapter: { find: () => ({ is: 'found', order }) },
  });
  expect(await second.broker.placeMarketOrder({ ...market, clientOrderId: 'entry' })).toMatchObject(
    { executor: 'fallback', deliveries: 2 },
  );
  await second.broker.cancelOrder({ clientOrderId: 'entry' });
  expect([second.fast.deliveries.length, second.fallback.deliveries.length]).toEqual([0, 1]);
  await second.broker.close();
});
