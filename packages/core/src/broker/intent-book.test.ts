import { expect, it } from 'vitest';
import type { ClientOrderId, OrderId } from '../brand.ts';
import type { PlaceOutcome } from '../outcome.ts';
import { toClientOrderId } from '../client-order-id.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { IntentBook } from './intent-book.ts';

it.each([
  ['that count up', ['1', '2', '9', '10', '3400000001']],
  ['that count down', ['3400000001', '10', '9', '2', '1']],
  ['that are no numbers', ['b-2', '7f', 'order', '12', 'a-1', '']],
  [
    'beyond what a number tells apart',
    [
      '9007199254740993',
      '9007199254740992',
      '9007199254740994',
      '18446744073709551615',
      '18446744073709551614',
    ],
  ],
])('finds the holder of every order id, and of no other, among ids %s', (_, ids) => {
  const book = new IntentBook<'fast'>(createManualClock(), () => false);
  for (const [index, id] of ids.entries()) {
    expect(book.findByOrderId(id as OrderId)).toBe(undefined);
    const record = book.open(
      toClientOrderId(`order-${index}`),
      { type: 'market', symbol: 'MNQ', side: 'buy', quantity: 1 },
      false,
    );
    book.bind(record, id as OrderId);
    for (const [earlier, known] of ids.slice(0, index + 1).entries())
      expect(book.findByOrderId(known as OrderId)?.clientOrderId).toBe(`order-${earlier}`);
  }
  for (const other of ['0', '11', '3400000002', '01', '9007199254740995', 'c-3'])
    expect(book.findByOrderId(other as OrderId)).toBe(undefined);
});

it('forgets minted ids behind eight thousand others, but none whose end is not known or whose order works; a bot’s own ids stay', () => {
  const open = new Set(['order-2']);
  const book = new IntentBook<'fast'>(createManualClock(), (orderId) => open.has(orderId));
  const place = (id: string, minted: boolean, settled = true): void => {
    const record = book.open(
      toClientOrderId(id),
      { type: 'market', symbol: 'MNQ', side: 'buy', quantity: 1 },
      minted,
    );
    book.bind(record, `order-${id}` as OrderId);
    if (settled) record.outcome = testRejection(record.clientOrderId);
  };
  place('1', true);
  place('2', true);
  place('3', true, false);
  place('own', false);
  for (let index = 4; index <= 8_004; index += 1) place(`${index}`, true);
  expect(['1', '2', '3', 'own', '6', '7'].map((id) => book.find(id)?.clientOrderId)).toEqual([
    undefined,
    '2',
    '3',
    'own',
    undefined,
    '7',
  ]);
  expect(
    ['order-1', 'order-2', 'order-3', 'order-own', 'order-6', 'order-7'].map(
      (id) => book.findByOrderId(id as OrderId)?.clientOrderId,
    ),
  ).toEqual([undefined, '2', '3', 'own', undefined, '7']);
  open.clear();
  for (let index = 8_005; index <= 24_010; index += 1) place(`${index}`, true);
  expect(['2', '3', 'own'].map((id) => book.find(id)?.clientOrderId)).toEqual([
    undefined,
    '3',
    'own',
  ]);
  expect([...book.records()]).toHaveLength(8_001);
});

function testRejection(clientOrderId: ClientOrderId): PlaceOutcome<'fast'> {
  return {
    kind: 'rejected',
    operation: 'place',
    clientOrderId,
    executor: 'fast',
    code: 'ORDER_REJECTED',
    message: '',
    venueCode: undefined,
    orderId: undefined,
    order: undefined,
    retry: 'no',
    deliveries: 1,
    timings: { route: 0, encode: 0, toWire: 0, toFirstByte: 0, total: 1, settled: 1 },
  };
}
