import { describe, expect, it } from 'vitest';
import { readUserEvent } from './user-events.ts';

const asOf = 1_800_000_000_000;
const order = {
  id: 3_400_000_001,
  accountId: 700_001,
  contractId: 'CON.F.US.MNQ.Z26',
  symbolId: 'F.US.MNQ',
  creationTimestamp: '2026-09-21T14:00:00.1234567+00:00',
  updateTimestamp: '2026-09-21T14:00:00.131+00:00',
  status: 2,
  type: 2,
  side: 0,
  size: 1,
  fillVolume: 1,
  filledPrice: 24_000.25,
  customTag: 'demo-1',
};
const position = {
  id: 820_000_001,
  accountId: 700_001,
  contractId: 'CON.F.US.MNQ.Z26',
  creationTimestamp: '2026-09-21T14:00:00.13Z',
  type: 1,
  size: 2,
  averagePrice: 24_000.375,
};
const readOrder = (...given: unknown[]) => readUserEvent('GatewayUserOrder', given, asOf);
const only = (...given: unknown[]) => {
  const { items, problems } = readOrder(...given);
  expect(problems).toEqual([]);
  expect(items).toHaveLength(1);
  const [item] = items;
  return item?.evidence.of === 'order' ? item.evidence.order : undefined;
};

describe('readUserEvent', () => {
  it.each([
    ['flat', [order]],
    ['wrapped', [{ action: 1, data: order }]],
    ['in an array', [[order]]],
    ['wrapped, in an array, with nulls between', [null, [null, { action: 2, data: order }, null]]],
  ])('reads a row %s', (_name, given) => {
    expect(only(...given)).toMatchObject({
      orderId: '3400000001',
      status: 'filled',
      clientOrderId: 'demo-1',
      createdAt: Date.parse('2026-09-21T14:00:00.123Z'),
      asOf,
    });
  });

  it('reads several rows of one event, and takes an absent field for one without a value', () => {
    expect(
      readOrder([order, { action: 1, data: { ...order, id: 3_400_000_002 } }]).items,
    ).toHaveLength(2);
    expect(only(order)).toMatchObject({
      limitPrice: undefined,
      stopPrice: undefined,
      parentOrderId: undefined,
    });
  });

  it('keeps what it does not know: statuses and types of later years are neither final nor lost', () => {
    expect(only({ ...order, status: 23, type: 31, brandNew: true })).toMatchObject({
      status: 'unknown',
      type: 'unknown',
    });
  });

  it('keeps ids beyond 2^53, which are read as text', () => {
    expect(
      only({ ...order, id: '9223372036854775807', parentOrderId: '9007199254740993' }),
    ).toMatchObject({ orderId: '9223372036854775807', parentOrderId: '9007199254740993' });
  });

  it.each([
    ['2026-09-21T14:00:00.1234567+00:00', '2026-09-21T14:00:00.123Z'],
    ['2026-09-21T14:00:00.123456Z', '2026-09-21T14:00:00.123Z'],
    ['2026-09-21T14:00:00', '2026-09-21T14:00:00Z'],
    ['2026-09-21T09:00:00-05:00', '2026-09-21T14:00:00Z'],
  ])('reads the time %s', (creationTimestamp, meant) => {
    expect(only({ ...order, creationTimestamp })?.createdAt).toBe(Date.parse(meant));
  });

  it('takes the year 1 for no time', () => {
    expect(only({ ...order, updateTimestamp: '0001-01-01T00:00:00+00:00' })?.updatedAt).toBe(
      Date.parse('2026-09-21T14:00:00.123Z'),
    );
  });

  it('tells a bad row and reads the ones beside it', () => {
    const { items, problems } = readOrder([
      { ...order, id: -4 },
      'text',
      order,
      { ...order, side: 7 },
    ]);
    expect(items).toHaveLength(1);
    expect(problems).toEqual([
      expect.stringContaining('id'),
      expect.stringContaining('string in place of a row'),
      expect.stringContaining('side'),
    ]);
  });

  it('reads positions, and flat ones by their size alone', () => {
    const read = (row: object) =>
      readUserEvent('GatewayUserPosition', [{ action: 1, data: row }], asOf);
    expect(read(position).items[0]?.evidence).toMatchObject({
      of: 'position',
      position: { side: 'buy', quantity: 2, averagePrice: 24_000.375, asOf },
    });
    expect(read({ ...position, type: 0, size: 0 }).items[0]?.evidence).toEqual({
      of: 'position',
      contractId: 'CON.F.US.MNQ.Z26',
      position: undefined,
      asOf,
    });
    // Neither long nor short, yet two contracts: nothing is made of it.
    expect(read({ ...position, type: 0 })).toMatchObject({
      items: [],
      problems: [expect.stringContaining('type')],
    });
  });

  it('says of which account a row is', () => {
    expect(readOrder(order).items[0]?.accountId).toBe('700001');
    expect(
      readUserEvent(
        'GatewayUserAccount',
        [{ id: 700_002, name: 'A', balance: 1, canTrade: false }],
        asOf,
      ).items[0],
    ).toMatchObject({ accountId: '700002', evidence: { of: 'account' } });
    expect(readOrder({ ...order, accountId: undefined }).items[0]?.accountId).toBeUndefined();
  });

  it('is not upset by anything', () => {
    for (const given of [
      [],
      [null],
      [undefined],
      [5],
      ['x'],
      [[[[]]]],
      [{}],
      [{ action: 1, data: null }],
      [{ action: 'x', data: {} }],
    ])
      expect(readOrder(...given).items).toEqual([]);
    expect(readUserEvent('GatewaySomething', [order], asOf).items).toEqual([]);
  });
});
