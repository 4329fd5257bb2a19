import { systemClock } from '@hotpath/core';
import { createManualClock } from '@hotpath/core/testing';
import { startGateway } from '@hotpath/gateway-sim';
import { expect, it } from 'vitest';
import { topstepxLogin } from '../topstepx-login.ts';
import { topstepx } from '../topstepx.ts';
import { topstepxOptionsSchema } from '../topstepx-options.ts';
import { loadSimulator } from './load-simulator.ts';
import { openPaperAdapter } from './open-paper-adapter.ts';
import { paperAccountOf } from './paper-account.ts';
import { paperClock } from './paper-clock.ts';

const login = topstepxLogin({ userName: 'a', apiKey: 'b' });
const paper = topstepxOptionsSchema.parse({ account: 'A', mode: 'paper' });

it('trades for real unless it is told otherwise, and says what is wrong with an account on paper', () => {
  expect(topstepxOptionsSchema.parse({ account: 'A' }).mode).toBe('live');
  expect(paper.paper).toEqual({
    balance: 50_000,
    bracketMode: 'position',
    stateFile: undefined,
    session: 'topstep',
    symbols: [],
    quoteMaxAgeMs: 10_000,
    quoteWaitMs: 10_000,
  });
  expect(() => topstepx({ account: 'A', mode: 'papre' as 'paper' })).toThrow(/mode/);
  expect(() => topstepx({ account: 'A', mode: 'paper', paper: { balance: -1 } })).toThrow(
    /paper\.balance/,
  );
  expect(() => topstepx({ account: 'A', mode: 'paper', paper: { ballance: 1 } as never })).toThrow(
    /paper.*ballance/s,
  );
});

it('names what to install when the simulator is not there', async () => {
  const missing = Object.assign(new Error("Cannot find package '@hotpath/gateway-sim'"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  const opening = openPaperAdapter(paper, login, systemClock, () => Promise.reject(missing));
  await expect(opening).rejects.toMatchObject({
    code: 'PACKAGE_MISSING',
    message: expect.stringContaining('npm install @hotpath/gateway-sim') as unknown,
    cause: missing,
  });
  await expect(loadSimulator()).resolves.toHaveProperty('startGateway');
});

it('says so when the simulator is too old to take quotes from outside, and leaves none running', async () => {
  let closed = 0;
  const old = {
    startGateway: async () => {
      const gateway = await startGateway();
      return { ...gateway, feed: undefined, close: () => ((closed += 1), gateway.close()) };
    },
  };
  await expect(
    openPaperAdapter(paper, login, systemClock, () => Promise.resolve(old)),
  ).rejects.toMatchObject({
    code: 'PACKAGE_MISSING',
    message: expect.stringContaining('newer') as unknown,
  });
  expect(closed).toBe(1);
});

it("has the same account at each start, another one for another account or venue, and never an id of the venue's", () => {
  const id = (origin: string, account: string): number => paperAccountOf(origin, account).id;
  expect(id('https://api.topstepx.com', 'A')).toBe(id('https://api.topstepx.com', 'A'));
  expect(
    new Set([
      id('https://api.topstepx.com', 'A'),
      id('https://api.topstepx.com', 'B'),
      id('https://api.other.example', 'A'),
    ]).size,
  ).toBe(3);
  expect(id('https://api.topstepx.com', 'A')).toBeGreaterThan(1_999_999_999);
  expect(id('https://api.topstepx.com', 'A')).toBeLessThan(2 ** 31);
});

it("lets the simulator live by the broker's clock", () => {
  const clock = createManualClock(1_000);
  const seen: number[] = [];
  const ticking = paperClock(clock).every(100, () => seen.push(clock.now()));
  clock.advance(350);
  ticking.cancel();
  clock.advance(350);
  expect(seen).toEqual([1_100, 1_200, 1_300]);
  expect(paperClock(clock).now()).toBe(1_700);
});
