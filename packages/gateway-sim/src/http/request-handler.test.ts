import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { TokenDesk } from '../auth/token-desk.ts';
import { systemGatewayClock } from '../clock.ts';
import { FaultBook } from '../faults/fault-book.ts';
import { listen, stopListening } from './listen.ts';
import { createRequestHandler } from './request-handler.ts';

it('answers 500 when it fails itself, and goes on', async () => {
  const handler = createRequestHandler({
    clock: systemGatewayClock,
    tokens: new TokenDesk(1000),
    faults: new FaultBook(1, [], () => undefined),
    route: () => ({
      path: 'Order/place',
      needsToken: false,
      takesBody: true,
      bucket: 'everything-else',
      handle: () => {
        throw new Error('out of ink');
      },
    }),
    limiter: () => undefined,
    retryAfter: undefined,
    log: undefined,
    rules: { trailingSlash: true, contentTypes: false, pingNeedsToken: false },
    waits: () => ({ requestMs: () => 0, answerMs: () => 0, answerWaitMs: () => 0 }),
    traceId: () => '00-1-1-00',
    sim: undefined,
  });
  const server = createServer(handler);
  const port = await listen(server, 0, '127.0.0.1');
  try {
    for (let count = 0; count < 2; count += 1) {
      const response = await fetch(`http://127.0.0.1:${port}/api/Order/place`, {
        method: 'POST',
        body: '{}',
      });
      expect([response.status, await response.text()]).toEqual([
        500,
        expect.stringMatching(/^The simulator failed: Error: out of ink/),
      ]);
    }
  } finally {
    await stopListening(server);
  }
});
