import type { SpoiledBody } from '@hotpath/gateway-sim';
import { afterEach, describe, expect, it } from 'vitest';
import { httpAnswer } from '../lossy-proxy.ts';
import type { Key, RowOptions, RowWorld } from './row-world.ts';
import { endOf, executors, market, orderIdOf, resting, rowWorld } from './row-world.ts';

let row: RowWorld;
afterEach(() => row.close());
async function start(first: Key, options?: RowOptions): Promise<void> {
  row = await rowWorld(first, options);
}
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);
const refusal = (errorCode: number, errorMessage: string | null = null): string =>
  httpAnswer({ orderId: null, success: false, errorCode, errorMessage });
const inUse = 'The specified custom tag is already in use.';
/** Answers the next place with these words; the venue never hears of it. */
const answerWith = (instead: string): void =>
  row.proxy.lose({ when: '/api/Order/place', lose: 'request', instead });

describe.each(executors)('over %s first: refusals', (first) => {
  it('P10 a definite refusal is rejected with its name and the words of the venue', async () => {
    await start(first);
    for (const errorCode of [1, 3, 4, 5, 8, 9, 10]) {
      row.world.gateway.faults.add({
        endpoint: 'Order/place',
        count: 1,
        fault: { kind: 'answer', errorCode, errorMessage: `code ${errorCode}` },
      });
      expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
        kind: 'rejected',
        venueCode: errorCode,
        message: `code ${errorCode}`,
        deliveries: 1,
        executor: first,
        retry: 'new-id',
      });
    }
    expect(row.orders()).toEqual([]);
    // Nothing of it is held against who delivered it.
    expect(row.broker.executors()[first]).toMatchObject({ available: true });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'accepted',
      executor: first,
    });
  });

  it('P11 a rejected order is rejected with its text and a hint', async () => {
    await start(first);
    const refused = await during(
      row.broker.placeOrder({ ...market, type: 'stop', stopPrice: 20_000 }),
    );
    expect(refused).toMatchObject({
      kind: 'rejected',
      code: 'ORDER_REJECTED',
      venueCode: 2,
      message: 'Invalid stop price',
      hint: expect.stringMatching(/above the market/),
      deliveries: 1,
    });
  });

  it('P12 pending, unknown error and codes nobody knows are unknown', async () => {
    await start(first, { stream: false });
    for (const errorCode of [6, 7, 42]) {
      row.world.gateway.faults.add({
        endpoint: 'Order/place',
        count: 1,
        fault: { kind: 'answer', errorCode, at: 'after-accepting' },
      });
      expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
        kind: 'accepted',
        recovered: true,
        deliveries: 1,
      });
    }
    expect(row.orders()).toHaveLength(3);
    for (const errorCode of [6, 7, 42]) {
      row.world.gateway.faults.add({
        endpoint: 'Order/place',
        count: 1,
        fault: { kind: 'answer', errorCode },
      });
      expect(
        await during(
          row.broker.placeMarketOrder({ ...market, clientOrderId: `code-${errorCode}` }),
        ),
      ).toMatchObject({ kind: 'unknown', final: false });
    }
    await row.world.pass(10_000, 250);
    // Pending says that it arrived: that is never called absent.
    expect([6, 7, 42].map((code) => row.broker.getIntent(`code-${code}`)?.outcome)).toEqual([
      expect.objectContaining({ final: false }),
      expect.objectContaining({ code: 'ABSENT' }),
      expect.objectContaining({ code: 'ABSENT' }),
    ]);
  });

  it('P13 a request that the venue could not read is rejected as malformed', async () => {
    await start(first);
    for (const status of [
      '400 Bad Request',
      '404 Not Found',
      '405 Method Not Allowed',
      '415 Unsupported Media Type',
    ]) {
      answerWith(httpAnswer({ title: 'One or more validation errors occurred.' }, status));
      expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
        kind: 'rejected',
        code: 'MALFORMED',
        deliveries: 1,
      });
    }
    // The same status without the venue's own JSON may be a proxy's.
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      fault: { kind: 'status', status: 404, at: 'after-accepting' },
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'accepted',
      recovered: true,
    });
  });

  it('P14 a token that is refused is renewed once and the order sent once more', async () => {
    await start(first);
    row.world.gateway.revokeTokens();
    const both = [row.broker.placeMarketOrder(market), row.broker.placeMarketOrder(market)];
    const logins = row.requests('Auth/loginKey');
    for (const placing of both)
      expect(await during(placing)).toMatchObject({
        kind: 'accepted',
        deliveries: 2,
        executor: first,
      });
    expect(row.requests('Auth/loginKey')).toBe(logins + 1);
    expect(row.orders()).toHaveLength(2);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      count: 2,
      fault: { kind: 'status', status: 401 },
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'UNAUTHORIZED',
      deliveries: 2,
      retry: 'new-id',
    });
    row.world.gateway.revokeTokens();
    row.world.gateway.faults.add({
      endpoint: 'Auth/loginKey',
      fault: { kind: 'status', status: 503 },
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'UNAUTHORIZED',
      deliveries: 1,
    });
    expect(row.orders()).toHaveLength(2);
  });

  it('P15 too many requests leaves the order unknown, and the budget learns', async () => {
    await start(first, {
      stream: false,
      adapter: { rateLimit: { requests: 200, windowMs: 60_000, reserve: 60 } },
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      count: 1,
      fault: { kind: 'status', status: 429, retryAfter: 2 },
    });
    const placing = row.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' });
    const outcome = await during(placing);
    expect(outcome).toMatchObject({
      kind: 'unknown',
      code: 'THROTTLED',
      deliveries: 1,
      retry: 'same-id',
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'BUDGET_EXHAUSTED',
      deliveries: 0,
    });
    expect(await during(endOf(outcome))).toMatchObject({ code: 'ABSENT' });
    expect(row.orders()).toEqual([]);
  });
});

describe.each(executors)('over %s first: where a 429 is known to take nothing', (first) => {
  it('P15 too many requests leaves the order unknown, and the budget learns: unless the author knows that it refuses', async () => {
    await start(first, {
      broker: { rateLimited: 'refused' },
      adapter: { rateLimit: { requests: 200, windowMs: 60_000, reserve: 60 } },
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      count: 1,
      fault: { kind: 'status', status: 429, retryAfter: 2 },
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'rejected',
      code: 'THROTTLED',
      deliveries: 1,
      retry: 'new-id',
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'BUDGET_EXHAUSTED',
      deliveries: 0,
    });
    expect(row.requests('Order/place')).toBe(1);
  });
});

describe.each(executors)('over %s first: a client order id in use', (first) => {
  it('P16 an id in use that is our own is evidence of arrival, and the row decides', async () => {
    await start(first, { stream: false });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'answer', errorCode: 2, errorMessage: inUse, at: 'after-accepting' },
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'accepted',
      recovered: true,
      orderId: String(row.orders()[0]?.id),
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'answer', errorCode: 2, errorMessage: inUse },
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'IN_USE_NOT_FOUND',
      retry: 'no',
    });
    expect(row.orders()).toHaveLength(1);
  });

  it('P16 an id in use that is our own is evidence of arrival, and the row decides: after an attempt that was called absent', async () => {
    // Nothing is adopted: what an earlier attempt under the id may have made is no stranger's.
    await start(first, { broker: { adoptWithinMs: 0 } });
    // The first attempt is carried out long after it was given up, and the second one meets its order.
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 6_000, answer: 'reset' },
    });
    const absent = await during(
      endOf(
        await during(
          row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1', deadlineMs: 500 }),
        ),
      ),
    );
    expect(absent).toMatchObject({ code: 'ABSENT' });
    row.world.gateway.faults.add({ hub: 'user', fault: { kind: 'event-drop' } });
    await row.until(() => row.orders().length > 0, 10_000);
    await row.world.pass(5_000, 100);
    expect(
      await during(row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' })),
    ).toMatchObject({ kind: 'accepted', recovered: true, orderId: String(row.orders()[0]?.id) });
    expect(row.orders()).toHaveLength(1);
  });

  it("P17 an author's own id in use is adopted only when the order is the same", async () => {
    await start(first);
    const contractId = String((await during(row.broker.getContract('MNQ')))?.id);
    await row.elsewhere('Order/place', {
      contractId,
      type: 1,
      side: 0,
      size: 1,
      limitPrice: 20_000,
      customTag: 'entry-1',
    });
    await row.world.pass(10_000, 500);
    expect(
      await during(row.broker.placeLimitOrder({ ...resting, clientOrderId: 'ENTRY-1' })),
    ).toMatchObject({ kind: 'accepted', recovered: true, orderId: String(row.orders()[0]?.id) });
    await row.world.pass(60_000, 1_000);
    // The stream tells of it in the moment in which the answer is awaited: a row of the id that asks for something else is not ours.
    row.world.gateway.faults.add({
      hub: 'user',
      event: 'GatewayUserOrder',
      fault: { kind: 'event-delay', byMs: 4_000 },
    });
    await row.elsewhere('Order/place', {
      contractId,
      type: 1,
      side: 0,
      size: 2,
      limitPrice: 20_000,
      customTag: 'entry-2',
    });
    await row.world.pass(3_900, 100);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      fault: { kind: 'slow', bytes: 20, everyMs: 50 },
    });
    expect(
      await during(row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-2' })),
    ).toMatchObject({
      kind: 'rejected',
      code: 'CLIENT_ORDER_ID_IN_USE',
      orderId: String(row.orders()[1]?.id),
      order: { status: 'working' },
    });
    expect(row.orders()).toHaveLength(2);
  });

  it("P17 an author's own id in use is adopted only when the order is the same: and young enough", async () => {
    await start(first, { broker: { adoptWithinMs: 0 } });
    const contractId = String((await during(row.broker.getContract('MNQ')))?.id);
    await row.elsewhere('Order/place', {
      contractId,
      type: 1,
      side: 0,
      size: 1,
      limitPrice: 20_000,
      customTag: 'entry-1',
    });
    await row.world.pass(10_000, 100);
    expect(
      await during(row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' })),
    ).toMatchObject({ kind: 'rejected', code: 'CLIENT_ORDER_ID_IN_USE' });
  });
});

describe.each(executors)('over %s first: answers that prove nothing', (first) => {
  it('P18 any other status is unknown', async () => {
    await start(first, { stream: false });
    for (const status of [307, 403, 408, 421, 500, 502, 503]) {
      row.world.gateway.faults.add({
        endpoint: 'Order/place',
        count: 1,
        fault: { kind: 'status', status, at: 'after-accepting' },
      });
      expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
        kind: 'accepted',
        recovered: true,
        deliveries: 1,
      });
    }
    expect(row.orders()).toHaveLength(7);
    expect(row.proxy.count('/api/Order/place')).toBe(7);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      count: 1,
      fault: { kind: 'status', status: 503 },
    });
    expect(
      await during(row.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-8' })),
    ).toMatchObject({ kind: 'unknown', code: 'VENUE_STATUS', deliveries: 1, retry: 'same-id' });
  });

  it('P19 a body that is not what the venue documents is unknown', async () => {
    await start(first, { stream: false });
    const forms: readonly SpoiledBody[] = [
      'empty',
      'truncated',
      'html',
      'wrong-types',
      'null-payload',
    ];
    for (const form of forms) {
      row.world.gateway.faults.add({
        endpoint: 'Order/place',
        count: 1,
        fault: { kind: 'body', form },
      });
      expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
        kind: 'accepted',
        recovered: true,
        deliveries: 1,
      });
    }
    expect(row.orders()).toHaveLength(forms.length);
    for (const body of [
      { orderId: 7, success: false, errorCode: 0, errorMessage: null },
      { orderId: null, success: 'yes' },
    ]) {
      answerWith(httpAnswer(body));
      expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
        kind: 'unknown',
        code: 'ANSWER_UNREADABLE',
        deliveries: 1,
      });
    }
  });

  it('P20 an answer that names the order of another intent is unknown', async () => {
    await start(first);
    const placed = orderIdOf(
      await during(row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' })),
    );
    answerWith(
      httpAnswer({ orderId: Number(placed), success: true, errorCode: 0, errorMessage: null }),
    );
    const outcome = await during(
      row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-2' }),
    );
    expect(outcome).toMatchObject({ kind: 'unknown', code: 'ANSWER_UNEXPECTED', deliveries: 1 });
    expect(row.broker.getIntent('entry-1')?.outcome).toMatchObject({
      kind: 'accepted',
      orderId: placed,
    });
  });

  it('P20 an answer that names the order of another intent is unknown: and so is one with bytes behind it', async () => {
    await start(first);
    answerWith(refusal(2, 'Invalid price') + refusal(2, 'Invalid price'));
    const outcome = await during(
      row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' }),
    );
    expect(outcome).toMatchObject({ kind: 'unknown', deliveries: 1 });
    expect(
      await during(row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-2' })),
    ).toMatchObject({ kind: 'accepted' });
  });
});
