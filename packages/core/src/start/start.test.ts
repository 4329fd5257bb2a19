import { describe, expect, it } from 'vitest';
import { AdapterError } from '../errors/adapter-error.ts';
import { JournalError } from '../errors/journal-error.ts';
import { ReadError } from '../errors/read-error.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { PreparedRequest } from '../request.ts';
import { answered, scriptedExecutor } from '../testing/scripted-executor.ts';
import { lost, startOn, unreachable } from '../testing/start-trial.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;

describe('a start whose venue does not answer', () => {
  it.each([
    ['no answer', () => unreachable()],
    ['a read that was not answered', () => new ReadError('UNREACHABLE', 'lost')],
    ['an answer that can not be read', () => new ReadError('UNREADABLE', '<html>')],
    ['a refusal of the read', () => new ReadError('REFUSED', 'HTTP 403')],
    ['a 429', () => new ReadError('THROTTLED', 'too often')],
    ['a refused token', () => new ReadError('UNAUTHORIZED', 'HTTP 401')],
    ['a spent budget', () => new ReadError('BUDGET_EXHAUSTED', 'no room')],
  ])('gets over %s', async (_what, error) => {
    const trial = startOn(lost(3, error));
    await (await trial.ended()).close();
    expect(trial.connects()).toBe(4);
  });

  it('pauses longer each time, up to two seconds, and tells what it waits for', async () => {
    const at: number[] = [];
    const trial = startOn((index) => {
      at.push(trial.clock.monotonic());
      return lost(8)(index);
    });
    await trial.pass(0);
    expect(trial.handle).toMatchObject({
      address: 'http://127.0.0.1:1',
      attempts: 1,
      reason: 'The login failed: no answer.',
      state: 'starting',
      isHalted: false,
      since: expect.any(Number),
    });
    await (await trial.ended(1)).close();
    const pauses = at.slice(1).map((each, index) => each - (at[index] ?? 0));
    expect(pauses.slice(0, 5)).toEqual([188, 375, 750, 1_500, 1_500]);
    expect(trial.handle).toMatchObject({ attempts: 9, reason: undefined, state: 'started' });
  });

  it('ends at its limit with how long it tried, how often, and the last reason', async () => {
    const trial = startOn(lost(Infinity), { startWithinMs: 20_000 });
    const error: unknown = await trial.ended().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'VENUE_UNREACHABLE',
      message: expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:1 could not be reached in (19|20) s and \d+ tries: The login failed: no answer\.$/,
      ),
      cause: { code: 'VENUE_UNREACHABLE' },
    });
    expect(trial.handle).toMatchObject({ state: 'failed' });
    expect(trial.clock.monotonic()).toBeLessThan(21_000);
  });

  it('has a minute unless told otherwise', async () => {
    const trial = startOn(lost(Infinity));
    await expect(trial.ended(250)).rejects.toMatchObject({ code: 'VENUE_UNREACHABLE' });
    expect(trial.clock.monotonic()).toBeGreaterThan(58_000);
    expect(trial.clock.monotonic()).toBeLessThan(61_000);
  });

  it('goes on without end when it is told to, though the wall clock is set meanwhile', async () => {
    let isUp = false;
    const trial = startOn(() => (isUp ? Promise.resolve() : Promise.reject(unreachable())), {
      startWithinMs: Infinity,
    });
    await trial.pass(0);
    trial.clock.setWall(Date.UTC(2040, 0));
    for (let hour = 0; hour < 5; hour += 1)
      for (let step = 0; step < 60; step += 1) await trial.pass(60_000);
    expect(trial.handle).toMatchObject({ state: 'starting' });
    isUp = true;
    await (await trial.ended(1_000)).close();
  });

  it('tries once when it is told to', async () => {
    const trial = startOn(lost(Infinity), { startWithinMs: 0 });
    await expect(trial.ended()).rejects.toMatchObject({
      code: 'VENUE_UNREACHABLE',
      message: expect.stringContaining('1 try'),
    });
    expect(trial.connects()).toBe(1);
  });

  it('waits for as long as the venue said, but no longer than half a minute', async () => {
    const throttled = (retryAfterMs: number) =>
      new AdapterError('VENUE_UNREACHABLE', 'too often', {
        cause: new ReadError('THROTTLED', 'too often', { status: 429, retryAfterMs }),
      });
    const brief = startOn(lost(1, () => throttled(5_000)));
    await brief.pass(4_900);
    expect(brief.connects()).toBe(1);
    await brief.pass(200);
    expect(brief.connects()).toBe(2);
    await (await brief.ended()).close();
    const years = startOn(lost(1, () => throttled(1e12)));
    await years.pass(29_000);
    expect(years.connects()).toBe(1);
    await (await years.ended()).close();
    expect(years.clock.monotonic()).toBeLessThan(31_000);
  });

  it('is cut off at its limit though the adapter hangs, with the reason of the try before', async () => {
    const trial = startOn(
      (index) =>
        index === 0
          ? Promise.reject(unreachable('The login failed: a reset.'))
          : new Promise(() => {}),
      { startWithinMs: 10_000 },
    );
    await expect(trial.ended()).rejects.toMatchObject({
      message: expect.stringMatching(/in 10 s and 2 tries: The login failed: a reset\.$/),
    });
    expect(trial.clock.monotonic()).toBeLessThan(11_000);
  });

  it.each([
    ['refused credentials', () => new AdapterError('LOGIN_FAILED', 'no')],
    ['an account that is not there', () => new AdapterError('ACCOUNT_NOT_FOUND', 'no')],
    ['an account that may not trade', () => new AdapterError('ACCOUNT_CANNOT_TRADE', 'no')],
    ['missing credentials', () => new AdapterError('CREDENTIALS_MISSING', 'no')],
    ['a locked journal', () => new JournalError('JOURNAL_LOCKED', 'no')],
    ['a fault of the adapter', () => new TypeError('no')],
  ])('ends at once on %s', async (_what, error) => {
    const trial = startOn(lost(Infinity, error));
    await trial.pass(0);
    await expect(trial.starting).rejects.toThrow('no');
    expect(trial.connects()).toBe(1);
  });

  it('takes a wrong address for one when it is said a second time', async () => {
    const wrong = (): AdapterError => new AdapterError('WRONG_ADDRESS', 'HTTP 404');
    const restarting = startOn(lost(1, wrong));
    await (await restarting.ended()).close();
    const trial = startOn(lost(Infinity, wrong));
    await expect(trial.ended()).rejects.toMatchObject({ code: 'WRONG_ADDRESS' });
    expect(trial.connects()).toBe(2);
  });
});

it('a start keeps its process alive for as long as it waits, and no longer', async () => {
  const keeping = (): number =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = keeping();
  const trial = startOn(lost(Infinity));
  await trial.pass(10);
  expect(keeping()).toBe(before + 1);
  trial.handle?.abort();
  await expect(trial.starting).rejects.toMatchObject({ code: 'START_ABORTED' });
  expect(keeping()).toBe(before);
});

describe('a start that is given up', () => {
  it.each(['before it began', 'while it pauses', 'while the adapter hangs'])(
    'by its signal %s ends with the reason, and closes what it opened',
    async (when) => {
      const closed: string[] = [];
      const aborter = new AbortController();
      if (when === 'before it began') aborter.abort(new Error('shutting down'));
      const trial = startOn(
        when === 'while the adapter hangs' ? () => new Promise(() => {}) : lost(Infinity),
        {
          signal: aborter.signal,
          adapter: { closed: () => void closed.push('adapter') },
          executors: {
            fast: scriptedExecutor(() => answered({}), {
              close: async () => void closed.push('executor'),
            }),
          },
        },
      );
      await trial.pass(10);
      aborter.abort(new Error('shutting down'));
      await expect(trial.starting).rejects.toMatchObject({
        code: 'START_ABORTED',
        cause: { message: 'shutting down' },
        message: expect.stringMatching(
          when === 'while it pauses'
            ? /after 0\.0 s and 1 try\. The last try failed: The login failed: no answer\.$/
            : /^The start was given up after/,
        ),
      });
      expect(closed.toSorted()).toEqual(when === 'before it began' ? [] : ['adapter', 'executor']);
    },
  );

  it('by abort() ends as well, and abort() does nothing once the broker is there', async () => {
    const trial = startOn(lost(Infinity));
    await trial.pass(10);
    trial.handle?.abort();
    await expect(trial.starting).rejects.toMatchObject({ code: 'START_ABORTED' });
    const other = startOn(lost(1));
    const broker = await other.ended();
    other.handle?.abort();
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
    await broker.close();
  });

  it('ends what the adapter has under way, so that nothing is written later', async () => {
    const request: PreparedRequest = {
      template: { operation: 'read', method: 'POST', path: '/login', headers: {} },
      authorization: undefined,
      body: '',
    };
    let signal: AbortSignal | undefined;
    const executor = scriptedExecutor(({ options }) => {
      signal = options.signal;
      return new Promise(() => {});
    });
    const trial = startOn(
      async (_index, context) =>
        void (await context.send(request, { lane: 'read', timeoutMs: 10_000 })),
      { executors: { fast: executor } },
    );
    await trial.pass(10);
    expect(signal?.aborted).toBe(false);
    trial.handle?.abort();
    await expect(trial.starting).rejects.toMatchObject({ code: 'START_ABORTED' });
    expect(signal?.aborted).toBe(true);
  });
});

describe('a halt while the venue is away', () => {
  const records = async (journal: Journal): Promise<JournalRecord[]> => {
    const found: JournalRecord[] = [];
    for await (const record of journal.read()) found.push(record);
    return found;
  };

  it('lets nothing enter once the broker is there, stands in the journal, and takes off what is held', async () => {
    const journal = memoryJournal();
    let positions = 0;
    const trial = startOn(lost(3), {
      journal,
      adapter: { positions: () => ((positions += 1), []) },
    });
    await trial.pass(0);
    trial.handle?.halt();
    expect(trial.handle?.isHalted).toBe(true);
    const broker = await trial.ended();
    expect(broker.isHalted).toBe(true);
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'HALTED',
    });
    expect((await records(journal)).map(({ kind }) => kind)).toContain('halt');
    await trial.pass(0);
    expect(positions).toBeGreaterThan(0);
    await broker.resume();
    expect(trial.handle?.isHalted).toBe(false);
    await broker.close();
  });

  it("of an earlier process is known, and one after the start is the broker's own", async () => {
    const journal = memoryJournal();
    journal.append({ kind: 'halt', at: 1 });
    const halted = startOn(lost(0), { journal });
    await (await halted.ended()).close();
    expect(halted.handle?.isHalted).toBe(true);
    const trial = startOn(lost(0));
    const broker = await trial.ended();
    expect(trial.handle?.halt()).toBe(true);
    expect(broker.isHalted).toBe(true);
    await broker.close();
  });

  it('holds though its line can not be written, and never throws', async () => {
    const journal = {
      ...memoryJournal(),
      append: () => {
        throw new Error('disk full');
      },
    };
    const trial = startOn(lost(1), { journal });
    await trial.pass(0);
    expect(trial.handle?.halt()).toBe(false);
    const broker = await trial.ended();
    expect(broker.isHalted).toBe(true);
    await broker.close();
  });
});

describe('the journal of a start', () => {
  const claimed = (
    scope: string | undefined,
    journal = memoryJournal(),
  ): Journal & { readonly calls: string[] } => {
    const calls: string[] = [];
    return {
      calls,
      prefix: journal.prefix,
      claim: async () => (calls.push('claim'), { scope }),
      open: async () => void calls.push('open'),
      append: (record) => (calls.push(record.kind), journal.append(record)),
      read: () => journal.read(),
      close: async () => void calls.push('close'),
    };
  };

  it('that somebody else holds, or that is damaged, is said before the venue is asked, and is left alone', async () => {
    const journal = {
      ...claimed('here'),
      claim: () => Promise.reject(new JournalError('JOURNAL_LOCKED', 'Another broker holds it.')),
    };
    const trial = startOn(lost(Infinity), { journal });
    await trial.pass(0);
    await expect(trial.starting).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' });
    expect([trial.connects(), trial.handle, journal.calls]).toEqual([0, undefined, []]);
  });

  it('is known while the venue is away: a halt of before, and one that is written at once', async () => {
    const before = memoryJournal();
    before.append({ kind: 'halt', at: 1 });
    const halted = startOn(lost(Infinity), { journal: claimed('here', before) });
    await halted.pass(0);
    expect(halted.handle?.isHalted).toBe(true);
    halted.handle?.abort();
    await expect(halted.starting).rejects.toMatchObject({ code: 'START_ABORTED' });

    const journal = claimed('here');
    const trial = startOn(lost(Infinity), { journal });
    await trial.pass(0);
    expect(trial.handle?.isHalted).toBe(false);
    expect(trial.handle?.halt()).toBe(true);
    expect(journal.calls).toEqual(['claim', 'halt']);
    trial.handle?.abort();
    await expect(trial.starting).rejects.toMatchObject({ code: 'START_ABORTED' });
    expect(journal.calls).toEqual(['claim', 'halt', 'close']);
    expect(trial.handle?.halt()).toBe(false);
  });

  it('that has recorded nothing yet takes a halt as soon as its account is known', async () => {
    const journal = claimed(undefined);
    const trial = startOn(lost(2), { journal });
    await trial.pass(0);
    expect(trial.handle?.halt()).toBe(false);
    const broker = await trial.ended();
    expect(journal.calls).toEqual(['claim', 'open', 'halt']);
    expect(broker.isHalted).toBe(true);
    await broker.close();
  });
});
