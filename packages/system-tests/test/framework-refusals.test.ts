import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type Key = 'fast' | 'fallback';
const title = 'One or more validation errors occurred.';
let gateway: Gateway;
let proxy: Server;
/** Paths that the framework before the gateway refuses, and what it says of which fields. */
let refused: Map<string, Record<string, string[]>>;
const open: Broker[] = [];

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await textOf(request);
  const errors = refused.get(request.url ?? '');
  if (errors)
    return void response.writeHead(400, { 'content-type': 'application/problem+json' }).end(
      JSON.stringify({
        type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
        title,
        status: 400,
        errors,
      }),
    );
  const answer = await fetch(`${gateway.url}${request.url}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      authorization: request.headers.authorization ?? '',
    },
  });
  response
    .writeHead(answer.status, { 'content-type': 'application/json' })
    .end(await answer.text());
}

beforeEach(async () => {
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
  refused = new Map();
  proxy = createServer((request, response) => void forward(request, response));
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});
afterEach(async () => {
  for (const broker of open.splice(0)) await broker.close();
  proxy.closeAllConnections();
  proxy.close();
  await gateway.close();
});

async function connect(key: Key): Promise<Broker<Key>> {
  const baseUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl,
      rtcUrl: gateway.url,
    }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: {
      version: 1,
      salt: 'test',
      default: { fast: key === 'fast' ? 100 : 0, fallback: key === 'fast' ? 0 : 100 },
    },
    journal: memoryJournal(),
    startWithinMs: 0,
  });
  open.push(broker);
  return broker;
}
const convert = (field: string): string =>
  `The JSON value could not be converted to System.Int32. Path: $.${field} | LineNumber: 0 | BytePositionInLine: 14.`;
const limit = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 20_000 } as const;

describe.each<Key>(['fast', 'fallback'])(
  'a request that the framework of the gateway can not read, over the %s executor',
  (key) => {
    it('is rejected with the field that it names', async () => {
      const broker = await connect(key);
      const resting = await broker.placeLimitOrder(limit);
      if (resting.kind !== 'accepted') throw new Error(resting.message);
      const { orderId } = resting;
      // Something to close.
      expect(
        await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }),
      ).toMatchObject({ kind: 'accepted' });
      await expect.poll(async () => (await broker.getPositions({ fresh: true })).length).toBe(1);
      const told = (gatewayField: string, field: string | undefined) => ({
        kind: 'rejected',
        code: 'MALFORMED',
        venueCode: 400,
        field,
        message: `HTTP 400: $.${gatewayField}: ${convert(gatewayField)}`,
      });
      refused.set('/api/Order/place', { '$.size': [convert('size')] });
      expect(await broker.placeLimitOrder({ ...limit, clientOrderId: 'malformed' })).toMatchObject(
        told('size', 'quantity'),
      );
      // The account is the adapter's: no field of the call.
      for (const path of [
        'Order/modify',
        'Order/cancel',
        'Position/closeContract',
        'Position/partialCloseContract',
      ])
        refused.set(`/api/${path}`, { '$.accountId': [convert('accountId')] });
      expect(await broker.modifyOrder({ orderId, quantity: 2 })).toMatchObject(
        told('accountId', undefined),
      );
      expect(await broker.cancelOrder({ orderId })).toMatchObject(told('accountId', undefined));
      expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject(
        told('accountId', undefined),
      );
      expect(inspect(await broker.explain('malformed'), { depth: 9 })).toContain('$.size');
    });

    it('fails a read with the field that it names, bars and searches among them', async () => {
      const broker = await connect(key);
      const reads = {
        'Account/search': () => broker.getAccount(),
        'Contract/search': () => broker.searchContracts('MNQ'),
        'History/retrieveBars': () =>
          broker.getBars({
            symbol: 'MNQ',
            unit: 'minute',
            from: Date.now() - 3_600_000,
            to: Date.now(),
          }),
        'Position/searchOpen': () => broker.getPositions({ fresh: true }),
        'Trade/search': () => broker.getTrades({ from: Date.now() - 3_600_000 }),
      };
      for (const [path, read] of Object.entries(reads)) {
        refused.set(`/api/${path}`, { live: ['The live field is required.'] });
        await expect(read()).rejects.toMatchObject({
          name: expect.any(String),
          status: 400,
          message: expect.stringMatching(
            new RegExp(`/api/${path}: .*HTTP 400: live: The live field is required\\.$`),
          ),
        });
      }
    });

    it('ends a start with the field that it names', async () => {
      refused.set('/api/Auth/loginKey', { '$.userName': [convert('userName')] });
      await expect(connect(key)).rejects.toThrow(`$.userName: ${convert('userName')}`);
    });
  },
);
