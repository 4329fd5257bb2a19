import type { AdapterContext, Delivery, RequestTemplate } from '@hotpath/core';
import { Redactor, silentLogger } from '@hotpath/core';
import { createManualClock } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { reads } from './endpoints.ts';
import { ReadClient } from './read-client.ts';

const secret = 'session-token-1234567890';
const schema = z.object({ rows: z.array(z.int()) });

/** What a read is told when the venue answers this. */
async function failureOf(
  template: RequestTemplate,
  status: number,
  body: unknown,
): Promise<unknown> {
  const texts = new Redactor();
  texts.add(secret);
  const answer = {
    status,
    headers: {},
    body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
  };
  const delivery: Delivery = {
    stage: 'answered',
    bytes: 'all',
    answer,
    marks: { queued: 0, written: 0, firstByte: 0, end: 0 },
  };
  const context: AdapterContext = {
    send: () => Promise.resolve(delivery),
    throttled: () => undefined,
    evidence: () => undefined,
    clock: createManualClock(),
    random: () => 0.5,
    log: silentLogger,
  };
  const client = new ReadClient(context, {
    timeoutMs: 1_000,
    origin: 'https://api.example.com',
    texts,
  });
  return client.readWith(undefined, template, {}, schema).then(
    () => undefined,
    (error: unknown) => error,
  );
}

it.each(Object.entries(reads).map(([name, template]) => [name, template] as const))(
  "tells the field that the venue's framework names: %s",
  async (_name, template) => {
    const problem = {
      title: 'One or more validation errors occurred.',
      status: 400,
      errors: { '$.accountId': ['The JSON value could not be converted to System.Int32.'] },
    };
    const text = '$.accountId: The JSON value could not be converted to System.Int32.';
    expect(await failureOf(template, 400, problem)).toMatchObject({
      code: 'REFUSED',
      status: 400,
      venueText: text,
      message: `https://api.example.com${template.path}: the venue answered HTTP 400: ${text}`,
    });
  },
);

it.each([
  [200, { success: false, errorCode: 2, errorMessage: `you sent Bearer ${secret}` }],
  [200, `you sent ${secret}`],
  [200, { success: true, errorCode: 0, rows: 'none' }],
  [400, { errors: { [`$.${secret}`]: [`no ${secret}`] } }],
  [401, `you sent ${secret}`],
  [403, `<title>${secret}</title>`],
  [429, { message: secret }],
  // Its end would be cut off, and what is left of it is a secret too.
  [500, `${'x'.repeat(285)} ${secret}`],
])('repeats no secret that the venue repeats: HTTP %i %j', async (status, body) => {
  const error = await failureOf(reads.accounts, status, body);
  expect(error).toMatchObject({
    status,
    message: expect.stringMatching(/^https:\/\/api\.example\.com\/api\/Account\/search: /),
  });
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/session-tok/);
});
