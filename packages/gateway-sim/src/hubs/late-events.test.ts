import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { describe, expect, it } from 'vitest';
import { manualGatewayClock, startGateway } from '../index.ts';
import { gatewayClient } from '../testing/gateway-client.ts';
import { hubTap } from '../testing/hub-tap.ts';

const steady = {
  priceStepMs: 0,
  replay: { MNQ: { kind: 'ticks' as const, csv: 'price\n24000\n' } },
  rateLimit: { everythingElse: 'off' as const },
};

describe('events that come late', () => {
  it('stay in order, and tell what was so when they happened', async () => {
    const clock = manualGatewayClock();
    await using gateway = await startGateway({
      ...steady,
      clock,
      latency: {
        eventMs: [
          [0, 1],
          [100, 80],
        ],
      },
      events: { repeatAccountMs: 0 },
    });
    const client = await gatewayClient(gateway);
    await using tap = await hubTap(gateway, client.token, 'user');
    await client.place({});
    await client.place({ size: 2 });
    await tap.settled();
    expect(tap.told()).toEqual([]);
    clock.advance(200);
    await tap.settled();
    const one = ['order 6', 'trade at 24000.25, result none', 'order 2'];
    expect(tap.told()).toEqual([...one, 'position 1', 'account', ...one, 'position 3', 'account']);
    expect(tap.records[4]).toContain('"balance":49999.39,');
  });

  it('are overtaken when they are of positions and later still', async () => {
    const clock = manualGatewayClock();
    await using gateway = await startGateway({
      ...steady,
      clock,
      latency: { eventMs: 10, positionEventMs: 500 },
      events: { repeatAccountMs: 0 },
    });
    const client = await gatewayClient(gateway);
    await using tap = await hubTap(gateway, client.token, 'user');
    await client.place({});
    clock.advance(10);
    await client.place({ side: 1 });
    clock.advance(10);
    await tap.settled();
    expect(tap.told().filter((each) => each.startsWith('position'))).toEqual([]);
    clock.advance(500);
    await tap.settled();
    expect(tap.told().slice(-2)).toEqual(['position 1', 'position 0']);
  });
});

describe('an answer', () => {
  /** What a client reads first, over many orders: the answer of a place, or its first event. */
  async function firsts(answer: 'first' | 'last' | 'drawn'): Promise<string[]> {
    await using gateway = await startGateway({ ...steady, events: { answer } });
    const client = await gatewayClient(gateway);
    const connection = new HubConnectionBuilder()
      .withUrl(`${gateway.url}/hubs/user?access_token=${client.token}`, {
        skipNegotiation: true,
        transport: HttpTransportType.WebSockets,
      })
      .configureLogging(LogLevel.None)
      .build();
    let seen: string[] = [];
    connection.on('GatewayUserOrder', () => void seen.push('event'));
    await connection.start();
    await connection.invoke('SubscribeOrders', 700_001);
    const found: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      seen = [];
      await client.place({ type: 1, limitPrice: 23000 });
      seen.push('answer');
      await connection.invoke('UnsubscribeTrades', 1);
      found.push(seen[0] ?? '');
    }
    await connection.stop();
    return found;
  }

  it('comes after its events by option', async () => {
    expect(await firsts('last')).toEqual(Array.from({ length: 12 }, () => 'event'));
  });

  it('comes before them or after, as drawn', async () => {
    // The answer and the event of the first kind leave within one turn, so which is read first is the machine's affair; of the others the event is.
    expect((await firsts('drawn')).filter((each) => each === 'event').length).toBeGreaterThan(1);
  });
});
