import { describe, expect, it } from 'vitest';
import { createRegistry } from '../config/registry.ts';
import { createBroker } from '../create-broker.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { scriptedAdapter, testContract } from '../testing/scripted-adapter.ts';
import { answered, scriptedExecutor } from '../testing/scripted-executor.ts';

const executor = () => scriptedExecutor(() => answered({ is: 'accepted', orderId: '7' }));
const right = () => ({
  adapter: scriptedAdapter({ contracts: [testContract({ root: 'MNQ' })] }),
  executors: { fast: executor() },
  routing: { version: 1, salt: 's', default: { fast: 100 } },
  journal: memoryJournal(),
});
const start = (more: object) => createBroker({ ...right(), ...more } as never);
const problems = async (more: object): Promise<unknown> =>
  start(more).then(
    () => 'started',
    (error: { readonly problems?: unknown }) => error.problems ?? error,
  );
const boom = (): never => {
  throw new Error('boom');
};

describe('the options of createBroker', () => {
  it.each([
    [{ limit: { maxContracts: 1 } }, 'limit: is no field here; did you mean "limits"?'],
    [{ Limits: { maxContracts: 1 } }, 'Limits: is no field here; did you mean "limits"?'],
    [{ riskLimits: {} }, 'riskLimits: is no field here; did you mean "limits"?'],
    [{ answerTimeout: 5 }, 'answerTimeout: is no field here; did you mean "answerTimeoutMs"?'],
    [
      { limits: { maxContract: 1 } },
      'limits.maxContract: is no field here; did you mean "maxContracts"?',
    ],
    [
      { health: { failuresInRow: -1 } },
      'health.failuresInRow: Too small: expected number to be >=0',
    ],
    [
      { whenAllTripped: { exit: 'refuse' } },
      'whenAllTripped.exit: is no field here; did you mean "exits"?',
    ],
    [
      { ownOco: { whenUnprotected: 'close', protectWithin: 5 } },
      'ownOco.protectWithin: is no field here; did you mean "protectWithinMs"?',
    ],
    [
      { executors: { fast: { use: executor(), require: true } } },
      'executors.fast.require: is no field here; did you mean "required"?',
    ],
    [
      { executors: { fast: { use: executor(), required: 'yes' } } },
      'executors.fast.required: is "yes", must be true or false',
    ],
    [{ lookupAfterMs: '5' }, 'lookupAfterMs: is "5", must be milliseconds, 0 or more'],
    [{ settleMs: NaN }, 'settleMs: is NaN, must be milliseconds, 0 or more'],
    [{ closeWithinMs: Infinity }, 'closeWithinMs: is Infinity, must be milliseconds, 0 or more'],
    [
      { generateId: 'bot-1' },
      'generateId: is "bot-1", must be a function that gives a client order id',
    ],
    [{ random: 0.5 }, 'random: is 0.5, must be a function that gives a number from 0 to below 1'],
    [
      { clock: { now: Date.now, monotonic: Date.now } },
      'clock.setTimer: is missing; it must be a function',
    ],
    [
      { journal: { append: () => undefined, open: () => undefined, close: () => undefined } },
      'journal.read: is missing; it must be a function',
    ],
    [
      { shareBudget: { exchange: () => undefined, throttled: () => undefined } },
      'shareBudget.close: is missing; it must be a function',
    ],
    [
      { shareBudget: 'host' },
      'shareBudget: is "host", must be "process", "machine", or a source of leases',
    ],
  ])('%j is refused by name', async (more, problem) => {
    expect(await problems(more)).toEqual([problem]);
  });

  it('are each read once: what was looked at is what is used', async () => {
    let reads = 0;
    const options = Object.defineProperty(right(), 'limits', {
      enumerable: true,
      get: () => ((reads += 1) === 1 ? { maxContracts: 1 } : undefined),
    });
    const broker = await createBroker(options as never);
    expect([reads, broker.limits]).toEqual([1, { maxContracts: 1 }]);
    await broker.close();
  });

  it('that can not be read are refused by name', async () => {
    const thrower = { enumerable: true, get: boom };
    await expect(
      createBroker(Object.defineProperty(right(), 'limits', thrower) as never),
    ).rejects.toMatchObject({ problems: ["limits: can't be read (boom)"] });
    await expect(
      createBroker(
        Object.defineProperty(right(), 'adapter', {
          enumerable: true,
          value: Object.defineProperty({}, 'kind', thrower),
        }) as never,
      ),
    ).rejects.toMatchObject({ problems: ["adapter: can't be read (boom)"] });
    await expect(
      start({ routing: Object.defineProperty({}, 'version', thrower) }),
    ).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
    for (const odd of [
      undefined,
      null,
      5,
      'x',
      new Proxy({}, { ownKeys: boom, get: boom }),
      new Proxy({}, { ownKeys: boom, get: boom, has: boom }),
    ])
      await expect(createBroker(odd as never)).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
    const blind = new Proxy({}, { has: boom });
    await expect(start({ routing: blind })).rejects.toMatchObject({
      problems: ["routing: can't be read (boom)"],
    });
    await expect(createBroker({ config: {}, registry: blind } as never)).rejects.toMatchObject({
      problems: ["registry: can't be read (boom)"],
    });
    await expect(start({ signal: Object.create(AbortSignal.prototype) })).rejects.toMatchObject({
      problems: ['signal: is of type object, must be an AbortSignal'],
    });
  });

  it('are copied: a change of the object afterwards changes no limit', async () => {
    const limits = { maxContracts: 1 };
    const broker = await start({ limits });
    limits.maxContracts = 100;
    expect(
      await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 2 }),
    ).toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await broker.close();
  });

  it('beside a config file are only those that no file can hold', async () => {
    const registry = createRegistry();
    await expect(
      createBroker({ registry, config: {}, limits: {}, logger: {} } as never),
    ).rejects.toMatchObject({
      problems: ['limits: stands in the config, not beside it', 'logger: is no field here'],
    });
    await expect(createBroker({ config: 5, registry: undefined } as never)).rejects.toMatchObject({
      problems: [
        'registry: is undefined, must be a registry, from createRegistry()',
        'config: is 5, must be the path of a JSON file, or what would stand in it',
      ],
    });
  });
});

describe('limits', () => {
  it.each(['17:00', '00:00', '09:30'])(
    'with hours from %s to just that are refused with what to write',
    async (at) => {
      const limits = { tradingHours: { from: at, to: at, timeZone: 'America/Chicago' } };
      const problem =
        'is the same as from, which is no span of time; leave tradingHours out to trade round the clock';
      expect(await problems({ limits })).toEqual([`limits.tradingHours.to: ${problem}`]);
      const broker = await start({ limits: {} });
      expect(() => broker.setLimits(limits)).toThrow(`tradingHours.to: ${problem}`);
      await broker.close();
    },
  );

  it('that allow nothing are refused', async () => {
    expect(await problems({ limits: { symbols: [] } })).toEqual([
      'limits.symbols: names nothing that may be traded; leave it out to trade everything',
    ]);
  });

  it('under a name that no order is counted under are refused, at the start and later', async () => {
    for (const name of ['MNQZ6', 'CON.F.US.MNQ.Z26', 'mnq']) {
      const limits = { maxContractsPerSymbol: { [name]: 2 } };
      expect(await problems({ limits })).toEqual([
        `limits.maxContractsPerSymbol.${name}: the limit is by root; give it for "MNQ"`,
      ]);
      const broker = await start({ limits: {} });
      expect(() => broker.setLimits(limits)).toThrow('the limit is by root; give it for "MNQ"');
      await broker.close();
    }
  });
});
