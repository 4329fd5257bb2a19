import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { GatewayHttp } from './gateway-http.ts';
import { OrderGuard } from './order-guard.ts';

// The simulator's legs go with their entry; whether the gateway's do is what a run asks.
it('cancels legs that outlive their entry, and none of another bot', async () => {
  let tag = '';
  const legs = new Map([
    [71, 'mine-SL'],
    [72, 'mine-TP'],
    [73, 'theirs-SL'],
  ]);
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { customTag, orderId } = JSON.parse(body) as {
        readonly customTag?: string;
        readonly orderId?: number;
      };
      tag = customTag ?? tag;
      if (request.url === '/api/Order/cancel') legs.delete(orderId ?? 0);
      const orders =
        request.url === '/api/Order/v2/query'
          ? [...legs].map(([id, name]) => ({
              id,
              customTag: name.replace('mine', tag.toUpperCase()),
            }))
          : [];
      response.end(JSON.stringify({ success: true, errorCode: 0, orders, orderId: 70 }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const address = server.address();
    const url = new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    const guard = new OrderGuard(
      new GatewayHttp({ url, paceMs: 0, mostRequests: 50, signal: new AbortController().signal }),
      1,
      1,
    );
    await guard.place({ customTag: guard.newTag(), stopLossBracket: { ticks: -40, type: 4 } });
    expect(await guard.takeBack()).toEqual({ clean: true, filled: 0 });
    expect([...legs.keys()]).toEqual([73]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
