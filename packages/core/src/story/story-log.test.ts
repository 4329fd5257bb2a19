import { describe, expect, it } from 'vitest';
import { answered, notWritten, silent } from '../testing/scripted-executor.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { StoryLog } from './story-log.ts';
import type { StoryLine } from './story-line.ts';

const lookup = (clientOrderId: string) =>
  ({
    kind: 'lookup',
    at: 0,
    clientOrderId,
    orderId: undefined,
    by: 'client-order-id',
    is: 'not-found',
  }) as const;

describe('the story of an order', () => {
  it('is found by either id, oldest first, and the oldest lines of all go', () => {
    const log = new StoryLog();
    log.add({ ...lookup('Entry'), at: 1 });
    for (let count = 0; count < 9_998; count += 1) log.add(lookup('other'));
    log.add({ ...lookup('entry'), at: 2 });
    expect(log.of('ENTRY', undefined).map(({ at }) => at)).toEqual([1, 2]);
    log.add({
      kind: 'lookup',
      at: 3,
      clientOrderId: undefined,
      orderId: '7',
      by: 'order-id',
      is: 'found',
    });
    expect(log.of('entry', '7').map(({ at }) => at)).toEqual([2, 3]);
    expect(log.of('entry', '8').map(({ at }) => at)).toEqual([2]);
  });

  it('keeps each line as it was told, whatever it lacks', () => {
    const log = new StoryLog();
    const about = { clientOrderId: 'entry', orderId: undefined };
    const delivery = {
      ...about,
      kind: 'delivery',
      operation: 'place',
      executor: 'fast',
      decision: { executor: 'fast', bucket: 7, rule: 'default', version: 1 },
      because: '',
      bytes: 'all',
      meant: 'accepted',
    } as const;
    const timings = { route: 0.5, encode: 0, toWire: 1.25, toFirstByte: 30, total: 31 };
    const unwritten = {
      route: undefined,
      encode: undefined,
      toWire: undefined,
      toFirstByte: undefined,
      total: undefined,
    };
    const lines: readonly StoryLine[] = [
      { ...delivery, at: 10, sentAt: 9, timings },
      { ...delivery, at: 11, sentAt: 10, timings: { ...timings, toFirstByte: undefined } },
      {
        ...delivery,
        at: 12,
        sentAt: 11,
        executor: 'fallback',
        decision: undefined,
        because: 'takeover from fast',
        bytes: undefined,
        meant: 'RESET',
        timings: unwritten,
      },
      { ...delivery, at: 13, sentAt: 12, orderId: '7', timings },
      {
        ...about,
        at: 14,
        kind: 'outcome',
        operation: 'place',
        outcome: 'accepted',
        code: undefined,
        message: undefined,
      },
      {
        ...about,
        at: 15,
        orderId: '7',
        kind: 'outcome',
        operation: 'cancel',
        outcome: 'accepted',
        code: undefined,
        message: undefined,
      },
      {
        ...about,
        at: 16,
        kind: 'outcome',
        operation: 'cancel',
        outcome: 'rejected',
        code: 'ORDER_NOT_FOUND',
        message: 'gone',
      },
      { ...about, at: 17, orderId: '7', kind: 'row', order: testOrder({}) },
      {
        ...about,
        at: 18,
        kind: 'outcome',
        operation: 'cancel',
        outcome: 'unknown',
        code: undefined,
        message: 'no code',
      },
    ];
    for (const line of lines) log.add(line);
    expect(log.of('entry', '7')).toEqual(lines);
    // Also when they stand in the place of others.
    for (let count = 0; count < 10_000; count += 1)
      log.add(
        count % 2 === 0
          ? { ...delivery, clientOrderId: 'other', at: count, sentAt: 1, timings }
          : lookup('other'),
      );
    expect(log.of('entry', '7')).toEqual([]);
    for (const line of lines) log.add(line);
    expect(log.of('entry', '7')).toEqual(lines);
    expect(log.of('other', undefined)).toHaveLength(10_000 - lines.length);
  });

  it('tells of takeovers, of silence, of lookups, of rows and of what the bot was told', async () => {
    const order = testOrder({ clientOrderId: 'entry' as never, status: 'working' });
    const { broker } = await scriptedBroker({
      fast: () => notWritten(),
      fallback: () => silent('RESET'),
      adapter: { find: () => ({ is: 'found', order }) },
    });
    expect(
      await broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        clientOrderId: 'entry',
      }),
    ).toMatchObject({ kind: 'accepted', recovered: true });
    const { lines } = await broker.explain('entry');
    expect(lines).toMatchObject([
      { kind: 'delivery', executor: 'fast', because: '', bytes: 'none' },
      {
        kind: 'delivery',
        executor: 'fallback',
        because: expect.stringMatching(/^takeover from fast/),
        decision: { executor: 'fast' },
        meant: 'RESET',
      },
      { kind: 'lookup', by: 'client-order-id', is: 'found' },
      { kind: 'row', order: { status: 'working' } },
      { kind: 'outcome', operation: 'place', outcome: 'accepted' },
    ]);
    await broker.close();
  });

  it('tells why nothing was sent', async () => {
    const { broker } = await scriptedBroker({
      fast: () => answered({ is: 'accepted', orderId: '7' }),
    });
    await broker.placeMarketOrder({
      symbol: 'MNQ',
      side: 'buy',
      quantity: 1,
      clientOrderId: 'entry',
      dryRun: true,
    });
    expect((await broker.explain('entry')).lines).toMatchObject([
      { kind: 'outcome', outcome: 'not-sent', code: 'DRY_RUN' },
    ]);
    await broker.close();
  });
});
