import { describe, expect, it } from 'vitest';
import type { Logger } from '../logger.ts';
import { silentLogger } from '../logger.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { answered, notWritten, silent } from '../testing/scripted-executor.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const accepted = () => answered({ is: 'accepted', orderId: '7' });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Line {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

function kept(): {
  readonly log: Logger;
  readonly lines: Line[];
  readonly of: (message: string) => Line[];
} {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, ...fields });
  return {
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    lines,
    of: (message) => lines.filter((line) => line.message === message),
  };
}

describe('the line about an outcome', () => {
  it('is written after the bot has been told', async () => {
    const { log, of } = kept();
    const { broker } = await scriptedBroker({ fast: accepted, log });
    await broker.placeMarketOrder(market);
    expect(of('outcome')).toEqual([]);
    await turn();
    expect(of('outcome')).toHaveLength(1);
    await broker.close();
  });

  it('is written when the broker closes, though the loop has not turned', async () => {
    const { log, of } = kept();
    const { broker } = await scriptedBroker({ fast: accepted, log });
    const placing = broker.placeMarketOrder(market);
    const closing = broker.close();
    await placing;
    await closing;
    expect(of('outcome')).toHaveLength(1);
  });

  it('tells what was asked, which way it went and why, how long each stage took, and what became of it', async () => {
    const { log, of } = kept();
    const { broker } = await scriptedBroker({
      fast: () => notWritten('REFUSED'),
      fallback: accepted,
      log,
    });
    await broker.placeLimitOrder({ ...market, limitPrice: 20_000, clientOrderId: 'entry' });
    await turn();
    expect(of('outcome')).toEqual([
      {
        level: 'info',
        message: 'outcome',
        account: 'PRAC-V2-1001',
        operation: 'place',
        symbol: 'MNQ',
        contract: testContract({ root: 'MNQ' }).name,
        type: 'limit',
        side: 'buy',
        quantity: 1,
        clientOrderId: 'entry',
        orderId: '7',
        outcome: 'accepted',
        executor: 'fallback',
        because: 'takeover from fast: REFUSED',
        earlier: [{ executor: 'fast', code: 'REFUSED' }],
        deliveries: 2,
        routeMs: expect.any(Number),
        encodeMs: expect.any(Number),
        toWireMs: expect.any(Number),
        toFirstByteMs: expect.any(Number),
        totalMs: expect.any(Number),
        settledMs: expect.any(Number),
      },
    ]);
    await broker.close();
  });

  it.each([
    [
      'the venue refused',
      {},
      () =>
        answered({ is: 'refused', code: 'INSUFFICIENT_FUNDS', venueCode: 3, message: 'No funds.' }),
      {
        outcome: 'rejected',
        code: 'INSUFFICIENT_FUNDS',
        text: 'No funds.',
        venueCode: 3,
        executor: 'fast',
      },
    ],
    [
      'a field is wrong',
      { quantity: 0 },
      accepted,
      {
        outcome: 'not-sent',
        code: 'INVALID_ORDER',
        field: 'quantity',
        text: expect.stringContaining('quantity'),
        symbol: 'MNQ',
      },
    ],
    [
      'the contract is not known',
      { symbol: 'XYZ' },
      accepted,
      { outcome: 'not-sent', code: 'UNKNOWN_CONTRACT', symbol: 'XYZ' },
    ],
    [
      'nothing was answered',
      {},
      () => silent('RESET'),
      { outcome: 'unknown', code: 'CONNECTION_RESET', executor: 'fast', deliveries: 1 },
    ],
  ])('warns where %s', async (_name, more, fast, fields) => {
    const { log, of } = kept();
    const { broker } = await scriptedBroker({ fast, log });
    await broker.placeMarketOrder({ ...market, ...more });
    await turn();
    expect(of('outcome')).toMatchObject([{ level: 'warn', operation: 'place', ...fields }]);
    await broker.close();
  });

  it('is a warning for a refusal by a limit, with the limit in its field', async () => {
    const { log, of } = kept();
    const { broker } = await scriptedBroker({ fast: accepted, log, limits: { maxContracts: 1 } });
    await broker.placeMarketOrder({ ...market, quantity: 2 });
    await turn();
    expect(of('outcome')).toMatchObject([
      {
        level: 'warn',
        code: 'LIMIT_EXCEEDED',
        field: expect.stringContaining('maxContracts'),
        symbol: 'MNQ',
      },
    ]);
    await broker.close();
  });

  it('is none to warn of where the bot asked for no order', async () => {
    const { log, of } = kept();
    const { broker } = await scriptedBroker({ fast: accepted, log });
    await broker.placeMarketOrder({ ...market, dryRun: true });
    await turn();
    expect(of('outcome')).toMatchObject([{ level: 'info', code: 'DRY_RUN' }]);
    await broker.close();
  });

  it('names the order and the contract of modifies and cancels, also of an order of somebody else', async () => {
    const { log, of } = kept();
    const foreign = testOrder({ orderId: '99' as never, status: 'cancelled' });
    const { broker } = await scriptedBroker({
      fast: ({ request }) =>
        request.template.path === '/place'
          ? accepted()
          : answered({
              is: 'refused',
              code: 'ORDER_NOT_FOUND',
              venueCode: 2,
              message: 'No such order.',
            }),
      log,
      adapter: { find: () => ({ is: 'found', order: foreign }) },
    });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'entry' });
    await broker.modifyOrder({ clientOrderId: 'entry', quantity: 2 });
    await broker.cancelOrder({ orderId: '99' });
    await turn();
    expect(of('outcome').slice(1)).toMatchObject([
      {
        operation: 'modify',
        symbol: 'MNQ',
        clientOrderId: 'entry',
        orderId: '7',
        outcome: 'rejected',
        text: 'No such order.',
        because: 'it placed the order, whose later operations stay with it',
      },
      {
        operation: 'cancel',
        clientOrderId: undefined,
        orderId: '99',
        outcome: 'rejected',
        text: 'No such order.',
      },
    ]);
    await broker.close();
  });

  it('is followed by one about the end of what was unknown', async () => {
    const { log, of } = kept();
    const { broker, adapter } = await scriptedBroker({ fast: () => silent('RESET'), log });
    const outcome = await broker.placeMarketOrder({ ...market, clientOrderId: 'entry' });
    if (outcome.kind !== 'unknown' || outcome.final) throw new Error(outcome.kind);
    adapter.context?.evidence({
      of: 'order',
      order: testOrder({
        orderId: '9' as never,
        clientOrderId: 'entry' as never,
        status: 'working',
      }),
    });
    await outcome.resolved;
    await turn();
    expect(of('outcome')).toMatchObject([{ outcome: 'unknown', clientOrderId: 'entry' }]);
    expect(of('resolved')).toMatchObject([
      {
        level: 'info',
        outcome: 'accepted',
        clientOrderId: 'entry',
        orderId: '9',
        executor: 'fast',
        recovered: true,
      },
    ]);
    await broker.close();
  });
});

describe('the lines about the broker', () => {
  it('begin with the account, the adapter, the executors with their shares, the journal and the limits', async () => {
    const { log, lines, of } = kept();
    const { broker } = await scriptedBroker({
      fast: accepted,
      log,
      routing: { version: 1, salt: 's', default: { fast: 25, fallback: 75 }, off: ['fast'] },
      limits: { maxContracts: 3 },
    });
    expect(of('started')).toMatchObject([
      {
        level: 'info',
        account: 'PRAC-V2-1001',
        adapter: expect.any(String),
        core: expect.stringMatching(/^\d/),
        executors: [
          {
            key: 'fast',
            plugin: 'scripted',
            sharePercent: 25,
            available: false,
            reason: 'turned off by routing',
          },
          { key: 'fallback', plugin: 'scripted', sharePercent: 75, available: true },
        ],
        off: ['fast'],
        journal: expect.stringContaining('memory'),
        limits: { maxContracts: 3 },
      },
    ]);
    await broker.close();
    expect(lines.filter(({ account }) => account !== 'PRAC-V2-1001')).toEqual([]);
  });

  it('tell a trip, a halt, its end, new limits, a gap and how long it was, one line each', async () => {
    const { log, lines } = kept();
    const clock = createManualClock();
    const { broker, adapter } = await scriptedBroker({
      clock,
      fast: () => notWritten('REFUSED'),
      fallback: (_, index) => answered({ is: 'accepted', orderId: String(index + 1) }),
      log,
      limits: { maxContracts: 30 },
      adapter: { probe: true },
    });
    const over = async (work: Promise<unknown>): Promise<void> => {
      const state = { isOver: false };
      const end = (): void => void (state.isOver = true);
      work.then(end, end);
      while (!state.isOver) {
        clock.advance(250);
        await turn();
      }
    };
    for (let index = 0; index < 5; index += 1) await broker.placeMarketOrder(market);
    broker.setLimits({ maxContracts: 20 });
    adapter.context?.evidence({
      of: 'stream-gap',
      stream: 'market',
      at: 1_000,
      because: 'the hub ended the connection',
    });
    adapter.context?.evidence({ of: 'stream-live', stream: 'market', at: 3_500 });
    adapter.context?.evidence({ of: 'session-failed', message: 'The venue refused the login.' });
    await over(broker.halt());
    await broker.resume();
    await turn();
    expect(lines.filter(({ message }) => !['outcome', 'started'].includes(message))).toMatchObject([
      {
        level: 'warn',
        message: 'executor tripped',
        executor: 'fast',
        operation: 'place',
        text: expect.stringContaining('5 deliveries in a row failed'),
      },
      { level: 'info', message: 'limits changed', limits: { maxContracts: 20 } },
      {
        level: 'warn',
        message: 'stream gap',
        stream: 'market',
        because: 'the hub ended the connection',
      },
      { level: 'info', message: 'stream synced', stream: 'market', gapMs: 2_500 },
      { level: 'error', message: 'session failed', text: 'The venue refused the login.' },
      { level: 'warn', message: 'halted' },
      { level: 'warn', message: 'resumed' },
    ]);
    await over(broker.close());
  });
});

it('a log that nobody hears costs an order nothing: no listener is added for it', async () => {
  const { broker } = await scriptedBroker({ fast: accepted, log: silentLogger });
  const before = process.listenerCount('exit');
  await broker.placeMarketOrder(market);
  expect(process.listenerCount('exit')).toBe(before);
  await broker.close();
});
