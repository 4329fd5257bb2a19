import { describe, expect, it } from 'vitest';
import { modifiedPrice } from './identities.ts';
import { audit, call, counted, order, word, zeros } from './judged-claims.ts';

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
