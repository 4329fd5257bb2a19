import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as adapterHere from '@hotpath/adapter-topstepx';
import * as here from '@hotpath/core';
import * as fastHere from '@hotpath/executor-fast';
import { startGateway } from '@hotpath/gateway-sim';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SecondCopy } from './second-copy.ts';
import { installSecondCopy } from './second-copy.ts';

let copy: SecondCopy;
let other: typeof here;
let adapterOfOther: typeof adapterHere;
let fastOfOther: typeof fastHere;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-copies-'));
  copy = installSecondCopy(['adapter-topstepx', 'executor-fast']);
  other = await copy.load<typeof here>('core');
  adapterOfOther = await copy.load<typeof adapterHere>('adapter-topstepx');
  fastOfOther = await copy.load<typeof fastHere>('executor-fast');
}, 120_000);

afterAll(() => {
  copy.remove();
  rmSync(folder, { recursive: true, force: true });
});

const {
  HotpathError,
  InvalidOptionsError,
  AdapterError,
  ExecutorError,
  JournalError,
  NotAvailableError,
  ReadError,
} = here;
const errorClasses = {
  HotpathError,
  InvalidOptionsError,
  AdapterError,
  ExecutorError,
  JournalError,
  NotAvailableError,
  ReadError,
};
/** The names of our classes that take a value for theirs, by each way of asking. */
const knownBy = (
  ask: (errorClass: (typeof errorClasses)[keyof typeof errorClasses]) => boolean,
): string[] => Object.entries(errorClasses).flatMap(([name, each]) => (ask(each) ? [name] : []));
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const routing = { version: 1, salt: 's', default: { fast: 100 } } as const;

interface Line {
  readonly level: string;
  readonly message: string;
  readonly copies?: readonly { readonly version: string; readonly path: string }[];
  readonly cure?: string;
}

/** A logger and what it was given. */
function kept(): { readonly log: here.Logger; readonly aboutCopies: () => Line[] } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, ...fields });
  return {
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    aboutCopies: () => lines.filter(({ message }) => message.includes('copy of @hotpath/core')),
  };
}

async function thrownBy(make: () => unknown): Promise<unknown> {
  try {
    await make();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('with a second copy of core in the process', () => {
  it('knows the errors of either by `is` and by instanceof, and tells the classes apart', () => {
    const made = {
      InvalidOptionsError: new other.InvalidOptionsError('subject', ['field: problem']),
      AdapterError: new other.AdapterError('LOGIN_FAILED', ''),
      ExecutorError: new other.ExecutorError('CONNECT_FAILED', ''),
      JournalError: new other.JournalError('JOURNAL_LOCKED', ''),
      NotAvailableError: new other.NotAvailableError('this', 'that'),
      ReadError: new other.ReadError('UNREACHABLE', ''),
    };
    expect(other.ReadError).not.toBe(here.ReadError);
    for (const [name, error] of Object.entries(made)) {
      expect(knownBy((each) => each.is(error))).toEqual(['HotpathError', name]);
      expect(knownBy((each) => error instanceof each)).toEqual(['HotpathError', name]);
    }
    for (const stranger of [
      new Error('x'),
      { isHotpathError: true, name: 'ReadError' },
      undefined,
      'ReadError',
    ]) {
      expect(knownBy((each) => each.is(stranger) || stranger instanceof each)).toEqual([]);
    }
  });

  it.each(['the adapter', 'the executor', 'both'])(
    'trades, reads and gets out with %s of the other copy',
    async (what) => {
      await using gateway = await startGateway({ priceStepMs: 0 });
      const { topstepx } = what === 'the executor' ? adapterHere : adapterOfOther;
      const { fastExecutor } = what === 'the adapter' ? fastHere : fastOfOther;
      const broker = await here.createBroker({
        adapter: topstepx({
          userName: 'demo',
          apiKey: 'demo-key',
          account: 'PRAC-V2-1001',
          baseUrl: gateway.url,
        }),
        executors: { fast: fastExecutor() },
        routing,
        journal: other.fileJournal(join(folder, `${what.replace(' ', '-')}.journal`)),
      });
      const resting = await broker.placeLimitOrder({ ...market, limitPrice: 10_000 });
      if (resting.kind !== 'accepted') throw new Error(resting.message);
      expect(await broker.cancelOrder({ orderId: resting.orderId })).toMatchObject({
        kind: 'accepted',
        became: 'cancelled',
      });
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'accepted',
        executor: 'fast',
      });
      expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
        kind: 'accepted',
        became: 'flat',
      });
      expect(await broker.getOpenOrders({ fresh: true })).toEqual([]);
      await broker.close();
    },
  );

  it('keeps the code of a read that the adapter of the other copy could not make', async () => {
    const gateway = await startGateway({ priceStepMs: 0 });
    const broker = await here.createBroker({
      adapter: adapterOfOther.topstepx({
        userName: 'demo',
        apiKey: 'demo-key',
        account: 'PRAC-V2-1001',
        baseUrl: gateway.url,
        readTimeoutMs: 500,
      }),
      executors: { fast: fastHere.fastExecutor() },
      routing,
      journal: here.memoryJournal(),
    });
    await gateway.close();
    const error = await thrownBy(() => broker.getOpenOrders({ fresh: true }));
    expect(here.ReadError.is(error) && error.code).toBe('UNREACHABLE');
    await broker.close();
  });

  it('names the options at fault of plugins that the other copy registered, all at once', async () => {
    const registry = other
      .createRegistry()
      .use(adapterOfOther.topstepx)
      .use(fastOfOther.fastExecutor);
    const config = {
      version: 1,
      adapter: { use: 'topstepx', options: { account: '' } },
      executors: { fast: { use: 'fast', options: { connections: 0 } } },
      routing,
      journal: { memory: true },
    } as const;
    const error = await thrownBy(() => here.createBroker({ registry, config }));
    expect(here.InvalidOptionsError.is(error) && error.problems).toEqual([
      expect.stringMatching(/^adapter\.options\.account: /),
      expect.stringMatching(/^executors\.fast\.options\.connections: /),
    ]);
  });

  it('says so once, with both versions, where each lies and what to do, to a log that is heard', async () => {
    await using gateway = await startGateway({ priceStepMs: 0 });
    const start = async (log?: here.Logger): Promise<void> => {
      const adapter = adapterHere.topstepx({
        userName: 'demo',
        apiKey: 'demo-key',
        account: 'PRAC-V2-1001',
        baseUrl: gateway.url,
      });
      const broker = await here.createBroker({
        adapter,
        executors: { fast: fastHere.fastExecutor() },
        routing,
        journal: here.memoryJournal(),
        log,
      });
      await broker.close();
    };
    await start();
    const first = kept();
    await start(first.log);
    const [line, ...more] = first.aboutCopies();
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: 'warn', cure: expect.stringContaining('npm dedupe') });
    expect(line?.copies).toEqual([
      {
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        path: expect.stringMatching(/packages[/\\]core[/\\]$/),
      },
      {
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        path: expect.stringMatching(/hotpath-second-copy-.*[/\\]core[/\\]$/),
      },
    ]);
    const second = kept();
    await start(second.log);
    expect(second.aboutCopies()).toEqual([]);
  });
});
