import { expect, it } from 'vitest';
import { Authorization } from '../authorization.ts';
import type { RunTrial } from './executor-contract.ts';
import { bodyOf, idOf, readRequest } from './executor-trial.ts';

/** Headers that change nothing about what is asked; all others must be the template's. */
const harmless = new Set([
  'host',
  'connection',
  'content-length',
  'authorization',
  'accept',
  'accept-language',
  'accept-encoding',
  'user-agent',
  'sec-fetch-mode',
]);

export function describeRequests(run: RunTrial): void {
  describeBytes(run);
  describeVariants(run);
  describeManyAtOnce(run);
}

function describeBytes(run: RunTrial): void {
  it('puts method, path, headers, authorization and body on the wire as they are', () =>
    run({}, async (trial) => {
      const { id, delivery, request } = await trial.deliverToServer();
      const wanted = trial.request(id);
      expect(request.method).toBe('POST');
      expect(request.path).toBe(wanted.template.path);
      expect(request.headers.get('host')).toBe(trial.server.origin.host);
      expect(request.headers.get('authorization')).toBe(trial.authorization.header);
      expect(request.headers.get('content-length')).toBe(String(wanted.body.length));
      for (const [name, value] of Object.entries(wanted.template.headers))
        expect(request.headers.get(name)).toBe(value);
      expect(request.body).toBe(wanted.body);
      const added = [...request.headers.keys()].filter(
        (name) => !harmless.has(name) && !(name in wanted.template.headers),
      );
      expect(added).toEqual([]);
      expect(bodyOf(await delivery)).toBe(id);
    }));

  it('encode, where there is one, tells the very bytes that deliver writes, and writes none', () =>
    run({}, async (trial) => {
      const { id, delivery, request } = await trial.deliverToServer();
      await delivery;
      const wanted = trial.request(id);
      const encoded = await trial.executor.encode?.(wanted);
      expect(
        encoded === undefined
          ? request.connection.received()
          : Buffer.from(encoded).toString('latin1'),
      ).toBe(request.connection.received());
      const arrival = trial.server.nextRequest();
      const { delivery: read } = trial.deliver({ request: readRequest });
      await Promise.all([arrival, read]);
      expect(trial.server.requests).toHaveLength(2);
    }));

  it('asks for no packed answer', () =>
    run({}, async (trial) => {
      const { delivery, request } = await trial.deliverToServer();
      expect(request.headers.get('accept-encoding') ?? 'identity').toBe('identity');
      await delivery;
    }));
}

function describeVariants(run: RunTrial): void {
  it('sends a request without a body, and without an authorization', () =>
    run({}, async (trial) => {
      const arrival = trial.server.nextRequest();
      const { delivery } = trial.deliver({ request: readRequest });
      const request = await arrival;
      expect(request.method).toBe('GET');
      expect(request.headers.has('authorization')).toBe(false);
      expect(Number(request.headers.get('content-length') ?? 0)).toBe(0);
      expect(await delivery).toMatchObject({ stage: 'answered' });
      expect(request.connection.received().endsWith('\r\n\r\n')).toBe(true);
    }));

  it('uses the newest authorization with the same template', () =>
    run({}, async (trial) => {
      const { delivery } = trial.deliver();
      await delivery;
      const arrival = trial.server.nextRequest();
      const renewed = new Authorization('Bearer trial-secret-renewed', 2);
      const second = trial.deliver({
        request: (id) => ({ ...trial.request(id), authorization: renewed }),
      });
      expect((await arrival).headers.get('authorization')).toBe(renewed.header);
      await second.delivery;
    }));

  it('carries a large body whole', () =>
    run({}, async (trial) => {
      const filling = 'x'.repeat(300_000);
      const arrival = trial.server.nextRequest();
      const { id, delivery } = trial.deliver({
        request: (word) => ({ ...trial.request(word), body: `${word}${filling}` }),
      });
      const request = await arrival;
      expect(request.body).toBe(`${id}${filling}`);
      expect(await delivery).toMatchObject({ stage: 'answered', bytes: 'all' });
    }));
}

function describeManyAtOnce(run: RunTrial): void {
  it('gives each of many requests at once its own answer, one at a time on a connection', () =>
    run({ connections: 3 }, async (trial) => {
      const waiting: (() => void)[] = [];
      const open = new Map<unknown, number>();
      let mostAtOnce = 0;
      let mostConnections = 0;
      trial.server.onRequest = (request) => {
        const now = (open.get(request.connection) ?? 0) + 1;
        open.set(request.connection, now);
        mostAtOnce = Math.max(mostAtOnce, now);
        mostConnections = Math.max(
          mostConnections,
          [...open.values()].filter((count) => count > 0).length,
        );
        waiting.push(() => {
          open.set(request.connection, (open.get(request.connection) ?? 0) - 1);
          void request.connection.write(
            `HTTP/1.1 200 OK\r\ncontent-length: ${idOf(request).length}\r\n\r\n${idOf(request)}`,
          );
        });
        // The last come is answered first.
        setImmediate(() => waiting.pop()?.());
      };
      const all = Array.from({ length: 24 }, () => trial.deliver());
      for (const { id, delivery } of all) expect(bodyOf(await delivery)).toBe(id);
      expect(mostAtOnce).toBe(1);
      // At once: an executor may open a new one for every request.
      expect(mostConnections).toBeLessThanOrEqual(3);
    }));

  it('serves waiting requests in the order they came', () =>
    run({ connections: 1 }, async (trial) => {
      const all = Array.from({ length: 8 }, () => trial.deliver());
      await Promise.all(all.map(({ delivery }) => delivery));
      expect(trial.server.requests.map(idOf)).toEqual(all.map(({ id }) => id));
    }));
}
