import type { Contract, ContractId, OrderId, OrderRequest, ValidatedOrder } from '@hotpath/core';
import { Authorization, toClientOrderId } from '@hotpath/core';
import { describe, expect, it } from 'vitest';
import { encodeIntent } from './encode.ts';

const authorization = new Authorization('Bearer t', 1);
const contract: Contract = {
  id: 'CON.F.US.JY6.Z26' as ContractId,
  name: '6JZ6',
  root: '6J',
  description: '',
  tickSize: 5e-7,
  tickValue: 6.25,
  active: true,
};
const place = (request: OrderRequest): ValidatedOrder =>
  ({ operation: 'place', clientOrderId: toClientOrderId('entry-1'), contract, request }) as Omit<
    ValidatedOrder,
    '__brand'
  > as ValidatedOrder;
const bodyOf = (intent: Parameters<typeof encodeIntent>[0]): string => {
  const encoded = encodeIntent(intent, '700001', authorization);
  if (!encoded.ready) throw new Error(`lacks ${encoded.missing}`);
  return encoded.request.body;
};
const order = { symbol: '6J', side: 'buy', quantity: 2 } as const;
const head = '{"accountId":700001,"contractId":"CON.F.US.JY6.Z26"';

describe('encodeIntent', () => {
  it.each<[OrderRequest, string]>([
    [{ ...order, type: 'market' }, '"type":2,"side":0,"size":2,"customTag":"entry-1"}'],
    [
      { ...order, type: 'limit', limitPrice: 5e-7 },
      '"type":1,"side":0,"size":2,"limitPrice":0.0000005,"customTag":"entry-1"}',
    ],
    [
      { ...order, side: 'sell', type: 'stop', stopPrice: 0.0067015 },
      '"type":4,"side":1,"size":2,"stopPrice":0.0067015,"customTag":"entry-1"}',
    ],
    [
      { ...order, type: 'trailing-stop', trailPrice: 0.0067 },
      '"type":5,"side":0,"size":2,"trailPrice":0.0067,"customTag":"entry-1"}',
    ],
    [{ ...order, type: 'join-bid' }, '"type":6,"side":0,"size":2,"customTag":"entry-1"}'],
    [{ ...order, type: 'join-ask' }, '"type":7,"side":0,"size":2,"customTag":"entry-1"}'],
  ])('writes %j', (request, expected) => {
    expect(bodyOf(place(request))).toBe(`${head},${expected}`);
  });

  it('signs brackets by the side of the entry', () => {
    const bracket = { stopLossTicks: 40, takeProfitTicks: 60 };
    const bracketsOf = (side: 'buy' | 'sell', trailing?: boolean): unknown => {
      const { stopLossBracket, takeProfitBracket } = JSON.parse(
        bodyOf(place({ ...order, side, type: 'market', bracket: { ...bracket, trailing } })),
      ) as Record<string, unknown>;
      return [stopLossBracket, takeProfitBracket];
    };
    expect(bracketsOf('buy')).toEqual([
      { ticks: -40, type: 4 },
      { ticks: 60, type: 1 },
    ]);
    expect(bracketsOf('sell')).toEqual([
      { ticks: 40, type: 4 },
      { ticks: -60, type: 1 },
    ]);
    expect(bracketsOf('buy', true)).toEqual([
      { ticks: -40, type: 5 },
      { ticks: 60, type: 1 },
    ]);
  });

  it('writes changes, cancels and closes, and leaves out what stays', () => {
    const orderId = '3400000001' as OrderId;
    expect(
      bodyOf({ operation: 'modify', orderId, change: { limitPrice: 0.0067015, quantity: 3 } }),
    ).toBe('{"accountId":700001,"orderId":3400000001,"size":3,"limitPrice":0.0067015}');
    expect(bodyOf({ operation: 'cancel', orderId })).toBe(
      '{"accountId":700001,"orderId":3400000001}',
    );
    expect(bodyOf({ operation: 'close', contract })).toBe(`${head}}`);
    expect(bodyOf({ operation: 'reduce', contract, quantity: 1 })).toBe(`${head},"size":1}`);
  });

  it('makes a price of a trail in ticks, exactly, on the far side of the last price', () => {
    const trail = (side: 'buy' | 'sell'): unknown => {
      const encoded = encodeIntent(
        place({ ...order, side, type: 'trailing-stop', trailTicks: 6 }),
        '700001',
        authorization,
        () => 0.0067015,
      );
      return (
        encoded.ready && (JSON.parse(encoded.request.body) as Record<string, unknown>)['trailPrice']
      );
    };
    expect(trail('sell')).toBe(0.0066985);
    expect(trail('buy')).toBe(0.0067045);
  });

  it('says what it lacks instead of guessing', () => {
    expect(encodeIntent(place({ ...order, type: 'market' }), '700001', undefined)).toEqual({
      ready: false,
      missing: 'authorization',
    });
    expect(
      encodeIntent(
        place({ ...order, type: 'trailing-stop', trailTicks: 8 }),
        '700001',
        authorization,
      ),
    ).toEqual({ ready: false, missing: 'last-price' });
  });
});
