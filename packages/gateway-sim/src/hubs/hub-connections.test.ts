import type { HubConnection } from '@microsoft/signalr';
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { GatewayOptions, ManualGatewayClock } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

const connections: HubConnection[] = [];
afterEach(
  async () =>
    void (await Promise.all(connections.splice(0).map((connection) => connection.stop()))),
);

const quiet = (): GatewayOptions & { readonly clock: ManualGatewayClock } => ({
  clock: manualGatewayClock(Date.UTC(2026, 8, 21, 14)),
  priceStepMs: 0,
});
async function connect(url: string, token: string): Promise<HubConnection> {
  const connection = new HubConnectionBuilder()
    .withUrl(`${url}/hubs/user?access_token=${token}`, {
      skipNegotiation: true,
      transport: HttpTransportType.WebSockets,
    })
    .configureLogging(LogLevel.None)
    .build();
  connections.push(connection);
  await connection.start();
  return connection;
}
/** What becomes of a bare WebSocket. */
function outcome(url: string, token: string): Promise<string> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/hubs/user?access_token=${token}`);
  return new Promise((resolve) => {
    socket.on('open', () => (socket.terminate(), resolve('open')));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('faults of the upgrade', () => {
  it.each([
    [{ kind: 'status', status: 503 } as const, 'Unexpected server response: 503'],
    [{ kind: 'status', status: 401 } as const, 'Unexpected server response: 401'],
    [{ kind: 'reset', at: 'before-reading' } as const, 'ECONNRESET'],
    [{ kind: 'reset', at: 'after-reading' } as const, 'ECONNRESET'],
  ])('%j is seen as %s, and the next one opens', async (fault, seen) => {
    await using gateway = await startGateway(quiet());
    const { token } = await gatewayClient(gateway);
    gateway.faults.add({ endpoint: 'hubs/user', count: 1, fault });
    expect([await outcome(gateway.url, token), await outcome(gateway.url, token)]).toEqual([
      seen,
      'open',
    ]);
  });

  it('hold it back', async () => {
    const { clock, ...options } = quiet();
    await using gateway = await startGateway({ clock, ...options });
    const { token } = await gatewayClient(gateway);
    gateway.faults.add({
      id: 'slow',
      endpoint: 'hubs/user',
      fault: { kind: 'stall', at: 'before-accepting', forMs: 22_000 },
    });
    const opened = outcome(gateway.url, token);
    await expect.poll(() => gateway.faults.counts()['slow']?.struck).toBe(1);
    clock.advance(22_000);
    expect(await opened).toBe('open');
  });
});

describe('a connection whose token ends', () => {
  it('goes on by default', async () => {
    await using gateway = await startGateway(quiet());
    const connection = await connect(gateway.url, (await gatewayClient(gateway)).token);
    gateway.revokeTokens();
    expect(await connection.invoke('SubscribeAccounts')).toBeNull();
  });

  it('says so once, by option', async () => {
    await using gateway = await startGateway({ ...quiet(), hubTokenEnd: 'logout-event' });
    const connection = await connect(gateway.url, (await gatewayClient(gateway)).token);
    let told = 0;
    connection.on('GatewayLogout', () => void (told += 1));
    gateway.revokeTokens();
    gateway.revokeTokens();
    await connection.invoke('SubscribeAccounts');
    expect(told).toBe(1);
  });

  it('is closed with the next ping after an expiry, by option, and cannot come back with that token', async () => {
    const { clock, ...options } = quiet();
    await using gateway = await startGateway({ clock, ...options, hubTokenEnd: 'closed' });
    const { token } = await gatewayClient(gateway);
    const connection = await connect(gateway.url, token);
    const closed = new Promise<string>((resolve) =>
      connection.onclose((error) => resolve(String(error?.message))),
    );
    clock.advance(86_400_000 - 1000);
    await connection.invoke('SubscribeAccounts');
    clock.advance(15_000);
    expect(await closed).toMatch(/The token has ended\./);
    expect(await outcome(gateway.url, token)).toBe('Unexpected server response: 401');
  });
});
