import type { OrderTruth } from '@hotpath/gateway-sim';
import { describe, expect, it } from 'vitest';
import type { Claim } from './claims.ts';
import { entrySize } from './identities.ts';
import { call, counted, order, word, zeros } from './judged-claims.ts';

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
