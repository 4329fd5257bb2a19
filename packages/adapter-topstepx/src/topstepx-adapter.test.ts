import type { AdapterContext, Clock, Delivery } from '@hotpath/core';
import { silentLogger } from '@hotpath/core';
import { createManualClock } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { TopstepxAdapter } from './topstepx-adapter.ts';
import { topstepxLogin } from './topstepx-login.ts';
import { topstepxOptionsSchema } from './topstepx-options.ts';

/** A clock that knows how many timers are set. */
function countingClock(): Clock & { readonly timers: Set<object> } {
  const clock = createManualClock();
  const timers = new Set<object>();
  return {
    timers,
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimer(afterMs, fire) {
      const timer = clock.setTimer(afterMs, fire);
      const own = { cancel: () => (timers.delete(own), timer.cancel()) };
      timers.add(own);
      return own;
    },
  };
}

const answered = (body: object): Delivery => ({
  stage: 'answered',
  bytes: 'all',
  marks: { queued: 0, written: 0, firstByte: 0, end: 0 },
  answer: {
    status: 200,
    headers: {},
    body: new TextEncoder().encode(
      JSON.stringify({ success: true, errorCode: 0, errorMessage: null, ...body }),
    ),
  },
});
const account = {
  id: 700_001,
  name: 'PRAC-V2-1001',
  balance: 50_000,
  canTrade: true,
  isVisible: true,
  simulated: true,
};
const contract = {
  id: 'CON.F.US.MNQ.Z26',
  name: 'MNQZ6',
  description: 'Micro',
  tickSize: 0.25,
  tickValue: 0.5,
  activeContract: true,
  symbolId: 'F.US.MNQ',
};

interface Asked {
  readonly path: string;
  answer(delivery: Delivery): void;
}

function connecting(clock: Clock): {
  readonly adapter: TopstepxAdapter;
  readonly asked: Asked[];
  readonly context: AdapterContext;
} {
  const asked: Asked[] = [];
  const login = topstepxLogin({ userName: 'demo', apiKey: 'demo-key' });
  const adapter = new TopstepxAdapter(
    topstepxOptionsSchema.parse({ account: 'PRAC-V2-1001', baseUrl: 'http://127.0.0.1:1' }),
    login,
    clock,
  );
  const context: AdapterContext = {
    send: (request) =>
      new Promise((resolve) => asked.push({ path: request.template.path, answer: resolve })),
    throttled: () => undefined,
    evidence: () => undefined,
    clock,
    random: () => 0.5,
    log: silentLogger,
  };
  return { adapter, asked, context };
}

it('that is closed while it connects leaves nothing behind, whatever still comes', async () => {
  const clock = countingClock();
  const { adapter, asked, context } = connecting(clock);
  const connected = adapter.connect(context);
  for (const body of [{ token: 'token-1' }, { accounts: [account] }]) {
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    asked.pop()?.answer(answered(body));
  }
  await expect.poll(() => asked.map(({ path }) => path)).toEqual(['/api/Contract/available']);
  await adapter.close();
  asked.pop()?.answer(answered({ contracts: [contract] }));
  await expect(connected).rejects.toMatchObject({ code: 'VENUE_UNREACHABLE' });
  expect(clock.timers.size).toBe(0);
});

it('connects when it is told to once more, under the token that it has', async () => {
  const clock = countingClock();
  const { adapter, asked, context } = connecting(clock);
  const first = adapter.connect(context);
  await expect.poll(() => asked.length).toBe(1);
  asked.pop()?.answer(answered({ token: 'token-1' }));
  await expect.poll(() => asked.length).toBe(1);
  asked.pop()?.answer({
    stage: 'sent',
    bytes: 'all',
    failure: { code: 'RESET', message: 'fast: The connection was reset before an answer came.' },
    marks: { queued: 0, written: 0, firstByte: undefined, end: 0 },
  });
  await expect(first).rejects.toMatchObject({
    code: 'VENUE_UNREACHABLE',
    message:
      'http://127.0.0.1:1/api/Account/search: fast: The connection was reset before an answer came.',
  });
  const again = adapter.connect(context);
  for (const [path, body] of [
    ['/api/Account/search', { accounts: [account] }],
    ['/api/Contract/available', { contracts: [contract] }],
  ] as const) {
    await expect.poll(() => asked.map((each) => each.path)).toEqual([path]);
    asked.pop()?.answer(answered(body));
  }
  await again;
  expect(adapter.account.name).toBe('PRAC-V2-1001');
  await adapter.close();
  expect(clock.timers.size).toBe(0);
});
