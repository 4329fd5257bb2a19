import type { OrderTruth } from '@hotpath/gateway-sim';
import { describe, expect, it } from 'vitest';
import type { CallClaim, Claim, OutcomeClaim } from './claims.ts';
import type { Counts } from './counts.ts';
import { entrySize, modifiedPrice, restingPrice } from './identities.ts';
import { judge } from './verdict.ts';

const zeros: Counts = {
  duplicates: 0,
  lost: 0,
  falseFailures: 0,
  falseSuccesses: 0,
  contradicted: 0,
  unannounced: 0,
  crossed: 0,
  unresolved: 0,
  recovered: 0,
};
let calls = 0;
/** How late the venue may carry a request out. */
const lateMs = 1_000;

const call = (fields: Partial<CallClaim> = {}): CallClaim => ({
  kind: 'call',
  at: 100,
  call: String((calls += 1)),
  intent: 'rest:1',
  operation: 'place',
  clientOrderId: 'a',
  ...fields,
});
const word = (to: CallClaim, fields: Partial<OutcomeClaim>): OutcomeClaim => ({
  kind: 'outcome',
  at: to.at + 10,
  call: to.call,
  outcome: 'accepted',
  final: true,
  ...fields,
});
const audit = (clientOrderId: string, orderId: number, status = 'working'): Claim => ({
  kind: 'audit',
  clientOrderId,
  orderId: String(orderId),
  status,
});

function order(
  id: number,
  tag: string | null,
  fields: Partial<OrderTruth> & {
    readonly body?: object;
    readonly path?: string;
    readonly madeAt?: number;
  } = {},
): OrderTruth {
  const {
    body = { limitPrice: restingPrice(1), size: 1 },
    path = '/api/Order/place',
    madeAt = 105,
    status = 1,
    ...others
  } = fields;
  const base = {
    accountId: 800_001,
    contractId: 'CON.F.US.MNQ.Z26',
    type: 1,
    side: 0,
    size: 1,
    limitPrice: restingPrice(1),
    stopPrice: null,
    fillVolume: 0,
    filledPrice: null,
    creationTimestamp: '',
    updateTimestamp: '',
  };
  return {
    ...base,
    ...others,
    id,
    customTag: tag,
    status,
    states: [
      { status: 6, at: madeAt },
      { status, at: madeAt },
    ],
    requests: [{ at: madeAt, path, body: JSON.stringify(body) }],
  };
}
const counted = (
  claims: readonly Claim[],
  orders: readonly OrderTruth[],
  fills?: readonly object[],
): Counts => {
  const {
    marks: _marks,
    latenciesUs: _latencies,
    places: _places,
    ...counts
  } = judge(claims, { orders, ...(fills && { fills }) }, 0, lateMs);
  return counts;
};

describe('a place', () => {
  const one = call();

  it('that was told as it was counts nowhere', () => {
    expect(counted([one, word(one, { orderId: '7' }), audit('a', 7)], [order(7, 'a')])).toEqual(
      zeros,
    );
  });

  it('with two orders is a duplicate, whatever their tags', () => {
    expect(
      counted(
        [one, word(one, { orderId: '7' }), audit('a', 7)],
        [order(7, 'a'), order(8, 'other')],
      ),
    ).toMatchObject({ duplicates: 1 });
  });

  it('with a second order that the venue refused is none', () => {
    expect(
      counted(
        [one, word(one, { orderId: '7' }), audit('a', 7)],
        [order(7, 'a'), order(8, 'b', { status: 5 })],
      ),
    ).toEqual(zeros);
  });

  it('called not sent, and there, is a false failure', () => {
    expect(
      counted(
        [one, word(one, { outcome: 'not-sent', code: 'UNREACHABLE' }), audit('a', 7)],
        [order(7, 'a')],
      ),
    ).toEqual({ ...zeros, falseFailures: 1 });
  });

  it('is a false failure of the id too when the intent went on under another', () => {
    const again = call({ clientOrderId: 'b', at: 200 });
    const claims = [
      one,
      word(one, { outcome: 'not-sent', code: 'UNAUTHORIZED' }),
      again,
      word(again, { orderId: '8' }),
      audit('a', 7),
      audit('b', 8),
    ];
    expect(counted(claims, [order(7, 'a'), order(8, 'b', { madeAt: 205 })])).toEqual({
      ...zeros,
      duplicates: 1,
      falseFailures: 1,
    });
  });

  it('accepted under an id that the venue never gave is a false success', () => {
    expect(counted([one, word(one, { orderId: '9' })], [])).toEqual({
      ...zeros,
      falseSuccesses: 1,
    });
  });

  it('accepted by lookup is recovered', () => {
    expect(
      counted([one, word(one, { orderId: '7', recovered: true }), audit('a', 7)], [order(7, 'a')]),
    ).toEqual({ ...zeros, recovered: 1 });
  });

  it('without a word, or with an unknown one that is not final, is unresolved', () => {
    expect(counted([one], [])).toEqual({ ...zeros, unresolved: 1 });
    expect(
      counted([one, word(one, { outcome: 'unknown', code: 'NO_ANSWER', final: false })], []),
    ).toEqual({ ...zeros, unresolved: 1 });
    expect(counted([one, word(one, { outcome: 'unknown', code: 'CLOSED' })], [])).toEqual({
      ...zeros,
      unresolved: 1,
    });
    expect(counted([one, word(one, { outcome: 'unknown', code: 'ABSENT' })], [])).toEqual(zeros);
  });

  it('is lost when getOrder does not know it after the last restart, or knows another state', () => {
    expect(counted([one, word(one, { orderId: '7' })], [order(7, 'a')])).toEqual({
      ...zeros,
      lost: 1,
    });
    expect(
      counted([one, word(one, { orderId: '7' }), audit('a', 7, 'filled')], [order(7, 'a')]),
    ).toEqual({ ...zeros, lost: 1 });
  });

  it('called absent, and there, is contradicted, and unannounced unless the bot was told', () => {
    const absent = word(one, { outcome: 'unknown', code: 'ABSENT', at: 150 });
    const late = order(7, 'a', { madeAt: 160 });
    expect(counted([one, absent, audit('a', 7)], [late])).toEqual({
      ...zeros,
      contradicted: 1,
      unannounced: 1,
    });
    expect(
      counted(
        [
          one,
          absent,
          { kind: 'contradicted', at: 170, clientOrderId: 'a', orderId: '7' },
          audit('a', 7),
        ],
        [late],
      ),
    ).toEqual({ ...zeros, contradicted: 1 });
  });

  it('that a second call under the same id made is no contradiction of the first', () => {
    const again = call({ at: 200 });
    expect(
      counted(
        [
          one,
          word(one, { outcome: 'unknown', code: 'ABSENT', at: 150 }),
          again,
          word(again, { orderId: '7' }),
          audit('a', 7),
        ],
        [order(7, 'a', { madeAt: 205 })],
      ),
    ).toEqual(zeros);
  });
});

describe('a change', () => {
  it('is false either way when the order says otherwise', () => {
    const modify = call({
      intent: 'modify:1',
      operation: 'modify',
      orderId: '7',
      price: modifiedPrice(1),
      clientOrderId: undefined,
    });
    const cancel = call({
      intent: 'cancel:1',
      operation: 'cancel',
      orderId: '7',
      clientOrderId: undefined,
    });
    expect(counted([modify, word(modify, {})], [order(7, null)])).toMatchObject({
      falseSuccesses: 1,
    });
    expect(
      counted(
        [modify, word(modify, { outcome: 'rejected' })],
        [order(7, null, { limitPrice: modifiedPrice(1) })],
      ),
    ).toMatchObject({ falseFailures: 1 });
    expect(
      counted([cancel, word(cancel, { became: 'cancelled' })], [order(7, null)]),
    ).toMatchObject({ falseSuccesses: 1 });
    expect(
      counted([cancel, word(cancel, { outcome: 'not-sent' })], [order(7, null, { status: 3 })]),
    ).toMatchObject({ falseFailures: 1 });
    expect(
      counted([cancel, word(cancel, { became: 'cancelled' })], [order(7, null, { status: 3 })]),
    ).toEqual(zeros);
  });

  it('that was asked for again after its end was not heard says of the second call that it came too late', () => {
    const fields = {
      intent: 'modify:1',
      operation: 'modify',
      orderId: '7',
      price: modifiedPrice(1),
      clientOrderId: undefined,
    } as const;
    const [modify, again] = [call(fields), call({ ...fields, at: 200 })];
    const late = word(again, { outcome: 'rejected', code: 'ALREADY_FINAL' });
    const ended = [order(7, null, { limitPrice: modifiedPrice(1), status: 3 })];
    expect(counted([modify, again, late], ended)).toEqual(zeros);
    expect(
      counted([modify, word(modify, { outcome: 'unknown', final: false }), again, late], ended),
    ).toEqual(zeros);
    expect(
      counted([modify, word(modify, { outcome: 'not-sent' }), again, late], ended),
    ).toMatchObject({ falseFailures: 1 });
    expect(
      counted(
        [modify, again, word(again, { outcome: 'rejected', code: 'ORDER_NOT_FOUND' })],
        ended,
      ),
    ).toMatchObject({ falseFailures: 1 });
  });

  it('that was asked for again after its end was not heard says of the second call that it was not sent', () => {
    const fields = {
      intent: 'modify:1',
      operation: 'modify',
      orderId: '7',
      price: modifiedPrice(1),
      clientOrderId: undefined,
    } as const;
    const [modify, again] = [call(fields), call({ ...fields, at: 200 })];
    const kept = word(again, { outcome: 'not-sent', code: 'BUDGET_EXHAUSTED' });
    const done = [order(7, null, { limitPrice: modifiedPrice(1) })];
    expect(counted([modify, again, kept], done)).toEqual(zeros);
    expect(counted([again, kept], done)).toMatchObject({ falseFailures: 1 });
    expect(
      counted([modify, word(modify, { outcome: 'not-sent' }), again, kept], done),
    ).toMatchObject({ falseFailures: 1 });
  });
});

describe('a position', () => {
  const mes = 'CON.F.US.MES.Z26';
  const entry = (madeAt: number, number = 12): OrderTruth =>
    order(number, null, {
      contractId: mes,
      madeAt,
      status: 2,
      fillVolume: 50,
      body: { size: entrySize(number) },
    });
  const exit = (
    id: number,
    madeAt: number,
    fillVolume: number,
    path: string,
    size?: number,
  ): OrderTruth =>
    order(id, null, {
      contractId: mes,
      madeAt,
      status: 2,
      side: 1,
      fillVolume,
      path,
      body: { size },
    });
  const close = call({ intent: 'close:1', operation: 'close', clientOrderId: undefined });

  it('reduced twice for one reduce is a duplicate', () => {
    const reduce = call({
      intent: 'reduce:3',
      operation: 'reduce',
      size: 3,
      clientOrderId: undefined,
    });
    const partial = (id: number): OrderTruth =>
      exit(id, 105, 3, '/api/Position/partialCloseContract', 3);
    expect(
      counted([reduce, word(reduce, { became: 'reduced' })], [entry(50), partial(8), partial(9)]),
    ).toMatchObject({ duplicates: 1 });
    expect(counted([reduce, word(reduce, { became: 'reduced' })], [entry(50), partial(8)])).toEqual(
      zeros,
    );
    expect(counted([reduce, word(reduce, { became: 'reduced' })], [entry(50)])).toMatchObject({
      falseSuccesses: 1,
    });
    expect(
      counted([reduce, word(reduce, { outcome: 'not-sent' })], [entry(50), partial(8)]),
    ).toMatchObject({ falseFailures: 1 });
  });

  it('reduced by a call that a kill cut off has no end to be told of', () => {
    const reduce = call({
      intent: 'reduce:3',
      operation: 'reduce',
      size: 3,
      clientOrderId: undefined,
      call: '1.77',
    });
    const unknown = word(reduce, { outcome: 'unknown', code: 'NO_ANSWER', final: false });
    expect(counted([reduce, unknown], [])).toMatchObject({ unresolved: 1 });
    expect(counted([reduce, unknown, { kind: 'start', at: 200, session: 2 }], [])).toEqual(zeros);
  });

  it('reduced by a second call that a kill cut off makes no lie of the first, which was not sent', () => {
    const first = call({
      intent: 'reduce:3',
      operation: 'reduce',
      size: 3,
      clientOrderId: undefined,
      call: '1.77',
    });
    const second = call({
      intent: 'reduce:3',
      operation: 'reduce',
      size: 3,
      clientOrderId: undefined,
      call: '1.78',
    });
    const partial = exit(8, 105, 3, '/api/Position/partialCloseContract', 3);
    const refusal = word(first, { outcome: 'not-sent', code: 'NOT_READY' });
    expect(
      counted(
        [first, refusal, second, { kind: 'start', at: 200, session: 2 }],
        [entry(50), partial],
      ),
    ).toEqual(zeros);
    expect(
      counted(
        [first, refusal, second, word(second, { outcome: 'not-sent', code: 'NOT_READY' })],
        [entry(50), partial],
      ),
    ).toMatchObject({ falseFailures: 1 });
  });

  it('called flat must have been flat', () => {
    expect(counted([close, word(close, { became: 'flat' })], [entry(50)])).toMatchObject({
      falseSuccesses: 1,
    });
    expect(
      counted(
        [close, word(close, { became: 'flat' })],
        [entry(50), exit(8, 105, 50, '/api/Position/closeContract')],
      ),
    ).toEqual(zeros);
    expect(
      counted(
        [close, word(close, { outcome: 'rejected' })],
        [entry(50), exit(8, 105, 50, '/api/Position/closeContract')],
      ),
    ).toMatchObject({ falseFailures: 1 });
  });

  it('closed by a close that nobody knows the end of is none, as long as that may still be on its way', () => {
    const killed = call({
      intent: 'close:1',
      operation: 'close',
      clientOrderId: undefined,
      call: '1.90',
    });
    const absent = word(killed, { outcome: 'unknown', code: 'ABSENT', at: 150 });
    const closedAt = (madeAt: number): OrderTruth[] => [
      entry(50),
      exit(8, madeAt, 50, '/api/Position/closeContract'),
    ];
    const restart: Claim = { kind: 'start', at: 200, session: 2 };
    const again = call({
      intent: 'close:1',
      operation: 'close',
      clientOrderId: undefined,
      call: '2.1',
      at: 210,
    });
    const flat = word(again, { became: 'already-flat' });
    expect(counted([killed, absent], closedAt(1_100))).toEqual(zeros);
    expect(counted([killed, absent], closedAt(1_200))).toMatchObject({ duplicates: 1 });
    expect(counted([killed, restart, again, flat], closedAt(1_100)).duplicates).toBe(0);
    expect(counted([killed, restart, again, flat], closedAt(1_300)).duplicates).toBe(1);
  });

  it('turned round by a close beside one that still fills, and whose end a kill kept from the bot, is crossed; beside one that was told, a duplicate', () => {
    const fill = (orderId: number, at: number, size: number): object => ({
      orderId,
      creationTimestamp: new Date(at).toISOString(),
      size,
    });
    const killed = call({
      intent: 'close:1',
      operation: 'close',
      clientOrderId: undefined,
      call: '1.90',
    });
    const again = call({
      intent: 'close:2',
      operation: 'close',
      clientOrderId: undefined,
      call: '2.1',
      at: 210,
    });
    const orders = [
      entry(50),
      exit(8, 205, 50, '/api/Position/closeContract'),
      exit(9, 212, 30, '/api/Position/closeContract'),
    ];
    const fills = [fill(12, 50, 50), fill(8, 206, 20), fill(8, 220, 30), fill(9, 221, 30)];
    const restart: Claim = { kind: 'start', at: 200, session: 2 };
    const flat = word(again, { became: 'flat', at: 230 });
    expect(counted([killed, restart, again, flat], orders, fills)).toMatchObject({
      duplicates: 0,
      crossed: 1,
    });
    expect(
      counted(
        [killed, word(killed, { became: 'flat', at: 190 }), restart, again, flat],
        orders,
        fills,
      ),
    ).toMatchObject({ duplicates: 1, crossed: 0 });
    // One call of one process that was carried out twice is the broker's own doing.
    const unknown = word(killed, { outcome: 'unknown', code: 'NO_ANSWER', final: false, at: 150 });
    const twice = [
      entry(50),
      exit(8, 105, 50, '/api/Position/closeContract'),
      exit(9, 160, 30, '/api/Position/closeContract'),
    ];
    expect(
      counted([killed, unknown], twice, [
        fill(12, 50, 50),
        fill(8, 106, 20),
        fill(8, 170, 30),
        fill(9, 171, 30),
      ]),
    ).toMatchObject({ duplicates: 1, crossed: 0 });
    expect(
      counted([killed, restart], twice, [
        fill(12, 50, 50),
        fill(8, 106, 20),
        fill(8, 170, 30),
        fill(9, 171, 30),
      ]),
    ).toMatchObject({ duplicates: 1, crossed: 0 });
  });

  it('filled in parts is judged by each: a close is at work from its making on, and what trades of it beyond flat turns the position round', () => {
    const fill = (orderId: number, at: number, size: number): object => ({
      orderId,
      creationTimestamp: new Date(at).toISOString(),
      size,
    });
    const [entered, closed] = [entry(50), exit(8, 105, 50, '/api/Position/closeContract')];
    const told = [close, word(close, { became: 'flat', at: 120 })];
    // Two levels at once, the rest of the entry and of the close with later steps: it was flat in between, and is in the end.
    const parts = [
      fill(12, 50, 20),
      fill(12, 50, 10),
      fill(8, 106, 30),
      fill(12, 115, 20),
      fill(8, 400, 20),
    ];
    expect(counted(told, [entered, closed], parts)).toEqual(zeros);
    expect(counted(told, [entered, closed], [fill(12, 50, 50), fill(8, 130, 50)])).toMatchObject({
      falseSuccesses: 1,
    });
    expect(
      counted(told, [entered, closed], [fill(12, 50, 30), fill(8, 106, 30), fill(8, 400, 20)]),
    ).toMatchObject({ duplicates: 1 });
  });

  it('closed when no close was open any more, or turned round, is a duplicate', () => {
    const closed = exit(8, 105, 50, '/api/Position/closeContract');
    expect(
      counted(
        [close, word(close, { became: 'flat' })],
        [entry(50), closed, entry(300, 24), exit(9, 400, 50, '/api/Position/closeContract')],
      ),
    ).toMatchObject({ duplicates: 1 });
    expect(
      counted(
        [close, word(close, { became: 'flat' })],
        [entry(50), exit(8, 105, 80, '/api/Position/closeContract')],
      ),
    ).toMatchObject({ duplicates: 1 });
  });
});
