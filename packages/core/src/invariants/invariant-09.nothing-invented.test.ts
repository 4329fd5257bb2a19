import { describe, expect, it } from 'vitest';
import { ReadError } from '../errors/read-error.ts';
import type { OrderRequest } from '../order-request.ts';
import { testContract } from '../testing/scripted-adapter.ts';
import { answered } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const accepted = answered({ is: 'accepted', orderId: '3400000001' });
const market = { type: 'market', symbol: 'MNQ', side: 'buy', quantity: 1 };
const limit = { ...market, type: 'limit', limitPrice: 24000 };
/** What a JavaScript author can pass, compiler or no compiler. */
const untyped = (request: unknown): OrderRequest => request as OrderRequest;

describe('invariant 9: nothing invented', () => {
  it.each([
    ['no side', { ...market, side: undefined }, 'side', /must be "buy" or "sell"/],
    ['a side of another spelling', { ...market, side: 'BUY' }, 'side', /is "BUY"/],
    ['no type', { ...market, type: undefined }, 'type', /must be one of market, limit/],
    ['a type of another spelling', { ...market, type: 'Market' }, 'type', /did you mean "market"/],
    ['no symbol', { ...market, symbol: '' }, 'symbol', /must be a root such as "MNQ"/],
    ['no quantity', { ...market, quantity: undefined }, 'quantity', /whole number of contracts/],
    ['half a contract', { ...market, quantity: 0.5 }, 'quantity', /is 0\.5/],
    ['a negative quantity', { ...market, quantity: -1 }, 'quantity', /is -1/],
    ['a quantity as text', { ...market, quantity: '1' }, 'quantity', /is "1"/],
    ['a quantity beyond 32 bits', { ...market, quantity: 3e9 }, 'quantity', /is 3000000000/],
    [
      'a limit order without its price',
      { ...limit, limitPrice: undefined },
      'limitPrice',
      /must be a price as a number/,
    ],
    [
      'a price on a market order',
      { ...market, limitPrice: 24000 },
      'limitPrice',
      /is no field of a market order/,
    ],
    [
      'a misspelt field',
      { ...limit, limitprice: 24000 },
      'limitprice',
      /did you mean "limitPrice"/,
    ],
    [
      'a price between ticks',
      { ...limit, limitPrice: 24000.1 },
      'limitPrice',
      /between the ticks of MNQZ6 \(0\.25\)/,
    ],
    ['a price of nothing', { ...limit, limitPrice: Number.NaN }, 'limitPrice', /is NaN/],
    ['a price of zero', { ...limit, limitPrice: 0 }, 'limitPrice', /must be above 0/],
    [
      'an id with a space',
      { ...market, clientOrderId: 'my order' },
      'clientOrderId',
      /only letters/,
    ],
    [
      "an id with the venue's ending",
      { ...market, clientOrderId: 'entry-sl' },
      'clientOrderId',
      /ends in "-SL"/,
    ],
    ['a deadline of zero', { ...market, deadlineMs: 0 }, 'deadlineMs', /above 0/],
    ['a signal that is none', { ...market, signal: true }, 'signal', /AbortSignal/],
    ['an empty bracket', { ...market, bracket: {} }, 'bracket', /must have stopLossTicks/],
    [
      'a signed bracket',
      { ...market, bracket: { stopLossTicks: -40 } },
      'bracket.stopLossTicks',
      /without sign/,
    ],
    [
      'a misspelt bracket',
      { ...market, bracket: { stopLoss: 40 } },
      'bracket.stopLoss',
      /did you mean "stopLossTicks"/,
    ],
    [
      'a trail of neither kind',
      { ...market, type: 'trailing-stop' },
      'trailPrice',
      /only one of them/,
    ],
    [
      'a trail of both kinds',
      { ...market, type: 'trailing-stop', trailTicks: 4, trailPrice: 24000 },
      'trailPrice',
      /only one of them/,
    ],
    ['nothing at all', undefined, 'order', /must be an object/],
  ])('%s is not sent, and the field is named', async (_name, request, field, message) => {
    const { broker, fast } = await scriptedBroker({ fast: () => accepted });
    expect(await broker.placeOrder(untyped(request))).toMatchObject({
      kind: 'not-sent',
      code: 'INVALID_ORDER',
      field,
      message: expect.stringMatching(message),
      deliveries: 0,
    });
    expect(fast.deliveries).toHaveLength(0);
    await broker.close();
  });

  it('says which prices would be right', async () => {
    const contracts = [testContract({ root: '6J', tickSize: 5e-7 })];
    const { broker } = await scriptedBroker({ fast: () => accepted, adapter: { contracts } });
    const order = { symbol: '6J', side: 'buy', quantity: 1 } as const;
    expect(await broker.placeLimitOrder({ ...order, limitPrice: 0.0067003 })).toMatchObject({
      field: 'limitPrice',
      hint: 'Use 0.0067 or 0.0067005.',
    });
    expect((await broker.placeLimitOrder({ ...order, limitPrice: 0.0067 + 5e-7 * 3 })).kind).toBe(
      'accepted',
    );
    await broker.close();
  });

  it('leaves an id that was refused free for the corrected order', async () => {
    const { broker } = await scriptedBroker({ fast: () => accepted });
    const order = { symbol: 'MNQ', side: 'buy', quantity: 1, clientOrderId: 'entry-1' } as const;
    expect(await broker.placeLimitOrder({ ...order, limitPrice: 24000.1 })).toMatchObject({
      kind: 'not-sent',
      clientOrderId: 'entry-1',
    });
    expect(await broker.placeLimitOrder({ ...order, limitPrice: 24000.25 })).toMatchObject({
      kind: 'accepted',
      clientOrderId: 'entry-1',
    });
    await broker.close();
  });

  it.each([
    ['cancel', {}, 'orderId', /or clientOrderId must be given/],
    ['cancel', { orderId: '1', clientOrderId: 'a' }, 'orderId', /only one of them/],
    ['cancel', { orderId: 17 }, 'orderId', /must be text/],
    ['cancel', { order: '1' }, 'order', /did you mean "orderId"/],
    ['modify', { orderId: '1' }, 'quantity', /at least one new value/],
    ['modify', { orderId: '1', quantity: 0 }, 'quantity', /is 0/],
    ['modify', { orderId: '1', price: 3 }, 'price', /is no field of modify/],
  ])('%s %j is not sent, and the field is named', async (operation, request, field, message) => {
    const { broker, fast } = await scriptedBroker({ fast: () => accepted });
    const outcome =
      operation === 'cancel'
        ? await broker.cancelOrder(request as never)
        : await broker.modifyOrder(request as never);
    expect(outcome).toMatchObject({
      kind: 'not-sent',
      code: 'INVALID_ORDER',
      field,
      message: expect.stringMatching(message),
    });
    expect(fast.deliveries).toHaveLength(0);
    await broker.close();
  });

  it('a modify may not give an order a price it has not, nor one between ticks', async () => {
    const { broker } = await scriptedBroker({ fast: () => accepted });
    await broker.placeLimitOrder({
      symbol: 'MNQ',
      side: 'buy',
      quantity: 1,
      limitPrice: 24000,
      clientOrderId: 'entry-1',
    });
    expect(await broker.modifyOrder({ clientOrderId: 'entry-1', stopPrice: 24000 })).toMatchObject({
      kind: 'not-sent',
      field: 'stopPrice',
      hint: 'Change limitPrice.',
    });
    expect(
      await broker.modifyOrder({ clientOrderId: 'entry-1', limitPrice: 24000.3 }),
    ).toMatchObject({ kind: 'not-sent', field: 'limitPrice', hint: 'Use 24000.25 or 24000.5.' });
    await broker.close();
  });

  it('a broker without trailing stops says so instead of sending something near', async () => {
    const { broker } = await scriptedBroker({
      fast: () => accepted,
      adapter: { capabilities: { orderTypes: ['market', 'limit'], brackets: 'none' } },
    });
    expect(
      await broker.placeOrder({
        type: 'stop',
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        stopPrice: 1,
      }),
    ).toMatchObject({ kind: 'not-sent', code: 'UNSUPPORTED', field: 'type' });
    expect(
      await broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        bracket: { stopLossTicks: 4 },
      }),
    ).toMatchObject({ kind: 'not-sent', code: 'UNSUPPORTED', field: 'bracket' });
    await broker.close();
  });

  it('a read that fails rejects; it gives no empty list', async () => {
    const { broker } = await scriptedBroker({
      fast: () => accepted,
      adapter: { find: () => ({ is: 'unreachable', message: 'down' }) },
    });
    await expect(broker.getOrder({ orderId: '1' })).rejects.toThrowError(ReadError);
    await broker.close();
    await expect(broker.getOpenOrders()).rejects.toMatchObject({ code: 'BROKER_CLOSED' });
  });
});
