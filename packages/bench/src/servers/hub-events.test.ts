import { expect, it } from 'vitest';
import { fillEvents, marketEvent, userEvent } from './hub-events.ts';

const targetOf = (record: string): unknown => JSON.parse(record).target;

it('writes nine quotes, seven depth updates and four trades of twenty market events', () => {
  const targets = Array.from({ length: 20 }, (_, index) =>
    targetOf(marketEvent('CON.F.US.MNQ.Z26', index)),
  );
  const count = (target: string): number => targets.filter((each) => each === target).length;
  expect([count('GatewayQuote'), count('GatewayDepth'), count('GatewayTrade')]).toEqual([9, 7, 4]);
});

it('writes all kinds of user events', () => {
  expect(new Set([0, 25, 50, 75].map((index) => targetOf(userEvent(index))))).toEqual(
    new Set(['GatewayUserOrder', 'GatewayUserPosition', 'GatewayUserAccount']),
  );
});

it('tells of an order that it was filled, by the tag and account of its request', () => {
  const [order = '', trade = ''] = fillEvents(
    3_400_000_001,
    '{"accountId":700007,"contractId":"CON.F.US.MES.Z26","type":2,"side":0,"size":1,"customTag":"entry-1"}',
  );
  expect(JSON.parse(order).arguments[0].data).toMatchObject({
    id: 3_400_000_001,
    accountId: 700_007,
    contractId: 'CON.F.US.MES.Z26',
    customTag: 'entry-1',
    status: 2,
    fillVolume: 1,
  });
  expect(JSON.parse(trade).arguments[0].data).toMatchObject({
    orderId: 3_400_000_001,
    accountId: 700_007,
    size: 1,
  });
});
