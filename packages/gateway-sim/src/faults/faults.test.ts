import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultTrial, accountId } from '../testing/fault-trial.ts';

const run = promisify(execFile);
const trial = new FaultTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

describe('connections', () => {
  it('are refused, the open ones reset, until the time is over', async () => {
    const open = connect(trial.gateway.port, '127.0.0.1');
    open.write('GET /api/Status/ping HTTP/1.1\r\nhost: sim\r\n\r\n');
    await once(open, 'data');
    const ended = once(open, 'error').then(([error]) => (error as NodeJS.ErrnoException).code);
    trial.gateway.faults.add({ fault: { kind: 'refuse', forMs: 5000 } });
    expect(await ended).toBe('ECONNRESET');
    expect(await trial.raw(trial.rawPlace('a'))).toEqual({ received: '', ended: 'ECONNREFUSED' });
    trial.clock.advance(5000);
    await expect
      .poll(() =>
        trial.place('b').then(
          ({ status }) => status,
          () => 'down',
        ),
      )
      .toBe(200);
    expect(trial.placed()).toEqual(['b']);
  });

  it('are refused until the rule is removed, and curl sees it', async () => {
    const id = trial.gateway.faults.add({ fault: { kind: 'refuse' } });
    await expect(run('curl', ['-s', `${trial.gateway.url}/api/Status/ping`])).rejects.toMatchObject(
      {
        code: 7,
      },
    );
    trial.gateway.faults.remove(id);
    await expect
      .poll(() =>
        run('curl', ['-s', `${trial.gateway.url}/api/Status/ping`]).then(
          ({ stdout }) => stdout,
          () => '',
        ),
      )
      .toBe('"pong"');
  });

  it('are reset when they are made', async () => {
    trial.gateway.faults.add({ fault: { kind: 'reset', at: 'connect' } });
    expect(await trial.raw(trial.rawPlace('a'))).toEqual({ received: '', ended: 'ECONNRESET' });
    expect(trial.placed()).toEqual([]);
  });
});

describe('resets', () => {
  it('come before the body is read: it need not even be sent', async () => {
    trial.on({ kind: 'reset', at: 'before-reading' });
    expect(await trial.raw(trial.rawPlace('a', 1000))).toEqual({
      received: '',
      ended: 'ECONNRESET',
    });
  });

  it.each([
    ['after-reading', []],
    ['after-accepting', ['a']],
  ] as const)('come %s', async (at, orders) => {
    trial.on({ kind: 'reset', at });
    expect(await trial.raw(trial.rawPlace('a'))).toEqual({ received: '', ended: 'ECONNRESET' });
    expect(trial.placed()).toEqual(orders);
  });

  it('come in the middle of the answer', async () => {
    trial.on({ kind: 'reset', at: 'mid-answer' });
    const { received, ended } = await trial.raw(trial.rawPlace('a'));
    expect(ended).toBe('ECONNRESET');
    expect(received).toMatch(/^HTTP\/1.1 200 OK/);
    expect(received).toMatch(/\{"orderId":\d+,[^}]*$/);
    expect(trial.placed()).toEqual(['a']);
    await expect(trial.place('b')).rejects.toThrow(/terminated|fetch failed/);
  });
});

describe('stalls', () => {
  it.each([
    ['before-accepting', []],
    ['after-accepting', ['a']],
  ] as const)('last for ever %s', async (at, orders) => {
    const id = trial.on({ kind: 'stall', at });
    const controller = new AbortController();
    const waiting = trial.place('a', controller.signal);
    await expect.poll(() => trial.gateway.faults.counts()[id]?.struck).toBe(1);
    trial.clock.advance(3_600_000);
    expect(trial.placed()).toEqual(orders);
    controller.abort();
    await expect(waiting).rejects.toThrow(/abort/);
  });

  it.each([
    ['before-accepting', []],
    ['after-accepting', ['a']],
  ] as const)('last for a time %s, and end with the answer', async (at, meanwhile) => {
    const id = trial.on({ kind: 'stall', at, forMs: 2000 });
    const waiting = trial.place('a');
    await expect.poll(() => trial.gateway.faults.counts()[id]?.struck).toBe(1);
    expect(trial.placed()).toEqual(meanwhile);
    trial.clock.advance(2000);
    expect(await waiting).toMatchObject({ status: 200, fields: { success: true } });
    expect(trial.placed()).toEqual(['a']);
  });
});

describe('statuses', () => {
  it.each(
    [500, 502, 503].flatMap((status) => [
      [status, 'before-accepting', []] as const,
      [status, 'after-accepting', ['a']] as const,
    ]),
  )('%d %s', async (status, at, orders) => {
    trial.on({ kind: 'status', status, at });
    expect(await trial.place('a')).toMatchObject({ status, text: '' });
    expect(trial.placed()).toEqual(orders);
  });

  it('401 out of the blue, with a token that is good', async () => {
    trial.on({ kind: 'status', status: 401 }, { count: 1 });
    expect(await trial.place('a')).toMatchObject({ status: 401, text: '' });
    expect(await trial.place('a')).toMatchObject({ status: 200 });
  });

  it('429 with and without Retry-After', async () => {
    trial.on({ kind: 'status', status: 429, retryAfter: 7 }, { nth: 1 });
    trial.on({ kind: 'status', status: 429 }, { count: 1 });
    expect((await trial.place('a')).headers.get('retry-after')).toBe('7');
    const bare = await trial.place('a');
    expect([bare.status, bare.headers.get('retry-after')]).toEqual([429, null]);
  });

  it('a page in place of JSON, seen by curl', async () => {
    trial.gateway.faults.add({
      endpoint: 'Status/ping',
      fault: { kind: 'status', status: 503, body: '<h1>Down</h1>' },
    });
    const { stdout } = await run('curl', [
      '-s',
      '-w',
      ' %{http_code} %{content_type}',
      `${trial.gateway.url}/api/Status/ping`,
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
    trial.on({ kind: 'body', form });
    const { status, text } = await trial.place('a');
    expect(status).toBe(200);
    expect(text).toMatch(shape);
    expect(trial.placed()).toEqual(['a']);
  });

  it('leave out a list, or have null in its place', async () => {
    trial.on({ kind: 'body', form: 'missing-payload' }, { endpoint: 'Order/searchOpen', nth: 1 });
    trial.on({ kind: 'body', form: 'null-payload' }, { endpoint: 'Order/searchOpen', count: 1 });
    expect((await trial.post('Order/searchOpen', { accountId })).fields).toEqual({
      success: true,
      errorCode: 0,
      errorMessage: null,
    });
    expect((await trial.post('Order/searchOpen', { accountId })).fields).toEqual({
      orders: null,
      success: true,
      errorCode: 0,
      errorMessage: null,
    });
    expect((await trial.post('Order/searchOpen', { accountId })).fields).toMatchObject({
      orders: [],
    });
  });

  it('trickle', async () => {
    const id = trial.on({ kind: 'slow', bytes: 10, everyMs: 1000 });
    const socket = connect(trial.gateway.port, '127.0.0.1');
    socket.write(trial.rawPlace('a'));
    await expect.poll(() => trial.gateway.faults.counts()[id]?.struck).toBe(1);
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/\r\n\r\n$/);
    trial.clock.advance(1000);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toBe('{"orderId"');
    let rest = '';
    socket.on('data', (chunk: Buffer) => (rest += chunk.toString()));
    trial.clock.advance(60_000);
    await expect.poll(() => rest).toMatch(/"errorMessage":null\}$/);
    socket.destroy();
  });

  it('refuse with any code and text, before or after accepting', async () => {
    trial.on({ kind: 'answer', errorCode: 7, errorMessage: 'later' }, { nth: 1 });
    trial.on({ kind: 'answer', errorCode: 6, at: 'after-accepting' }, { count: 1 });
    expect((await trial.place('a')).fields).toEqual({
      orderId: null,
      success: false,
      errorCode: 7,
      errorMessage: 'later',
    });
    expect((await trial.place('b')).fields).toEqual({
      orderId: trial.gateway.truth().orders[0]?.id,
      success: false,
      errorCode: 6,
      errorMessage: null,
    });
    expect(trial.placed()).toEqual(['b']);
  });
});

describe('delayed acceptance', () => {
  it.each([500, 502, 503] as const)(
    'answers %d at once, and only later takes the order and its tag',
    async (answer) => {
      trial.on({ kind: 'delay', byMs: 5000, answer }, { count: 1 });
      expect((await trial.place('late')).status).toBe(answer);
      trial.clock.advance(4999);
      expect(trial.placed()).toEqual([]);
      trial.clock.advance(1);
      expect(trial.placed()).toEqual(['late']);
      expect((await trial.place('late')).fields).toMatchObject({
        success: false,
        errorMessage: 'Specified custom tag is already in use',
      });
    },
  );

  it('gives the tag to whoever comes first: the late order is then the one refused', async () => {
    trial.on({ kind: 'delay', byMs: 5000, answer: 'reset' }, { count: 1 });
    await expect(trial.place('once')).rejects.toThrow('fetch failed');
    expect((await trial.place('once')).fields).toMatchObject({ success: true });
    trial.clock.advance(5000);
    expect(trial.placed()).toEqual(['once']);
    expect(trial.gateway.truth().duplicateTags).toEqual({ once: 1 });
  });

  it('holds the answer back meanwhile', async () => {
    const id = trial.on({ kind: 'delay', byMs: 5000 });
    const waiting = trial.place('late');
    await expect.poll(() => trial.gateway.faults.counts()[id]?.struck).toBe(1);
    expect(trial.placed()).toEqual([]);
    trial.clock.advance(5000);
    expect((await waiting).fields).toMatchObject({ success: true });
  });
});

it('skews the clock in Date, in rows, and in what it takes a time to mean', async () => {
  await trial.place('a');
  trial.clock.advance(60_000);
  trial.gateway.faults.add({ fault: { kind: 'clock-skew', byMs: 3_600_000 } });
  const { headers, fields } = await trial.post('Order/search', {
    accountId,
    startTimestamp: '2026-09-21T15:00:00Z',
  });
  expect(headers.get('date')).toBe('Mon, 21 Sep 2026 15:01:00 GMT');
  expect(fields['orders']).toEqual([
    expect.objectContaining({ creationTimestamp: '2026-09-21T15:00:00+00:00' }),
  ]);
  expect(
    (await trial.post('Order/search', { accountId, startTimestamp: '2026-09-21T15:00:01Z' }))
      .fields,
  ).toMatchObject({ orders: [] });
});
