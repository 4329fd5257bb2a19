import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Evidence, OrderId } from '@hotpath/core';
import { Redactor, silentLogger } from '@hotpath/core';
import type { ManualClock } from '@hotpath/core/testing';
import { createManualClock } from '@hotpath/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { BareHub, BareHubOptions } from '../testing/bare-hub.ts';
import { startBareHub } from '../testing/bare-hub.ts';
import { UserHub } from './user-hub.ts';

const order = {
  id: 3_400_000_001,
  accountId: 700_001,
  contractId: 'CON.F.US.MNQ.Z26',
  creationTimestamp: '2026-09-21T14:00:00Z',
  status: 1,
  type: 1,
  side: 0,
  size: 1,
};
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

interface Trial {
  readonly hub: BareHub;
  readonly user: UserHub;
  readonly clock: ManualClock;
  readonly seen: Evidence[];
  readonly doubts: () => number;
  readonly listener: { readonly accountId: string; evidence(item: Evidence): void };
  until(holds: () => boolean, stepMs?: number): Promise<void>;
}

async function start(options: BareHubOptions = {}): Promise<Trial> {
  const hub = await startBareHub(options);
  const clock = createManualClock();
  const seen: Evidence[] = [];
  const texts = new Redactor();
  let [tokens, doubts] = [0, 0];
  const token = (): Promise<string> => {
    const given = `token-${(tokens += 1)}`;
    texts.add(given);
    return Promise.resolve(given);
  };
  const user = new UserHub({
    url: hub.url,
    clock,
    random: () => 0.5,
    log: silentLogger,
    texts,
    token,
    doubtToken: () => void (doubts += 1),
  });
  const listener = { accountId: '700001', evidence: (item: Evidence) => void seen.push(item) };
  user.add(listener);
  opened.push(async () => {
    user.close();
    await hub.close();
  });
  const holdsAfter = (holds: () => boolean, stepMs: number): boolean => {
    clock.advance(stepMs);
    return holds();
  };
  const until = async (holds: () => boolean, stepMs = 0): Promise<void> => {
    await expect.poll(() => holdsAfter(holds, stepMs), { timeout: 15_000, interval: 2 }).toBe(true);
  };
  return { hub, user, clock, seen, doubts: () => doubts, listener, until };
}
const kinds = ({ seen }: Trial): string[] => seen.map(({ of }) => of);
const count = (trial: Trial, of: Evidence['of']): number =>
  kinds(trial).filter((kind) => kind === of).length;
async function startLive(options: BareHubOptions = {}): Promise<Trial> {
  const trial = await start(options);
  await trial.until(() => count(trial, 'stream-live') === 1);
  return trial;
}

describe('a connection', () => {
  it('carries the token in the query, a fresh one each time', async () => {
    const trial = await startLive();
    trial.hub.send('{"type":7,"error":"Connection closed with an error.","allowReconnect":true}');
    await trial.until(() => count(trial, 'stream-live') === 2, 50);
    expect(trial.hub.tokens).toEqual(['token-1', 'token-2']);
    expect(trial.seen[1]).toMatchObject({
      of: 'stream-gap',
      because: expect.stringContaining('Connection closed with an error.'),
    });
  });

  it('that ends with words which repeat the token tells them without it', async () => {
    const trial = await startLive();
    trial.hub.send('{"type":7,"error":"no session for token-1 any more","allowReconnect":true}');
    await trial.until(() => count(trial, 'stream-live') === 2, 50);
    expect(trial.seen[1]).toMatchObject({
      of: 'stream-gap',
      because: expect.stringContaining('no session for [redacted] any more'),
    });
  });

  it('whose handshake is not answered is given up and made again', async () => {
    let connections = 0;
    const trial = await start({ answersHandshake: () => (connections += 1) > 1 });
    await trial.until(() => connections === 1);
    await trial.until(() => count(trial, 'stream-live') === 1, 500);
    expect(connections).toBe(2);
    expect(kinds(trial)).toEqual(['stream-live']);
  });

  it('is live only when every subscription is confirmed; one that is refused is told and asked for again', async () => {
    let refusals = 0;
    const trial = await start({
      refuse: (method) =>
        method === 'SubscribeTrades' && (refusals += 1) <= 2 ? 'HubException: not now' : undefined,
    });
    await trial.until(() => count(trial, 'stream-live') === 1, 1000);
    expect(kinds(trial)).toEqual(['stream-gap', 'stream-gap', 'stream-live']);
    expect(trial.seen[0]).toMatchObject({ because: expect.stringContaining('not now') });
    expect(trial.hub.tokens).toHaveLength(1);
  });

  it('on which a subscription is never confirmed is made again', async () => {
    let calls = 0;
    const trial = await start({
      refuse: (method) =>
        method === 'SubscribeOrders' && (calls += 1) === 1 ? 'silent' : undefined,
    });
    await trial.until(() => count(trial, 'stream-live') === 1, 500);
    expect(trial.hub.tokens).toHaveLength(2);
  });

  it('ends with the session the venue logs out, and doubts the token', async () => {
    const trial = await startLive();
    trial.hub.event('GatewayLogout', {});
    await trial.until(() => count(trial, 'stream-live') === 2, 50);
    expect(trial.doubts()).toBe(1);
  });
});

describe('a socket', () => {
  /** Takes connections and says nothing; how many there are, and have been. */
  async function startSilent(): Promise<{
    readonly url: URL;
    readonly open: () => number;
    readonly made: () => number;
  }> {
    let [open, made] = [0, 0];
    const server = createServer((socket) => {
      [open, made] = [open + 1, made + 1];
      socket
        .on('error', () => undefined)
        .on('close', () => (open -= 1))
        .resume();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.push(async () => {
      server.close();
      await once(server, 'close');
    });
    const address = server.address();
    return {
      url: new URL(
        `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
      ),
      open: () => open,
      made: () => made,
    };
  }
  const userOf = (url: URL, clock: ManualClock): UserHub =>
    new UserHub({
      url,
      clock,
      random: () => 0.5,
      log: silentLogger,
      texts: new Redactor(),
      token: () => Promise.resolve('token'),
      doubtToken: () => undefined,
    });

  it('that is still being opened ends with the hub', async () => {
    const silent = await startSilent();
    const user = userOf(silent.url, createManualClock());
    user.add({ accountId: '1', evidence: () => undefined });
    await expect.poll(silent.open).toBe(1);
    user.close();
    await expect.poll(silent.open).toBe(0);
  });

  it('that takes too long to open ends with its try', async () => {
    const silent = await startSilent();
    const clock = createManualClock();
    const user = userOf(silent.url, clock);
    user.add({ accountId: '1', evidence: () => undefined });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await expect
        .poll(() => (clock.advance(silent.made() < attempt ? 1000 : 0), silent.made()))
        .toBe(attempt);
      clock.advance(31_000);
      await expect.poll(silent.open).toBe(0);
    }
    user.close();
  });
});

describe('events', () => {
  it('are read however their record is written', async () => {
    const trial = await startLive();
    trial.hub.send(
      JSON.stringify({
        arguments: [{ action: 1, data: order }],
        target: 'GatewayUserOrder',
        type: 1,
      }),
    );
    trial.hub.send(
      JSON.stringify({ type: 1, headers: {}, target: 'GatewayUserOrder', arguments: [order] }),
    );
    trial.hub.event('GatewayUserOrder', [
      null,
      order,
      { action: 2, data: { ...order, status: 3 } },
    ]);
    trial.hub.event('GatewayUserSomething', order);
    trial.hub.send(
      '{"type":1,"target":"GatewayUserOrder","arguments":[{"action":1,"data":{"id":9223372036854775807,"accountId":700001,"contractId":"C","creationTimestamp":"2026-09-21T14:00:00.1234567Z","status":1,"type":1,"side":1,"size":1}}]}',
    );
    await trial.until(() => count(trial, 'order') === 5);
    expect(trial.seen.at(-1)).toMatchObject({ order: { orderId: '9223372036854775807' } });
    expect(count(trial, 'stream-gap')).toBe(0);
  });

  it('that cannot be read are a gap that is over at once, told at most twice a minute; those beside them are read', async () => {
    const trial = await startLive();
    trial.hub.event('GatewayUserOrder', [{ ...order, side: 9 }, order]);
    await trial.until(() => count(trial, 'order') === 1 && count(trial, 'stream-live') === 2);
    expect(kinds(trial)).toEqual(['stream-live', 'order', 'stream-gap', 'stream-live']);
    for (let bad = 0; bad < 20; bad += 1)
      trial.hub.send('{"type":1,"target":"GatewayUserTrade","arguments":[{"id":}]}');
    trial.hub.event('GatewayUserOrder', order);
    await trial.until(() => count(trial, 'order') === 2);
    expect(count(trial, 'stream-gap')).toBe(1);
    await trial.until(() => count(trial, 'stream-live') === 3, 1000);
    expect(count(trial, 'stream-gap')).toBe(2);
    expect(trial.hub.tokens).toHaveLength(1);
  });

  it('are not disturbed by records that are no messages', async () => {
    const trial = await startLive();
    for (const record of [
      '',
      'x',
      '{',
      '[]',
      'null',
      '5',
      '{"type":"1"}',
      '{"type":99}',
      '{"type":3}',
      '{"type":6}',
      '{"type":1}',
      '{"type":1,"target":""}',
    ])
      trial.hub.send(record);
    trial.hub.event('GatewayUserOrder', order);
    await trial.until(() => count(trial, 'order') === 1);
    expect(trial.hub.tokens).toHaveLength(1);
  });

  it('of other accounts, and of an account that left, go nowhere', async () => {
    const trial = await startLive();
    trial.hub.event('GatewayUserOrder', { ...order, accountId: 700_002 });
    trial.hub.event('GatewayUserAccount', { id: 700_002, name: 'B', balance: 1, canTrade: true });
    trial.hub.event('GatewayUserOrder', order);
    await trial.until(() => count(trial, 'order') === 1);
    expect(kinds(trial)).toEqual(['stream-live', 'order']);
    expect(trial.user.remove(trial.listener)).toBe(true);
  });

  it('that came before the answer of their order are remembered', async () => {
    const trial = await startLive();
    trial.hub.event('GatewayUserOrder', order);
    await trial.until(() => count(trial, 'order') === 1);
    trial.user.expectOrder(trial.listener, '3400000001' as OrderId);
    trial.clock.advance(15_000);
    expect(count(trial, 'stream-gap')).toBe(0);
    trial.user.expectOrder(trial.listener, '3400000002' as OrderId);
    trial.clock.advance(15_000);
    await trial.until(() => count(trial, 'stream-live') === 2, 50);
  });

  it('that never tell of orders do not cost the connection each time: what they hide is a gap that is over at once', async () => {
    const trial = await startLive();
    for (let minute = 0; minute < 20; minute += 1) {
      const before = count(trial, 'stream-live');
      trial.user.expectOrder(trial.listener, String(3_400_000_100 + minute) as OrderId);
      await trial.until(() => count(trial, 'stream-live') > before, 1000);
      trial.clock.advance(45_000);
      await trial.until(() => count(trial, 'stream-live') > count(trial, 'stream-gap'), 1000);
    }
    expect(count(trial, 'stream-gap')).toBeGreaterThanOrEqual(20);
    // About once in the 1st, 2nd, 4th, 8th and 16th minute.
    expect(trial.hub.tokens.length).toBeLessThan(8);
    trial.hub.event('GatewayUserOrder', order);
    await trial.until(() => count(trial, 'order') === 1);
    const connections = trial.hub.tokens.length;
    trial.user.expectOrder(trial.listener, '3400000999' as OrderId);
    await trial.until(() => trial.hub.tokens.length > connections, 1000);
  });
});
