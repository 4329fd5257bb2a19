import { expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { IntentBook } from './intent-book.ts';

it.each([
  ['that count up', ['1', '2', '9', '10', '3400000001']],
  ['that count down', ['3400000001', '10', '9', '2', '1']],
  ['that are no numbers', ['b-2', '7f', 'order', '12', 'a-1', '']],
  ['beyond what a number tells apart', ['9007199254740993', '9007199254740992', '9007199254740994', '18446744073709551615', '18446744073709551614']],
])('finds the holder of every order id, and of no other, among ids %s', (_, ids) => {
  const book = new IntentBook<'fast'>(createManualClock());
  for (const [index, id] of ids.entries()) {
    expect(book.findByOrderId(id as OrderId)).toBe(undefined);
    const record = book.open(toClientOrderId(`order-${index}`), { type: 'market', symbol: 'MNQ', side: 'buy', quantity: 1 }, false);
    book.bind(record, id as OrderId);
    for (const [earlier, known] of ids.slice(0, index + 1).entries()) expect(book.findByOrderId(known as OrderId)?.clientOrderId).toBe(`order-${earlier}`);
  }
  for (const other of ['0', '11', '3400000002', '01', '9007199254740995', 'c-3']) expect(book.findByOrderId(other as OrderId)).toBe(undefined);
});
