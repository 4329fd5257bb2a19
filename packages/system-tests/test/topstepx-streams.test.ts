import { topstepxLogin } from '@hotpath/adapter-topstepx';
import type { Evidence } from '@hotpath/core';
import type { GatewayOptions } from '@hotpath/gateway-sim';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectedAdapter, Trial } from './topstepx-trial.ts';
import { startTrial } from './topstepx-trial.ts';

let trial: Trial;
afterEach(() => trial.stop());

const kinds = (evidence: readonly Evidence[]): string[] => evidence.map(({ of }) => of);
const count = (evidence: readonly Evidence[], of: Evidence['of']): number =>
  evidence.filter((item) => item.of === of).length;
const gaps = (evidence: readonly Evidence[]) => evidence.filter((item) => item.of === 'stream-gap');

async function live(options: GatewayOptions = {}): Promise<ConnectedAdapter> {
  trial = await startTrial(options);
  const connected = await trial.connect();
  connected.adapter.openStreams?.();
  await trial.until(() => connected.evidence.length > 0);
  expect(connected.evidence).toEqual([
    { of: 'stream-live', stream: 'orders', at: expect.any(Number) },
  ]);
  return connected;
}

describe.each(['wrapped', 'flat'] as const)('the user hub, payloads %s', (hubPayloads) => {
  it('tells an order, its fill, its position and the account', async () => {
    const { evidence } = await live({ hubPayloads });
    await trial.place({ customTag: 'by-hand' });
    await trial.until(
      () =>
        count(evidence, 'position') > 0 &&
        count(evidence, 'trade') > 0 &&
        count(evidence, 'account') > 0,
    );
    expect(evidence.findLast((item) => item.of === 'order')).toMatchObject({
      order: {
        clientOrderId: 'by-hand',
        status: 'filled',
        side: 'buy',
        type: 'market',
        quantity: 1,
        filledQuantity: 1,
        averagePrice: 24_000.25,
        asOf: trial.clock.now(),
      },
    });
    expect(evidence.find((item) => item.of === 'trade')).toMatchObject({
      trade: {
        side: 'buy',
        quantity: 1,
        price: 24_000.25,
        profitAndLoss: undefined,
        voided: false,
      },
    });
    expect(evidence.find((item) => item.of === 'position')).toMatchObject({
      position: { side: 'buy', quantity: 1, averagePrice: 24_000.25 },
    });
    expect(evidence.find((item) => item.of === 'account')).toMatchObject({
      account: { id: '700001', name: 'PRAC-V2-1001', canTrade: true },
    });
    await trial.place({ side: 1 });
    await trial.until(() =>
      evidence.some((item) => item.of === 'position' && item.position === undefined),
    );
  });
});

describe('a hub that drops', () => {
  it('is told at once as a gap since the last sign of life, and comes back subscribed', async () => {
    const { evidence } = await live();
    const before = trial.clock.now();
    await trial.pass(3000);
    trial.gateway.dropHubs('user');
    await trial.until(() => count(evidence, 'stream-live') === 2);
    expect(kinds(evidence)).toEqual(['stream-live', 'stream-gap', 'stream-live']);
    // Nothing was heard since the subscription: what happened from there on may be lost.
    expect(gaps(evidence)[0]).toMatchObject({
      stream: 'orders',
      because: expect.stringContaining('closed'),
    });
    expect(gaps(evidence)[0]?.at).toBeLessThanOrEqual(before);
    await trial.place();
    await trial.until(() => count(evidence, 'order') > 0);
  });

  it('is tried again without end, ever more slowly, while the venue is away for two minutes', async () => {
    const { evidence, log } = await live();
    const id = trial.gateway.faults.add({ fault: { kind: 'refuse' } });
    trial.gateway.dropHubs();
    await trial.pass(120_000, 500);
    expect(kinds(evidence)).toEqual(['stream-live', 'stream-gap']);
    const tries = log.lines.filter((line) => line.startsWith('a hub could not be reached')).length;
    expect(tries).toBeGreaterThan(4);
    // One a second would be 120: reconnect storms were answered with 429.
    expect(tries).toBeLessThan(20);
    trial.gateway.faults.remove(id);
    await trial.until(() => count(evidence, 'stream-live') === 2, 500);
  });

  it('is reached again after refused upgrades', async () => {
    const { evidence } = await live();
    trial.gateway.faults.add({
      endpoint: 'hubs/user',
      count: 3,
      fault: { kind: 'status', status: 503 },
    });
    trial.gateway.dropHubs('user');
    await trial.until(() => count(evidence, 'stream-live') === 2, 200);
    expect(trial.gateway.faults.counts()).toEqual({ 'fault-1': { matched: 4, struck: 3 } });
  });
});

describe('the watchdog', () => {
  it('lets an idle hub be: its pings are life enough', async () => {
    const { evidence } = await live();
    await trial.pass(10 * 60_000, 5000);
    expect(kinds(evidence)).toEqual(['stream-live']);
  });

  it('asks a hub that does not even ping, and leaves it when it answers', async () => {
    const { evidence } = await live({ hubKeepAliveMs: 0 });
    await trial.pass(5 * 60_000, 5000);
    expect(kinds(evidence)).toEqual(['stream-live']);
  });

  it('leaves a hub that says nothing any more, within a minute', async () => {
    const { evidence } = await live();
    trial.gateway.faults.add({
      hub: 'user',
      event: 'GatewayUserOrder',
      count: 1,
      fault: { kind: 'hub-mute' },
    });
    await trial.place();
    const mutedAt = trial.clock.now();
    await trial.until(() => count(evidence, 'stream-live') === 2, 1000);
    expect(trial.clock.now() - mutedAt).toBeLessThan(60_000);
    expect(gaps(evidence)[0]?.at).toBeLessThanOrEqual(mutedAt);
    await trial.place();
    await trial.until(() => count(evidence, 'order') > 0);
  });

  it('notices an accepted order of which no event tells', async () => {
    const { adapter, evidence } = await live();
    trial.gateway.faults.add({
      hub: 'user',
      event: 'GatewayUserOrder',
      fault: { kind: 'event-drop' },
    });
    const answer = new TextEncoder().encode(
      '{"orderId":3400000001,"success":true,"errorCode":0,"errorMessage":null}',
    );
    expect(adapter.decode('place', { status: 200, headers: {}, body: answer })).toMatchObject({
      is: 'accepted',
    });
    await trial.until(() => count(evidence, 'stream-live') === 2, 500);
    expect(gaps(evidence)).toEqual([
      expect.objectContaining({ because: expect.stringContaining('3400000001') }),
    ]);
  });
});

describe('faulty events', () => {
  it('that come twice or out of order are all handed on', async () => {
    const { evidence } = await live();
    trial.gateway.faults.add({
      hub: 'user',
      event: 'GatewayUserOrder',
      count: 1,
      fault: { kind: 'event-duplicate' },
    });
    trial.gateway.faults.add({
      hub: 'user',
      event: 'GatewayUserTrade',
      count: 1,
      fault: { kind: 'event-reorder' },
    });
    await trial.place();
    await trial.until(() => count(evidence, 'trade') === 1);
    const statuses = evidence.map((item) => (item.of === 'order' ? item.order.status : item.of));
    // The first order event twice, and the trade behind the order's end that came after it.
    expect(statuses.slice(0, 5)).toEqual(['stream-live', 'pending', 'pending', 'filled', 'trade']);
  });
});

describe('one login of several accounts', () => {
  it('has one hub, and each account its own events', async () => {
    trial = await startTrial();
    const login = topstepxLogin({ userName: 'demo', apiKey: 'demo-key' });
    const first = await trial.connect({ login });
    const second = await trial.connect({ login, account: '50KTC-V2-1002' });
    for (const { adapter } of [first, second]) adapter.openStreams?.();
    await trial.until(
      () => count(first.evidence, 'stream-live') + count(second.evidence, 'stream-live') === 2,
    );
    // One login and one hub for both.
    expect(
      [...first.paths, ...second.paths].filter((path) => path === '/api/Auth/loginKey'),
    ).toHaveLength(1);
    expect(
      [...first.log.lines, ...second.log.lines].filter((line) =>
        line.startsWith('a hub is connected'),
      ),
    ).toHaveLength(1);
    await trial.place({ accountId: 700_002 });
    await trial.until(() => count(second.evidence, 'position') > 0);
    expect(kinds(first.evidence)).toEqual(['stream-live']);
    // Leaving one leaves the other.
    await first.close();
    await trial.place({ accountId: 700_002 });
    await trial.until(() => count(second.evidence, 'order') > 2);
    trial.gateway.dropHubs();
    await trial.until(() => count(second.evidence, 'stream-live') === 2);
    expect(kinds(first.evidence)).toEqual(['stream-live']);
  });
});

describe('a hub that neither takes nor refuses the connection', () => {
  it('is given up and tried again', async () => {
    const { evidence, log } = await live();
    trial.gateway.faults.add({
      endpoint: 'hubs/user',
      count: 2,
      fault: { kind: 'stall', at: 'before-accepting' },
    });
    trial.gateway.dropHubs();
    await trial.until(() => count(evidence, 'stream-live') === 2, 1000);
    expect(
      log.lines.filter((line) => line.includes('connecting took longer than 30000 ms')),
    ).toHaveLength(2);
  });
});

describe('over TLS', () => {
  it('a hub is reached whose certificate the author trusts', async () => {
    trial = await startTrial({ tls: true });
    const { certificate } = trial.gateway;
    const { adapter, evidence } = await trial.connect({ tls: { ca: certificate } });
    adapter.openStreams?.();
    await trial.until(() => count(evidence, 'stream-live') === 1);
    expect(kinds(evidence)).toEqual(['stream-live']);
  });
});

describe('secrets', () => {
  it('stay out of log and evidence, also when hub and login fail', async () => {
    const { evidence, log } = await live({ users: [{ userName: 'demo', apiKey: 'demo-key' }] });
    trial.gateway.faults.add({
      endpoint: 'hubs/*',
      count: 4,
      fault: { kind: 'status', status: 401 },
    });
    trial.gateway.revokeTokens();
    trial.gateway.dropHubs();
    await trial.until(() => count(evidence, 'stream-live') === 2, 500);
    const said = log.lines.join('\n') + JSON.stringify(evidence);
    expect(said).toContain('a hub could not be reached');
    expect(said).not.toMatch(/demo-key|access_token|Bearer|eyJ/);
  });
});
