import { describe, expect, it } from 'vitest';
import { consoleLogger } from './console-logger.ts';
import type { Logger } from './logger.ts';
import { silentLogger } from './logger.ts';
import { GuardedLog } from './guarded-log.ts';
import { scriptedBroker } from './testing/scripted-broker.ts';
import { answered } from './testing/scripted-executor.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const accepted = (_: unknown, index: number) =>
  answered({ is: 'accepted', orderId: String(index + 1) });
const boom = (): never => {
  throw new Error('the log disk is full');
};
const every = (act: (...line: unknown[]) => unknown): Logger => ({
  debug: act,
  info: act,
  warn: act,
  error: act,
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A broker with this log, one order, and what it says of its log. */
async function trade(log: Logger) {
  const { broker } = await scriptedBroker({ fast: accepted, log });
  const failures: string[] = [];
  broker.on('log.failed', ({ message }) => failures.push(message));
  const outcomes = [await broker.placeMarketOrder(market), await broker.placeMarketOrder(market)];
  await turn();
  await turn();
  const { log: report } = broker.metrics();
  await broker.close();
  return { kinds: outcomes.map(({ kind }) => kind), failures, report };
}

describe('a logger', () => {
  it('is used as it is where it works, with every line in order', async () => {
    const lines: string[] = [];
    const log = every((_fields, message) => void lines.push(String(message)));
    expect(await trade(log)).toEqual({
      kinds: ['accepted', 'accepted'],
      failures: [],
      report: { lost: 0, because: undefined },
    });
    expect(lines.filter((line) => line === 'outcome').length).toBe(2);
  });

  it('that throws loses its lines and nothing else, and the broker tells once', async () => {
    const { kinds, failures, report } = await trade(every(boom));
    expect(kinds).toEqual(['accepted', 'accepted']);
    expect(failures).toEqual(['the log disk is full']);
    expect(report.lost).toBeGreaterThanOrEqual(2);
    expect(report.because).toBe('the log disk is full');
  });

  it('that rejects is heeded: no rejection goes astray', async () => {
    const { kinds, failures } = await trade(
      every(() => Promise.reject(new Error('the log disk is full'))),
    );
    expect([kinds, failures]).toEqual([['accepted', 'accepted'], ['the log disk is full']]);
  });

  it('that loses its methods while it is used does no harm', () => {
    const given: Partial<Record<string, unknown>> = every(() => undefined) as never;
    const guard = new GuardedLog(given as never);
    delete given['info'];
    Object.defineProperty(given, 'warn', { get: boom });
    guard.log.info({}, 'one');
    guard.log.warn({}, 'two');
    guard.log.error({}, 'three');
    expect(guard.report()).toEqual({ lost: 2, because: 'the log disk is full' });
  });

  it('that gives odd things back does no harm', async () => {
    const thenable = (then: PropertyDescriptor): object =>
      Object.defineProperty({}, ['th', 'en'].join(''), then);
    const odd = [
      5,
      'x',
      null,
      {},
      thenable({ value: 5 }),
      thenable({ get: boom }),
      thenable({ value: boom }),
    ];
    const guard = new GuardedLog(every(() => odd.shift()));
    for (let line = 0; line < 7; line += 1) guard.log.info({}, 'line');
    await turn();
    expect(guard.report().lost).toBe(2);
  });

  it('of this package tells what it could not write', () => {
    const log = consoleLogger('info', boom);
    const guard = new GuardedLog(log);
    expect(() => log.info({}, 'by the bot itself')).not.toThrow();
    guard.log.info({}, 'by the broker');
    expect(guard.report()).toEqual({ lost: 2, because: 'the log disk is full' });
    guard.close();
    log.info({}, 'after the end');
    expect(guard.report().lost).toBe(2);
  });

  it('that is none, or silent, stays the silent one: whoever logs for every order can tell', () => {
    expect([new GuardedLog(undefined).log, new GuardedLog(silentLogger).log]).toEqual([
      silentLogger,
      silentLogger,
    ]);
    expect(new GuardedLog(silentLogger).log).toBe(silentLogger);
  });

  it('that can not be one is refused by name at the start', async () => {
    const start = (log: unknown) => scriptedBroker({ fast: accepted, log: log as Logger });
    await expect(start('stdout')).rejects.toMatchObject({
      problems: ['log: must be a logger such as consoleLogger() or pino()'],
    });
    await expect(start({ ...silentLogger, debug: undefined, warn: 'no' })).rejects.toMatchObject({
      problems: [
        'log.debug: is missing; a logger has debug, info, warn and error',
        'log.warn: is missing; a logger has debug, info, warn and error',
      ],
    });
    await expect(
      start(Object.defineProperty({ ...silentLogger }, 'info', { get: boom })),
    ).rejects.toMatchObject({ problems: ["log.info: can't be read (the log disk is full)"] });
  });
});
