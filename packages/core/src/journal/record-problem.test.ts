import { describe, expect, it } from 'vitest';
import { checkRecord } from './record-problem.ts';

const good: readonly Readonly<Record<string, unknown>>[] = [
  {
    kind: 'intent',
    at: 1,
    operation: 'place',
    clientOrderId: 'a',
    executor: 'fast',
    content: {
      contractId: 'C',
      symbol: 'MNQ',
      type: 'limit',
      side: 'buy',
      quantity: 1,
      limitPrice: 1,
    },
  },
  { kind: 'intent', at: 1, operation: 'cancel', orderId: '7', executor: 'fast', content: {} },
  {
    kind: 'intent',
    at: 1,
    operation: 'place',
    clientOrderId: 'a',
    executor: 'fast',
    content: {},
    bucket: 7,
    rule: 'default',
    assigned: 'slow',
    cut: { executor: 'fast', from: 'slow', by: 'ramp', tablePercent: 50, inForcePercent: 5 },
    passedBy: [{ executor: 'slow', why: 'tripped', because: 'x', since: 5 }],
  },
  {
    kind: 'attempt',
    at: 1,
    operation: 'modify',
    clientOrderId: 'a',
    orderId: '7',
    executor: 'fast',
    because: 'x',
    passedBy: [],
  },
  {
    kind: 'outcome',
    at: 1,
    operation: 'place',
    clientOrderId: 'a',
    orderId: '7',
    outcome: 'unknown',
    code: 'ABSENT',
  },
  { kind: 'withdrawal', at: 1, clientOrderId: 'a' },
  { kind: 'arrival', at: 1, clientOrderId: 'a' },
  { kind: 'halt', at: 1 },
  { kind: 'resume', at: 1 },
  {
    kind: 'oco',
    at: 1,
    entry: 'a',
    step: 'armed',
    contractId: 'C',
    side: 'sell',
    bracket: { stopLossTicks: 4 },
    strategy: 's',
  },
  {
    kind: 'oco',
    at: 1,
    entry: 'a',
    step: 'leg',
    leg: 'stop',
    clientOrderId: 'a-s1',
    quantity: 1,
    price: 2,
    filled: 0,
  },
  {
    kind: 'oco',
    at: 1,
    entry: 'a',
    step: 'resize',
    leg: 'target',
    clientOrderId: 'a-t1',
    quantity: 1,
    price: 2,
    filled: 1,
  },
  { kind: 'oco', at: 1, entry: 'a', step: 'cancel', clientOrderId: 'a-s1' },
  { kind: 'oco', at: 1, entry: 'a', step: 'exit', quantity: 1, because: 'x' },
  { kind: 'oco', at: 1, entry: 'a', step: 'reducing', quantity: 1 },
  { kind: 'oco', at: 1, entry: 'a', step: 'excess', quantity: 1 },
  { kind: 'oco', at: 1, entry: 'a', step: 'ended', because: 'x' },
  {
    kind: 'rollout',
    at: 1,
    executor: 'fast',
    cause: 'advanced',
    fromPercent: 1,
    toPercent: 5,
    because: 'x',
    latch: 'l',
    evidence: {},
    ramp: { percent: 5, since: 1, setbacks: 0, fellFrom: 0, zero: { because: 'x', reenterAt: 2 } },
  },
  {
    kind: 'rollout-window',
    at: 1,
    executor: 'fast',
    percent: 5,
    ramp: { deliveries: 1, unknown: 0, failed: 0, overhead: [1, 2], total: [] },
    control: { deliveries: 1, unknown: 0, failed: 0, overhead: [], total: [3, 4] },
  },
];
/** Fields that a record may go without, or that say nothing to a start. */
const free: ReadonlySet<string> = new Set([
  'because',
  'evidence',
  'limitPrice',
  'stopLossTicks',
  'what',
  'rule',
]);
const optional: ReadonlySet<string> = new Set([
  'clientOrderId',
  'orderId',
  'code',
  'strategy',
  'price',
  'latch',
  'ramp',
  'zero',
  'reenterAt',
  'contractId',
  'symbol',
  'type',
  'side',
  'quantity',
  'bucket',
  'rule',
  'assigned',
  'cut',
  'passedBy',
  'since',
]);

/** Each field of a record, those inside of others included, with a value that it must not have. */
function* spoiled(
  record: Readonly<Record<string, unknown>>,
): Generator<readonly [string, Readonly<Record<string, unknown>>]> {
  for (const [field, value] of Object.entries(record)) {
    if (free.has(field)) continue;
    for (const wrong of [null, [], {}, true, typeof value === 'string' ? 5 : 'x'])
      if (
        typeof wrong !== 'object' ||
        typeof value !== 'object' ||
        Array.isArray(wrong) !== Array.isArray(value)
      )
        yield [field, { ...record, [field]: wrong }];
    if (!optional.has(field))
      yield [field, Object.fromEntries(Object.entries(record).filter(([key]) => key !== field))];
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && field !== 'bracket')
      for (const [inner, changed] of spoiled(value as Record<string, unknown>))
        yield [inner, { ...record, [field]: changed }];
  }
}

describe('what is read of a journal', () => {
  it.each(good)('is known: $kind $step', (record) => {
    expect(checkRecord(record)).toEqual({ of: 'known', record });
  });

  it.each(good)(
    'is none with a field that is missing or of another type, and that is named: $kind $step',
    (record) => {
      for (const [field, wrong] of spoiled(record)) {
        const checked = checkRecord(wrong);
        // A kind of another name is a newer version's.
        if (field === 'kind' && typeof wrong['kind'] === 'string') continue;
        expect(checked, `${field} of ${JSON.stringify(wrong)}`).toMatchObject({
          of: 'nothing',
          problem: expect.stringContaining(field),
        });
      }
    },
  );

  it("is a newer version's when its kind is not known", () => {
    expect(checkRecord({ kind: 'future', at: 1 })).toEqual({ of: 'unknown', kind: 'future' });
    expect(checkRecord({ kind: '__proto__', at: 1 })).toEqual({ of: 'unknown', kind: '__proto__' });
  });

  it.each([
    [undefined],
    [null],
    ['x'],
    [[]],
    [{}],
    [{ kind: 'halt' }],
    [{ kind: 'halt', at: Number.NaN }],
    [{ kind: 'halt', at: 1e308 }],
  ])('is none: %j', (value) => {
    expect(checkRecord(value)).toMatchObject({ of: 'nothing' });
  });
});
