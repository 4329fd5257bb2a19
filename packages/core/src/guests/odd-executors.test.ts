import { describe, expect, it } from 'vitest';
import { createBroker } from '../create-broker.ts';
import type { Delivery } from '../delivery.ts';
import type { Executor } from '../executor.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { Logger } from '../logger.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { scriptedAdapter, testContract } from '../testing/scripted-adapter.ts';
import { answered, scriptedExecutor } from '../testing/scripted-executor.ts';
import { guardExecutor } from './guarded-executor.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const boom = (): never => {
  throw new Error('boom');
};
const never = (): Promise<never> => new Promise(() => {});
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const ready = { is: 'ready', idleConnections: 1, busyConnections: 0 } as const;
const fine: Executor = {
  connect: () => Promise.resolve(),
  deliver: () => Promise.resolve(answered({ is: 'accepted', orderId: '7' })),
  state: ready,
  close: () => Promise.resolve(),
};

/** A broker whose first executor is odd; the second is not, and takes over only what is proven unwritten. */
async function withOdd(odd: unknown, options: object = {}) {
  const spare = scriptedExecutor((_, index) =>
    answered({ is: 'accepted', orderId: String(100 + index) }),
  );
  const broker = await createBroker({
    adapter: scriptedAdapter({ contracts: [testContract({ root: 'MNQ' })] }),
    executors: {
      odd: { ...scriptedExecutor(() => answered({})), setup: () => odd as Executor },
      spare,
    },
    routing: { version: 1, salt: 's', default: { odd: 100, spare: 0 } },
    journal: memoryJournal(),
    outcomeWithinMs: 0,
    ...options,
  });
  return { broker, spare };
}

describe('an executor of the author’s', () => {
  const marks = { queued: 0, written: 0, firstByte: undefined, end: 0 };
  const failure = { code: 'RESET', message: 'The connection was reset.' };
  const answer = {
    status: 200,
    headers: {},
    body: new TextEncoder().encode(JSON.stringify({ is: 'accepted', orderId: '7' })),
  };
  it.each<[string, () => unknown]>([
    ['throws', boom],
    ['rejects', () => Promise.reject(new Error('boom'))],
    ['gives nothing', () => undefined],
    ['gives a number', () => 5],
    ['promises nothing', () => Promise.resolve(undefined)],
    [
      'has a getter that throws',
      () => Promise.resolve(Object.defineProperty({}, 'stage', { get: boom })),
    ],
    [
      'names a stage that there is not',
      () => Promise.resolve({ stage: 'gone', bytes: 'none', failure, marks }),
    ],
    [
      'says "sent" and that nothing was written',
      () => Promise.resolve({ stage: 'sent', bytes: 'none', failure, marks }),
    ],
    [
      'says "answered" and that nothing was written',
      () => Promise.resolve({ stage: 'answered', bytes: 'none', answer, marks }),
    ],
    [
      'says "queued" and that bytes may have left',
      () => Promise.resolve({ stage: 'queued', bytes: 'maybe', failure, marks }),
    ],
    ['has no marks', () => Promise.resolve({ stage: 'queued', bytes: 'none', failure })],
    ['has no failure', () => Promise.resolve({ stage: 'queued', bytes: 'none', marks })],
    [
      'has no body',
      () =>
        Promise.resolve({
          stage: 'answered',
          bytes: 'all',
          answer: { status: 200, headers: {} },
          marks,
        }),
    ],
  ])(
    'whose deliver %s makes an order unknown, never not-sent, and nobody takes it over',
    async (_how, deliver) => {
      const { broker, spare } = await withOdd({ ...fine, deliver });
      const outcome = await broker.placeMarketOrder(market);
      expect(outcome).toMatchObject({ kind: 'unknown', code: 'EXECUTOR_FAILED', executor: 'odd' });
      expect(
        spare.deliveries.filter(({ request }) => request.template.operation === 'place'),
      ).toEqual([]);
      await broker.close();
    },
  );

  it('that gives its delivery without a promise is taken at its word', async () => {
    const { broker } = await withOdd({
      ...fine,
      deliver: () => answered({ is: 'accepted', orderId: '7' }),
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'accepted',
      executor: 'odd',
    });
    await broker.close();
  });

  it.each<[string, PropertyDescriptor, RegExp]>([
    ['throws', { get: boom }, /its state can't be read \(boom\)/],
    ['is nothing', { value: undefined }, /its state is undefined/],
    ['is a word', { value: 'ready' }, /its state is "ready"/],
    ['is none that there is', { value: { is: 'tired' } }, /its state is of type object/],
  ])(
    'whose state %s is not used, says why, and the next one delivers',
    async (_how, state, reason) => {
      const { broker } = await withOdd(Object.defineProperty({ ...fine }, 'state', state));
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'accepted',
        executor: 'spare',
      });
      expect(broker.executors().odd).toMatchObject({
        available: false,
        reason: expect.stringMatching(reason),
      });
      await broker.close();
    },
  );

  it.each<[unknown, string]>([
    [undefined, 'setup gave undefined, must be an executor'],
    [5, 'setup gave 5, must be an executor'],
    [
      { ...fine, deliver: undefined, close: 'no' },
      'setup gave of type object, must be an executor; it lacks deliver, close',
    ],
  ])('whose setup gives %j is not available, with the reason', async (odd, reason) => {
    const { broker } = await withOdd(odd);
    expect(broker.executors().odd).toMatchObject({ available: false, reason });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'accepted',
      executor: 'spare',
    });
    await broker.close();
  });

  it('that never ends a delivery has its order told as unknown in time, and the broker closes', async () => {
    const clock = createManualClock();
    const { broker } = await withOdd(
      { ...fine, deliver: never },
      { clock, outcomeWithinMs: 12_000 },
    );
    const placing = broker.placeMarketOrder(market);
    const closing = broker.close();
    for (let second = 0; second < 20; second += 1) {
      await turns();
      clock.advance(1_000);
    }
    const outcome = await Promise.race([placing, turns().then(() => 'hangs')]);
    expect(outcome).toMatchObject({ kind: 'unknown', executor: 'odd' });
    expect(await Promise.race([closing.then(() => 'closed'), turns().then(() => 'hangs')])).toBe(
      'closed',
    );
  });

  it.each<[string, Partial<Record<keyof Executor, unknown>>]>([
    ['never ends', { close: never }],
    ['throws', { close: boom }],
    ['rejects', { close: () => Promise.reject(new Error('boom')) }],
    ['gives nothing', { close: () => undefined }],
  ])('whose close %s lets the broker close', async (_how, change) => {
    const clock = createManualClock();
    const { broker } = await withOdd({ ...fine, ...change }, { clock });
    const closing = broker.close().then(() => 'closed');
    await turns();
    clock.advance(3_000);
    expect(await Promise.race([closing, turns().then(() => 'hangs')])).toBe('closed');
  });

  it('that serves the reads and never ends one, or gives nonsense, lets them end', async () => {
    const clock = createManualClock();
    const executor = guardExecutor(
      { ...fine, deliver: never },
      { key: 'odd', clock, log: silentButHeard().log },
    );
    const { deliverRead } = await import('../router/deliver-read.ts');
    const request = {
      template: { operation: 'read', method: 'POST', path: '/read', headers: {} },
      authorization: undefined,
      body: '',
    } as const;
    const reading = deliverRead(
      executor,
      request,
      { deadline: Infinity, answerTimeoutMs: 2_000, signal: undefined },
      clock,
    );
    clock.advance(3_000);
    expect(await reading).toMatchObject({ bytes: 'maybe', failure: { code: 'TIMEOUT' } });
    const nonsense = guardExecutor(
      { ...fine, deliver: () => Promise.resolve({} as Delivery) },
      { key: 'odd', clock, log: silentButHeard().log },
    );
    await expect(
      deliverRead(
        nonsense,
        request,
        { deadline: Infinity, answerTimeoutMs: 2_000, signal: undefined },
        clock,
      ),
    ).rejects.toThrow('it gave a delivery whose stage is undefined');
  });
});

function silentButHeard() {
  const lines: string[] = [];
  const take = (_fields: object, message: string): void => void lines.push(message);
  const log: Logger = { debug: take, info: take, warn: take, error: take };
  return { log, lines };
}

describe('the guard of an executor', () => {
  const parts = () => {
    const { log, lines } = silentButHeard();
    return { key: 'odd', clock: createManualClock(), log, lines };
  };

  it('hands the rest on as it is, and offers only what there is', () => {
    const guarded = guardExecutor(fine, parts());
    expect(['encode' in guarded, 'reset' in guarded, guarded.state]).toEqual([false, false, ready]);
  });

  it('stands a reset that throws or rejects', async () => {
    const given = parts();
    guardExecutor({ ...fine, reset: boom }, given).reset?.('the clock stepped');
    guardExecutor({ ...fine, reset: () => Promise.reject(new Error('boom')) }, given).reset?.(
      'the clock stepped',
    );
    await turns();
    expect(given.lines).toEqual([
      'the connections of an executor could not be reset',
      'the connections of an executor could not be reset',
    ]);
  });

  it('does not wait for ever for bytes in shadow, and takes nothing else for them', async () => {
    const given = parts();
    const request = {} as never;
    const encoding = guardExecutor({ ...fine, encode: never }, given).encode?.(request);
    given.clock.advance(1_000);
    await expect(encoding).rejects.toThrow('encode did not end in 1 s');
    await expect(
      guardExecutor({ ...fine, encode: () => 'text' }, given).encode?.(request),
    ).rejects.toThrow('encode gave "text", must be bytes');
  });
});
