import { clientOrderIdProblem } from '@hotpath/core';
import { expect, it } from 'vitest';
import { laterOrderId, signalOrderId } from './signal-order-id.ts';

const context = { strategyName: 'orb', exchangeName: 'topstepx', symbol: 'MNQ' };
const reserved = ['-SL', '-TP'];

it("takes the engine's own ids as they are, and the same every time", () => {
  const id = '3c31296d-293f-4000-a198-785bb7ee6000';
  expect(signalOrderId(id, context)).toBe(id);
});

it.each([
  'breakout 2026-11-23',
  'Ausbruch/ä',
  'x'.repeat(200),
  'entry-SL',
  '3C31296D-293F-4000-A198-785BB7EE6000',
])("makes an author's own id %j fit every venue, for each strategy and symbol another", (own) => {
  const ids = [
    signalOrderId(own, context),
    signalOrderId(own, { ...context, strategyName: 'fade' }),
    signalOrderId(own, { ...context, symbol: 'MES' }),
    signalOrderId(own, { ...context, exchangeName: 'other' }),
  ];
  expect(new Set(ids).size).toBe(4);
  expect(signalOrderId(own, { ...context })).toBe(ids[0]);
  for (const id of ids) expect(clientOrderIdProblem(id, reserved)).toBe(undefined);
});

it('leaves room for the ids of later orders, each another', () => {
  const first = signalOrderId('own', context);
  const later = [
    laterOrderId(first, 'part', 1, 1),
    laterOrderId(first, 'part', 1, 2),
    laterOrderId(first, 'part', 2, 1),
    laterOrderId(first, 'avg', 99, 3),
    laterOrderId(first, 'close', 1, 1),
  ];
  expect(later.map((id) => id.slice(first.length))).toEqual([
    '-part-1',
    '-part-1b',
    '-part-2',
    '-avg-99c',
    '-close-1',
  ]);
  // A bracket's legs that the broker keeps add up to five characters.
  for (const id of later) expect(clientOrderIdProblem(`${id}_s99`, reserved)).toBe(undefined);
});
