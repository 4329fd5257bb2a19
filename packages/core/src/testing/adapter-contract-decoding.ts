import { ok, strictEqual } from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Answer } from '../delivery.ts';
import type { Mutation } from '../operation.ts';
import type { RunAdapterTrial } from './adapter-contract.ts';

const operations: readonly Mutation[] = ['place', 'modify', 'cancel', 'close', 'reduce'];
/** Bodies that are no venue's own word. */
const foreignBodies: readonly string[] = [
  '',
  ' ',
  '{',
  '{"success":',
  'null',
  '[]',
  '0',
  'true',
  '""',
  'ok',
  '<html><body>busy</body></html>',
  '{}',
  '{"unrelated":1}',
  '\u0000',
  '{"a":'.repeat(200),
];

const answer = (
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers,
  body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
});

/** Nothing is accepted or refused but by the venue's own words, and no answer makes decoding throw. */
export function describeDecoding(run: RunAdapterTrial): void {
  describe('decoding', () => {
    it('takes no foreign body for an acceptance, and none but 401 for a missing token, whatever the status', async () => {
      await run(async ({ adapter }) => {
        for (const operation of operations) {
          for (let status = 100; status <= 599; status += 1) {
            for (const body of foreignBodies) {
              const verdict = adapter.decode(operation, answer(status, body));
              const seen = `${operation} ${status} ${JSON.stringify(body.slice(0, 20))} is ${verdict.is}`;
              ok(verdict.is !== 'accepted', seen);
              ok(verdict.is !== 'unauthorized' || status === 401, seen);
              ok(verdict.is !== 'client-order-id-in-use' && verdict.is !== 'disputed', seen);
            }
          }
        }
      });
    });

    it('proves nothing by a 2xx or 3xx with a foreign body, by a 5xx, or by bytes that are no text', async () => {
      await run(async ({ adapter }) => {
        const statuses = [200, 201, 204, 301, 302, 307, 308, 500, 502, 503, 504];
        for (const operation of operations) {
          for (const status of statuses) {
            for (const body of foreignBodies)
              strictEqual(
                adapter.decode(operation, answer(status, body)).is,
                'ambiguous',
                `${operation} ${status} ${JSON.stringify(body.slice(0, 20))}`,
              );
          }
          strictEqual(
            adapter.decode(operation, answer(200, new Uint8Array([0xff, 0xfe, 0xc3, 0x28]))).is,
            'ambiguous',
          );
        }
      });
    });

    it('tells 401 and 429 apart from everything else', async () => {
      await run(async ({ adapter }) => {
        for (const operation of operations) {
          strictEqual(adapter.decode(operation, answer(401, '')).is, 'unauthorized');
          strictEqual(adapter.decode(operation, answer(429, '')).is, 'throttled');
          const throttled = adapter.decode(operation, answer(429, '', { 'retry-after': '3' }));
          strictEqual(throttled.is === 'throttled' && throttled.retryAfterMs, 3_000);
        }
      });
    });
  });
}
