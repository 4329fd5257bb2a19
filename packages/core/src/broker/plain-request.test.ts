import { describe, expect, it } from 'vitest';
import { isAbortSignal } from '../abort-signal.ts';
import { plainOrder, plainRequest } from './plain-request.ts';

const boom = (): never => {
  throw new Error('boom');
};

describe('what a bot gives', () => {
  it('is read once, field by field, and nested in a bracket too', () => {
    const reads: string[] = [];
    const noting = (name: string, values: unknown[]): PropertyDescriptor => ({
      enumerable: true,
      get: () => (reads.push(name), values.shift()),
    });
    const bracket = Object.defineProperty({}, 'stopLossTicks', noting('stopLossTicks', [10, -10]));
    const given = Object.defineProperties(
      { symbol: 'MNQ', bracket },
      { quantity: noting('quantity', [1, 100]) },
    );
    const order = plainOrder(given, 'market');
    expect(order).toEqual({
      type: 'market',
      symbol: 'MNQ',
      quantity: 1,
      bracket: { stopLossTicks: 10 },
    });
    expect([order, reads]).toEqual([
      { type: 'market', symbol: 'MNQ', quantity: 1, bracket: { stopLossTicks: 10 } },
      ['quantity', 'stopLossTicks'],
    ]);
  });

  it('has the type of the method that was called', () => {
    expect(plainOrder({ symbol: 'MNQ', type: 'limit' }, 'market')).toEqual({
      symbol: 'MNQ',
      type: 'market',
    });
    expect(plainOrder({ symbol: 'MNQ', type: 'limit' }, undefined)).toEqual({
      symbol: 'MNQ',
      type: 'limit',
    });
  });

  it('may have its fields on a prototype: of defaults, or of a class', () => {
    class Order {
      readonly quantity = 2;
      get deadlineMs(): number {
        return 500;
      }
    }
    expect(
      plainRequest(
        Object.assign(Object.create({ strategy: 'orb' }) as object, { symbol: 'MNQ' }),
        [],
      ),
    ).toEqual({ symbol: 'MNQ', strategy: 'orb' });
    expect(plainOrder(new Order(), 'market')).toEqual({
      type: 'market',
      quantity: 2,
      deadlineMs: 500,
    });
    expect(plainRequest(Object.create(null), [])).toEqual({});
  });

  it('changes no prototype, whatever its fields are called', () => {
    const given: unknown = JSON.parse('{ "__proto__": { "quantity": 5 }, "symbol": "MNQ" }');
    const copies = [
      plainRequest(given as object, []),
      plainRequest(Object.create(given as object) as object, ['__proto__']),
    ];
    for (const copy of copies)
      expect([Object.getPrototypeOf(copy), Object.keys(copy)]).toEqual([
        Object.prototype,
        ['__proto__', 'symbol'],
      ]);
    expect(({} as { quantity?: number }).quantity).toBeUndefined();
  });

  it('that can not be read throws, and what is no object is given back', () => {
    for (const odd of [
      new Proxy({}, { ownKeys: boom }),
      new Proxy({}, { getPrototypeOf: boom }),
      Object.defineProperty({}, 'a', { get: boom, enumerable: true }),
    ])
      expect(() => plainRequest(odd, ['a'])).toThrow('boom');
    for (const odd of [undefined, null, 5, 'x', Symbol.iterator])
      expect(plainOrder(odd as never, 'market')).toBe(odd);
  });
});

describe('a signal', () => {
  it('is one that works', () => {
    expect(
      [
        AbortSignal.abort(),
        new AbortController().signal,
        AbortSignal.timeout(1_000),
        AbortSignal.any([]),
      ].map(isAbortSignal),
    ).toEqual([true, true, true, true]);
  });

  it('is not what only looks like one', () => {
    const own = new AbortController().signal;
    Object.defineProperty(own, 'aborted', { get: boom });
    const odd = [
      undefined,
      {},
      { aborted: false, addEventListener: () => undefined },
      Object.create(AbortSignal.prototype),
      new Proxy(AbortSignal.abort(), { get: boom }),
      new Proxy({}, { getPrototypeOf: boom }),
      own,
      AbortSignal,
    ];
    expect(odd.map(isAbortSignal)).toEqual(odd.map(() => false));
  });
});
