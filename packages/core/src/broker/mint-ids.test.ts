import { describe, expect, it, vi } from 'vitest';
import type { Capabilities } from '../capabilities.ts';
import { systemClock } from '../clock.ts';
import { systemRandom } from '../random.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered } from '../testing/scripted-executor.ts';
import type { MintId, MintParts } from './mint-ids.ts';
import { mintIds } from './mint-ids.ts';

type Rules = Capabilities['clientOrderId'];
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const rules: Rules = { maxLength: 64, reservedSuffixes: ['-SL', '-TP'], unique: 'for-ever' };
const mint = (more: Partial<MintParts> = {}, own: Partial<Rules> = {}) =>
  mintIds({
    capabilities: { clientOrderId: { ...rules, ...own } },
    given: undefined,
    prefix: 'k3f9ax',
    ownOco: false,
    clock: systemClock,
    random: systemRandom,
    isTaken: () => false,
    ...more,
  });
const textOf = (minted: ReturnType<MintId>): string =>
  typeof minted === 'string' ? minted : minted.message;
const boom = (): never => {
  throw new Error('boom');
};

describe('an id that is minted', () => {
  it('fits what the venue takes, endings of stops and targets included', () => {
    for (const [own, ownOco, longest] of [
      [{ maxLength: 20, reservedSuffixes: [] }, false, 20],
      [{ maxLength: 24 }, false, 21],
      [{ maxLength: 30 }, true, 22],
      [{}, true, 43],
    ] as const) {
      const id = textOf(mint({ ownOco }, own)(false, false));
      expect(id).toMatch(/^k3f9ax-[0-9a-z-]+$/);
      expect(id.length).toBeLessThanOrEqual(longest);
    }
  });

  it('never ends as the venue’s own do', () => {
    let drawn = 0;
    const ids = mint(
      { random: () => (drawn = (drawn + 0.03) % 1) },
      { maxLength: 20, reservedSuffixes: ['0', '1', 'Z'] },
    );
    for (let count = 0; count < 50; count += 1)
      expect(textOf(ids(false, false)).at(-1)).not.toMatch(/[01z]/);
  });

  it('is refused at the start where there is too little room, by what the venue takes and what is needed', () => {
    expect(() => mint({}, { maxLength: 16 })).toThrow(
      /generateId: is missing; the venue's client order ids may have 13 characters, and ids that no restart repeats need 19/,
    );
    expect(() => mint({}, { pattern: /^\d+$/, description: 'digits' })).toThrow(
      /may have 48 characters, and must be digits, and ids that no restart repeats need 19 of letters, digits and "-"/,
    );
    expect(() =>
      mint({ ownOco: true }, { pattern: /^[a-z0-9-]+$/, description: 'letters, digits and "-"' }),
    ).toThrow(
      /ownOco: the ids of stops and targets end as "_s999", and at this venue such an id must be letters/,
    );
    let count = 0;
    expect(
      mint(
        { given: () => String((count += 1)) },
        { maxLength: 16, pattern: /^\d+$/, description: 'digits' },
      )(false, false),
    ).toBe('1');
  });

  it.each<[string, () => unknown, RegExp]>([
    ['throws', boom, /^generateId threw: boom$/],
    ['gives a number', () => 5, /^generateId gave 5, which must be text, not number$/],
    ['gives nothing', () => undefined, /^generateId gave undefined, which must be text/],
    ['gives an empty text', () => '', /has 0 characters/],
    ['gives what is too long', () => 'x'.repeat(49), /has 49 characters, must have 1 to 48/],
    ['gives what no venue takes', () => 'a b', /may hold only letters/],
    ['gives what the venue uses itself', () => 'entry-sl', /ends in "-SL"/],
    [
      'gives an object',
      () => ({ toString: boom }),
      /gave a value of type object, which must be text/,
    ],
    ['gives a promise', () => Promise.resolve('a1'), /gave a promise, must give the id itself/],
    [
      'gives what throws when it is looked at',
      () => new Proxy({}, { has: boom }),
      /^generateId threw: boom$/,
    ],
  ])('of a generateId that %s is none, and says so', async (_how, generateId, message) => {
    const { broker, fast } = await scriptedBroker({
      fast: () => answered({ is: 'accepted', orderId: '7' }),
      generateId: generateId as () => string,
    });
    const outcome = await broker.placeMarketOrder(market);
    expect(outcome).toMatchObject({
      kind: 'not-sent',
      code: 'INVALID_ORDER',
      field: 'generateId',
      message: expect.stringMatching(message),
    });
    expect([fast.deliveries, broker.intents()]).toEqual([[], []]);
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'mine' })).toMatchObject({
      kind: 'accepted',
    });
    await broker.close();
  });

  it('of a generateId that gives a promise is none, and no rejection goes astray', async () => {
    const promise = Promise.resolve('a1');
    const heeded = vi.spyOn(promise, 'then');
    expect(mint({ given: () => promise as never })(false, false)).toMatchObject({
      message:
        'generateId gave a promise, must give the id itself: the order leaves in the tick of its call',
    });
    expect(heeded).toHaveBeenCalledWith(undefined, expect.any(Function));
  });

  it('of a generateId that repeats itself is none: the second order is not the first', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: () => answered({ is: 'accepted', orderId: '7' }),
      generateId: () => 'same',
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'accepted',
      clientOrderId: 'same',
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      field: 'generateId',
      message: 'generateId gave "same", the id of another order of this bot',
    });
    expect(fast.deliveries).toHaveLength(1);
    await broker.close();
  });

  it('gets out by the broker’s own, whatever the author’s does', async () => {
    const position = {
      contractId: 'CON.F.US.MNQ.Z26',
      side: 'buy',
      quantity: 2,
      averagePrice: 1,
      openedAt: 0,
      asOf: 0,
    } as never;
    const { broker, fast } = await scriptedBroker({
      fast: () => answered({ is: 'accepted', orderId: '7' }),
      generateId: boom,
      reduceWith: 'tagged-order',
      adapter: { positions: () => [position] },
    });
    void broker.reducePosition({ symbol: 'MNQ', quantity: 1 });
    await expect
      .poll(() => fast.deliveries.map(({ request }) => request.template.operation))
      .toContain('place');
    await broker.close();
  });
});

describe('a bot’s own id', () => {
  it('is held to what the venue takes before it leaves', async () => {
    const clientOrderId: Rules = {
      maxLength: 20,
      reservedSuffixes: [],
      unique: 'open-orders',
      pattern: /^[A-Za-z0-9]+$/,
      description: 'letters and digits',
    };
    let count = 0;
    const { broker, fast } = await scriptedBroker({
      fast: () => answered({ is: 'accepted', orderId: '7' }),
      generateId: () => `id${(count += 1)}`,
      adapter: { capabilities: { clientOrderId } },
    });
    expect(
      await broker.placeMarketOrder({ ...market, clientOrderId: 'x'.repeat(21) }),
    ).toMatchObject({
      code: 'INVALID_ORDER',
      field: 'clientOrderId',
      message: 'clientOrderId has 21 characters, must have 1 to 20',
    });
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' })).toMatchObject({
      code: 'INVALID_ORDER',
      field: 'clientOrderId',
      message: 'clientOrderId must be letters and digits',
    });
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'entry1' })).toMatchObject({
      kind: 'accepted',
    });
    expect(fast.deliveries).toHaveLength(1);
    await broker.close();
  });
});
