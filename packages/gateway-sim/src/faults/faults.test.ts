import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRule, Gateway, ManualGatewayClock } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';

// Seen from clients that know nothing of the code behind it: fetch, raw sockets and curl.
const run = promisify(execFile);
const accountId = 700_001;
type Fields = Record<string, unknown>;
let clock: ManualGatewayClock;
let gateway: Gateway;
let token: string;
let contractId: string;

async function post(
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<{ status: number; text: string; headers: Headers; fields: Fields }> {
  const response = await fetch(`${gateway.url}/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    headers: response.headers,
    fields: text.startsWith('{') && text.endsWith('}') ? (JSON.parse(text) as Fields) : {},
  };
}
const order = (customTag?: string): Fields => ({
  accountId,
  contractId,
  type: 1,
  side: 0,
  size: 1,
  limitPrice: 23000,
  customTag: customTag ?? null,
});
const place = (customTag?: string, signal?: AbortSignal) =>
  post('Order/place', order(customTag), signal);
const placed = (): (string | null)[] => gateway.truth().orders.map(({ customTag }) => customTag);
const on = (fault: FaultRule['fault'], more: Partial<FaultRule> = {}): string =>
  gateway.faults.add({ endpoint: 'Order/place', ...more, fault });

/** Sends bytes as they are, and gives what came and how it ended. */
async function raw(request: string): Promise<{ received: string; ended: string }> {
  const socket = connect(gateway.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString()));
  const ended = new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once('end', () => resolve('end'));
  });
  socket.write(request);
  const how = await ended;
  socket.destroy();
  return { received, ended: how };
}
const rawPlace = (customTag: string, contentLength?: number): string => {
  const body = JSON.stringify(order(customTag));
  return `POST /api/Order/place HTTP/1.1\r\nhost: sim\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${contentLength ?? body.length}\r\n\r\n${contentLength === undefined ? body : ''}`;
};

beforeEach(async () => {
  clock = manualGatewayClock();
  gateway = await startGateway({ clock, priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
  token = String(
    (await post('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' })).fields['token'],
  );
  const { fields } = await post('Contract/search', { searchText: 'MNQ', live: false });
  contractId = String((fields['contracts'] as Fields[])[0]?.['id']);
});
afterEach(() => gateway.close());

describe('connections', () => {
  it('are refused, the open ones reset, until the time is over', async () => {
    const open = connect(gateway.port, '127.0.0.1');
    open.write('GET /api/Status/ping HTTP/1.1\r\nhost: sim\r\n\r\n');
    await once(open, 'data');
    const ended = once(open, 'error').then(([error]) => (error as NodeJS.ErrnoException).code);
    gateway.faults.add({ fault: { kind: 'refuse', forMs: 5000 } });
    expect(await ended).toBe('ECONNRESET');
    expect(await raw(rawPlace('a'))).toEqual({ received: '', ended: 'ECONNREFUSED' });
    clock.advance(5000);
    await expect
      .poll(() =>
        place('b').then(
          ({ status }) => status,
          () => 'down',
        ),
      )
      .toBe(200);
    expect(placed()).toEqual(['b']);
  });

  it('are refused until the rule is removed, and curl sees it', async () => {
    const id = gateway.faults.add({ fault: { kind: 'refuse' } });
    await expect(run('curl', ['-s', `${gateway.url}/api/Status/ping`])).rejects.toMatchObject({
      code: 7,
    });
    gateway.faults.remove(id);
    await expect
      .poll(() =>
        run('curl', ['-s', `${gateway.url}/api/Status/ping`]).then(
          ({ stdout }) => stdout,
          () => '',
        ),
      )
      .toBe('"pong"');
  });

  it('are reset when they are made', async () => {
    gateway.faults.add({ fault: { kind: 'reset', at: 'connect' } });
    expect(await raw(rawPlace('a'))).toEqual({ received: '', ended: 'ECONNRESET' });
    expect(placed()).toEqual([]);
  });
});

describe('resets', () => {
  it('come before the body is read: it need not even be sent', async () => {
    on({ kind: 'reset', at: 'before-reading' });
    expect(await raw(rawPlace('a', 1000))).toEqual({ received: '', ended: 'ECONNRESET' });
  });

  it.each([
    ['after-reading', []],
    ['after-accepting', ['a']],
  ] as const)('come %s', async (at, orders) => {
    on({ kind: 'reset', at });
    expect(await raw(rawPlace('a'))).toEqual({ received: '', ended: 'ECONNRESET' });
    expect(placed()).toEqual(orders);
  });

  it('come in the middle of the answer', async () => {
    on({ kind: 'reset', at: 'mid-answer' });
    const { received, ended } = await raw(rawPlace('a'));
    expect(ended).toBe('ECONNRESET');
    expect(received).toMatch(/^HTTP\/1.1 200 OK/);
    expect(received).toMatch(/\{"orderId":\d+,[^}]*$/);
    expect(placed()).toEqual(['a']);
    await expect(place('b')).rejects.toThrow(/terminated|fetch failed/);
  });
});

describe('stalls', () => {
  it.each([
    ['before-accepting', []],
    ['after-accepting', ['a']],
  ] as const)('last for ever %s', async (at, orders) => {
    const id = on({ kind: 'stall', at });
    const controller = new AbortController();
    const waiting = place('a', controller.signal);
    await expect.poll(() => gateway.faults.counts()[id]?.struck).toBe(1);
    clock.advance(3_600_000);
    expect(placed()).toEqual(orders);
    controller.abort();
    await expect(waiting).rejects.toThrow(/abort/);
  });

  it.each([
    ['before-accepting', []],
    ['after-accepting', ['a']],
  ] as const)('last for a time %s, and end with the answer', async (at, meanwhile) => {
    const id = on({ kind: 'stall', at, forMs: 2000 });
    const waiting = place('a');
    await expect.poll(() => gateway.faults.counts()[id]?.struck).toBe(1);
    expect(placed()).toEqual(meanwhile);
    clock.advance(2000);
    expect(await waiting).toMatchObject({ status: 200, fields: { success: true } });
    expect(placed()).toEqual(['a']);
  });
});

describe('statuses', () => {
  it.each(
    [500, 502, 503].flatMap((status) => [
      [status, 'before-accepting', []] as const,
      [status, 'after-accepting', ['a']] as const,
    ]),
  )('%d %s', async (status, at, orders) => {
    on({ kind: 'status', status, at });
    expect(await place('a')).toMatchObject({ status, text: '' });
    expect(placed()).toEqual(orders);
  });

  it('401 out of the blue, with a token that is good', async () => {
    on({ kind: 'status', status: 401 }, { count: 1 });
    expect(await place('a')).toMatchObject({ status: 401, text: '' });
    expect(await place('a')).toMatchObject({ status: 200 });
  });

  it('429 with and without Retry-After', async () => {
    on({ kind: 'status', status: 429, retryAfter: 7 }, { nth: 1 });
    on({ kind: 'status', status: 429 }, { count: 1 });
    expect((await place('a')).headers.get('retry-after')).toBe('7');
    const bare = await place('a');
    expect([bare.status, bare.headers.get('retry-after')]).toEqual([429, null]);
  });

  it('a page in place of JSON, seen by curl', async () => {
    gateway.faults.add({
      endpoint: 'Status/ping',
      fault: { kind: 'status', status: 503, body: '<h1>Down</h1>' },
    });
    const { stdout } = await run('curl', [
      '-s',
      '-w',
      ' %{http_code} %{content_type}',
      `${gateway.url}/api/Status/ping`,
    ]);
    expect(stdout).toBe('<h1>Down</h1> 503 text/html');
  });
});

describe('bodies', () => {
  it.each([
    ['empty', /^$/],
    ['truncated', /^\{"orderId":\d+,[^}]*$/],
    ['html', /^<html>/],
    ['wrong-types', /^\{"orderId":"n\d+","success":true/],
    ['missing-payload', /^\{"success":true,"errorCode":0,"errorMessage":null\}$/],
    ['null-payload', /^\{"orderId":null,"success":true/],
  ] as const)('are %s, and the order is there', async (form, shape) => {
    on({ kind: 'body', form });
    const { status, text } = await place('a');
    expect(status).toBe(200);
    expect(text).toMatch(shape);
    expect(placed()).toEqual(['a']);
  });

  it('leave out a list, or have null in its place', async () => {
    on({ kind: 'body', form: 'missing-payload' }, { endpoint: 'Order/searchOpen', nth: 1 });
    on({ kind: 'body', form: 'null-payload' }, { endpoint: 'Order/searchOpen', count: 1 });
    expect((await post('Order/searchOpen', { accountId })).fields).toEqual({
      success: true,
      errorCode: 0,
      errorMessage: null,
    });
    expect((await post('Order/searchOpen', { accountId })).fields).toEqual({
      orders: null,
      success: true,
      errorCode: 0,
      errorMessage: null,
    });
    expect((await post('Order/searchOpen', { accountId })).fields).toMatchObject({ orders: [] });
  });

  it('trickle', async () => {
    const id = on({ kind: 'slow', bytes: 10, everyMs: 1000 });
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write(rawPlace('a'));
    await expect.poll(() => gateway.faults.counts()[id]?.struck).toBe(1);
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/\r\n\r\n$/);
    clock.advance(1000);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toBe('{"orderId"');
    let rest = '';
    socket.on('data', (chunk: Buffer) => (rest += chunk.toString()));
    clock.advance(60_000);
    await expect.poll(() => rest).toMatch(/"errorMessage":null\}$/);
    socket.destroy();
  });

  it('refuse with any code and text, before or after accepting', async () => {
    on({ kind: 'answer', errorCode: 7, errorMessage: 'later' }, { nth: 1 });
    on({ kind: 'answer', errorCode: 6, at: 'after-accepting' }, { count: 1 });
    expect((await place('a')).fields).toEqual({
      orderId: null,
      success: false,
      errorCode: 7,
      errorMessage: 'later',
    });
    expect((await place('b')).fields).toEqual({
      orderId: gateway.truth().orders[0]?.id,
      success: false,
      errorCode: 6,
      errorMessage: null,
    });
    expect(placed()).toEqual(['b']);
  });
});

describe('delayed acceptance', () => {
  it.each([500, 502, 503] as const)(
    'answers %d at once, and only later takes the order and its tag',
    async (answer) => {
      on({ kind: 'delay', byMs: 5000, answer }, { count: 1 });
      expect((await place('late')).status).toBe(answer);
      clock.advance(4999);
      expect(placed()).toEqual([]);
      clock.advance(1);
      expect(placed()).toEqual(['late']);
      expect((await place('late')).fields).toMatchObject({
        success: false,
        errorMessage: 'Specified custom tag is already in use',
      });
    },
  );

  it('gives the tag to whoever comes first: the late order is then the one refused', async () => {
    on({ kind: 'delay', byMs: 5000, answer: 'reset' }, { count: 1 });
    await expect(place('once')).rejects.toThrow('fetch failed');
    expect((await place('once')).fields).toMatchObject({ success: true });
    clock.advance(5000);
    expect(placed()).toEqual(['once']);
    expect(gateway.truth().duplicateTags).toEqual({ once: 1 });
  });

  it('holds the answer back meanwhile', async () => {
    const id = on({ kind: 'delay', byMs: 5000 });
    const waiting = place('late');
    await expect.poll(() => gateway.faults.counts()[id]?.struck).toBe(1);
    expect(placed()).toEqual([]);
    clock.advance(5000);
    expect((await waiting).fields).toMatchObject({ success: true });
  });
});

it('skews the clock in Date, in rows, and in what it takes a time to mean', async () => {
  await place('a');
  clock.advance(60_000);
  gateway.faults.add({ fault: { kind: 'clock-skew', byMs: 3_600_000 } });
  const { headers, fields } = await post('Order/search', {
    accountId,
    startTimestamp: '2026-09-21T15:00:00Z',
  });
  expect(headers.get('date')).toBe('Mon, 21 Sep 2026 15:01:00 GMT');
  expect(fields['orders']).toEqual([
    expect.objectContaining({ creationTimestamp: '2026-09-21T15:00:00+00:00' }),
  ]);
  expect(
    (await post('Order/search', { accountId, startTimestamp: '2026-09-21T15:00:01Z' })).fields,
  ).toMatchObject({ orders: [] });
});

describe('rules', () => {
  it('strike one account, the nth call, and so many times', async () => {
    const id = on({ kind: 'status', status: 500 }, { accountId: 700_002, count: 1 });
    expect((await place('a')).status).toBe(200);
    const other = () => post('Order/place', { ...order(), accountId: 700_002 });
    expect([(await other()).status, (await other()).status]).toEqual([500, 200]);
    expect(gateway.faults.counts()).toEqual({ [id]: { matched: 2, struck: 1 } });
    gateway.faults.clear();
    gateway.faults.add({ endpoint: 'order/*', fault: { kind: 'status', status: 502 }, nth: 3 });
    const statuses = [
      (await place()).status,
      (await post('Order/searchOpen', { accountId })).status,
      (await place()).status,
      (await place()).status,
    ];
    expect(statuses).toEqual([200, 200, 502, 200]);
  });

  it('strike by chance, the same calls for the same seed', async () => {
    const pattern = async (seed: number): Promise<string> => {
      gateway.faults.clear();
      gateway.faults.add({
        id: 'chance',
        endpoint: 'Status/ping',
        probability: 0.3,
        seed,
        fault: { kind: 'status', status: 500 },
      });
      let seen = '';
      for (let index = 0; index < 60; index += 1)
        seen += (await fetch(`${gateway.url}/api/Status/ping`)).ok ? '.' : 'x';
      return seen;
    };
    const first = await pattern(1);
    expect(await pattern(1)).toBe(first);
    expect(await pattern(2)).not.toBe(first);
    expect(first).toContain('x');
    expect(first).toContain('.');
  });

  it.each([
    [
      { endpoint: 'Order/plac', fault: { kind: 'status', status: 500 } },
      /endpoint is "Order\/plac", must be one of .*Order\/place/,
    ],
    [
      { accountId, fault: { kind: 'reset', at: 'before-reading' } },
      /accountId cannot be known yet/,
    ],
    [{ probability: 2, fault: { kind: 'hub-drop' } }, /probability/],
    [
      { endpoint: 'Order/place', fault: { kind: 'event-drop' } },
      /endpoint goes with faults of requests/,
    ],
    [{ hub: 'user', fault: { kind: 'slow' } }, /hub and event go with faults of hubs/],
    [{ nth: 1, fault: { kind: 'refuse' } }, /listens or does not/],
  ] as [FaultRule, RegExp][])('that cannot be meant are refused: %j', (rule, text) => {
    expect(() => gateway.faults.add(rule)).toThrow(text);
  });

  it('come from the options, and a reset arms them again', async () => {
    await using sim = await startGateway({
      faults: [{ endpoint: 'Status/ping', count: 1, fault: { kind: 'status', status: 500 } }],
    });
    const ping = async (): Promise<number> => (await fetch(`${sim.url}/api/Status/ping`)).status;
    expect([await ping(), await ping()]).toEqual([500, 200]);
    sim.reset();
    expect([await ping(), await ping()]).toEqual([500, 200]);
  });

  it('are added, listed and removed over HTTP while the gateway runs', async () => {
    const url = `${gateway.url}/sim/faults`;
    const control = async (
      method: string,
      path = '',
      body?: unknown,
    ): Promise<{ status: number; fields: Fields }> => {
      const response = await fetch(`${url}${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, fields: (await response.json()) as Fields };
    };
    expect(
      await control('POST', '', {
        id: 'mine',
        endpoint: 'Order/place',
        fault: { kind: 'status', status: 500 },
      }),
    ).toEqual({ status: 200, fields: { id: 'mine' } });
    expect((await place()).status).toBe(500);
    expect((await control('GET')).fields).toEqual({
      faults: [
        {
          id: 'mine',
          endpoint: 'Order/place',
          fault: { kind: 'status', status: 500 },
          matched: 1,
          struck: 1,
        },
      ],
    });
    expect(await control('POST', '', { fault: { kind: 'status', status: 'x' } })).toMatchObject({
      status: 400,
      fields: { error: expect.stringContaining('fault.status') },
    });
    expect(await control('POST', '', { fault: { kind: 'refuse' } })).toMatchObject({
      status: 400,
      fields: { error: expect.stringContaining('forMs') },
    });
    expect(await control('DELETE', '/other')).toMatchObject({ status: 404 });
    expect(await control('DELETE', '/mine')).toEqual({ status: 200, fields: { faults: [] } });
    await control('POST', '', { fault: { kind: 'status', status: 500 } });
    expect((await control('DELETE')).fields).toEqual({ faults: [] });
    expect((await place()).status).toBe(200);
  });
});
