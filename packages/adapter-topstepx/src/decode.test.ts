import type { Answer, Mutation } from '@hotpath/core';
import { Redactor } from '@hotpath/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { answerCodes } from './answer-codes.ts';
import { decodeAnswer } from './decode.ts';

const answer = (body: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
});
const refusal = (
  errorCode: number,
  errorMessage: string | null = 'text',
  orderId: number | null = null,
) => answer({ orderId, success: false, errorCode, errorMessage });
const mutations: readonly Mutation[] = ['place', 'modify', 'cancel', 'close', 'reduce'];

describe('decodeAnswer', () => {
  it('P08: reads an accepted place', () => {
    expect(
      decodeAnswer(
        'place',
        answer({ orderId: 3400000001, success: true, errorCode: 0, errorMessage: null }),
      ),
    ).toEqual({ is: 'accepted', orderId: '3400000001' });
  });

  it.each([null, 0, -1, 1.5, '3400000001', 2 ** 53])(
    'P09: an accepted place whose order id is %j arrived, and no more is known',
    (orderId) => {
      expect(
        decodeAnswer('place', answer({ orderId, success: true, errorCode: 0, errorMessage: null })),
      ).toMatchObject({ is: 'ambiguous', arrived: true });
    },
  );

  it.each(mutations)(
    'reads every documented code of %s, and takes none that is not listed for a refusal',
    (operation) => {
      for (const [code, meaning] of answerCodes[operation]) {
        const verdict = decodeAnswer(operation, refusal(code));
        expect(verdict.is).toBe(meaning.is);
        expect(verdict).toMatchObject(
          meaning.is === 'disputed'
            ? { venueCode: code, message: 'text' }
            : { code: meaning.code, message: 'text' },
        );
      }
      for (const code of [-1, 11, 99])
        expect(decodeAnswer(operation, refusal(code))).toMatchObject({
          is: 'ambiguous',
          code: 'VENUE_UNKNOWN_ERROR',
        });
    },
  );

  it('P12: "pending" and "unknown error" are no refusals', () => {
    expect(decodeAnswer('place', refusal(6))).toMatchObject({
      is: 'ambiguous',
      code: 'VENUE_PENDING',
      arrived: true,
    });
    expect(decodeAnswer('place', refusal(7))).toMatchObject({
      is: 'ambiguous',
      code: 'VENUE_UNKNOWN_ERROR',
      arrived: false,
    });
  });

  it('never reads an order id as proof of success', () => {
    expect(decodeAnswer('place', refusal(2, 'Invalid price', 3400000009))).toMatchObject({
      is: 'refused',
      code: 'ORDER_REJECTED',
      venueCode: 2,
      orderId: '3400000009',
    });
  });

  it.each(['Specified custom tag is already in use', 'TAG ALREADY IN USE'])(
    'P16: tells "%s" from other refusals',
    (text) => {
      expect(decodeAnswer('place', refusal(2, text))).toEqual({
        is: 'client-order-id-in-use',
        message: text,
      });
      expect(decodeAnswer('modify', refusal(3, text))).toMatchObject({ is: 'refused' });
    },
  );

  it('adds what helps to the texts it knows', () => {
    expect(
      decodeAnswer(
        'place',
        refusal(
          2,
          'Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.',
        ),
      ),
    ).toMatchObject({ hint: expect.stringMatching(/Risk Settings/) });
  });

  it.each([
    ['empty', ''],
    ['cut', '{"orderId":34000000'],
    ['HTML', '<html>busy</html>'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no envelope', { orderId: 1 }],
    ['success as text', { orderId: 1, success: 'true', errorCode: 0 }],
    ['success with a code', { orderId: 1, success: true, errorCode: 2 }],
    ['failure without a code', { orderId: 1, success: false, errorCode: 0 }],
    ['a fractional code', { success: false, errorCode: 1.5 }],
  ])('P19: a 200 that is %s proves nothing', (_name, body) => {
    for (const operation of mutations)
      expect(decodeAnswer(operation, answer(body))).toMatchObject({
        is: 'ambiguous',
        code: 'ANSWER_UNREADABLE',
      });
  });

  it.each([400, 404, 405, 415])(
    "P13: %d with the venue's JSON was never bound to an order",
    (status) => {
      expect(decodeAnswer('place', answer({ title: 'Not bound', status }, status))).toMatchObject({
        is: 'refused',
        code: 'MALFORMED',
        venueCode: status,
      });
      expect(decodeAnswer('place', answer('', status))).toMatchObject({
        is: 'ambiguous',
        code: 'VENUE_STATUS',
      });
      expect(decodeAnswer('place', answer('<html>', status))).toMatchObject({ is: 'ambiguous' });
    },
  );

  it.each([201, 204, 301, 307, 308, 403, 408, 409, 421, 500, 502, 503, 504])(
    'P18: %d proves nothing',
    (status) => {
      for (const operation of mutations)
        expect(
          decodeAnswer(operation, answer({ success: true, errorCode: 0, orderId: 1 }, status)),
        ).toMatchObject({ is: 'ambiguous', code: 'VENUE_STATUS' });
    },
  );

  it.each([
    [
      {
        '$.size': [
          'The JSON value could not be converted to System.Int32. Path: $.size | LineNumber: 0 | BytePositionInLine: 61.',
        ],
      },
      'quantity',
      /^HTTP 400: \$\.size: The JSON value could not be converted/,
    ],
    [
      { '$.accountId': ['The JSON value could not be converted to System.Int32.'] },
      undefined,
      /^HTTP 400: \$\.accountId: The JSON value could not be converted to System\.Int32\.$/,
    ],
    [
      { request: ['The request field is required.'], '$.limitPrice': ['No.'] },
      'limitPrice',
      /^HTTP 400: request: The request field is required\.; \$\.limitPrice: No\.$/,
    ],
    [
      { ContractId: ['The ContractId field is required.'] },
      'symbol',
      /ContractId field is required/,
    ],
    [{ 'request.customTag': 'too long' }, 'clientOrderId', /request\.customTag: too long/],
    [{ '$.stopLossBracket.ticks': ['No.'] }, 'bracket.stopLossTicks', /No\./],
    [{ '$.takeProfitBracket': ['No.'] }, 'bracket.takeProfitTicks', /No\./],
    [{ '$.orderId': ['No.'] }, 'orderId', /No\./],
    [['first', { message: 'second' }], undefined, /^HTTP 400: first; second$/],
    [{}, undefined, /^HTTP 400: One or more validation errors occurred\.$/],
  ])("tells the bot what the venue's framework complains of: %j", (errors, field, message) => {
    const verdict = decodeAnswer(
      'place',
      answer(
        {
          type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
          title: 'One or more validation errors occurred.',
          status: 400,
          traceId: '00-1',
          errors,
        },
        400,
      ),
    );
    expect(verdict).toMatchObject({
      is: 'refused',
      code: 'MALFORMED',
      field,
      message: expect.stringMatching(message),
    });
  });

  it("keeps the venue's own words, whatever it answered", () => {
    expect(
      decodeAnswer('place', answer({ message: 'The market data service is away.' }, 503)),
    ).toMatchObject({
      is: 'ambiguous',
      message: 'The venue answered HTTP 503: The market data service is away.',
    });
    expect(
      decodeAnswer(
        'place',
        answer('<html><title>502 Bad Gateway</title><h1>Error 54113</h1></html>', 502),
      ),
    ).toMatchObject({
      message: 'The venue answered HTTP 502: a page, "502 Bad Gateway", "Error 54113"',
    });
    expect(
      decodeAnswer(
        'place',
        answer('', 401, {
          'www-authenticate':
            'Bearer error="invalid_token", error_description="The token expired at 09/21/2026 14:00:00"',
        }),
      ),
    ).toEqual({ is: 'unauthorized', message: 'The token expired at 09/21/2026 14:00:00' });
    expect(decodeAnswer('place', answer('Too many requests: 200 in 60 s', 429))).toEqual({
      is: 'throttled',
      retryAfterMs: undefined,
      message: 'Too many requests: 200 in 60 s',
    });
    expect(decodeAnswer('place', answer('upstream said no'))).toMatchObject({
      code: 'ANSWER_UNREADABLE',
      message: 'The answer is not what the gateway documents: upstream said no',
    });
  });

  it('shows nobody a secret that the venue repeats, nor a text without end', () => {
    const texts = new Redactor();
    texts.add('session-token-1234567890');
    for (const status of [200, 400, 401, 429, 500]) {
      const verdict = decodeAnswer(
        'place',
        answer(
          {
            success: false,
            errorCode: 2,
            errorMessage: `you sent Authorization: Bearer session-token-1234567890 ${'x'.repeat(5_000)}`,
          },
          status,
        ),
        texts,
      );
      expect(JSON.stringify(verdict)).not.toContain('session-token');
      expect(JSON.stringify(verdict).length).toBeLessThan(600);
    }
  });

  it('P14, P15: 401 is refused before execution, 429 may not be', () => {
    expect(decodeAnswer('place', answer('', 401))).toEqual({ is: 'unauthorized' });
    expect(decodeAnswer('place', answer('', 429))).toEqual({
      is: 'throttled',
      retryAfterMs: undefined,
    });
    expect(decodeAnswer('place', answer('', 429, { 'retry-after': '7' }))).toEqual({
      is: 'throttled',
      retryAfterMs: 7000,
    });
    const dates = {
      date: 'Mon, 21 Sep 2026 14:00:00 GMT',
      'retry-after': 'Mon, 21 Sep 2026 14:00:05 GMT',
    };
    expect(decodeAnswer('place', answer('', 429, dates))).toEqual({
      is: 'throttled',
      retryAfterMs: 5000,
    });
    const named = (text: string): unknown => {
      const verdict = decodeAnswer('place', answer('', 429, { ...dates, 'retry-after': text }));
      return verdict.is === 'throttled' && verdict.retryAfterMs;
    };
    expect(
      [
        '0',
        '999999999',
        '9'.repeat(400),
        'Fri, 31 Dec 2999 23:59:59 GMT',
        'Fri, 31 Dec 1999 23:59:59 GMT',
      ].map(named),
    ).toEqual([0, 3_600_000, 3_600_000, 3_600_000, 0]);
    expect(new Set(['-5', '1e9', 'NaN', 'Infinity', 'abc', '1, 2', '0x10', ''].map(named))).toEqual(
      new Set([undefined]),
    );
  });
});

describe('the reader of expected answers', () => {
  it('agrees with the strict one, or hands over to it', () => {
    const numbers = fc.oneof(
      fc.integer({ min: -2, max: 2 ** 33 }),
      fc.constantFrom(2 ** 53, 1e21, 0.5, 0),
    );
    const envelope = fc.record({
      orderId: fc.option(numbers),
      success: fc.boolean(),
      errorCode: fc.constantFrom(0, 1, 2, 7),
      errorMessage: fc.option(fc.string()),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...mutations),
        envelope,
        fc.constantFrom('', ' ', '\n'),
        (operation, body, behind) => {
          // White space behind the body keeps the first reader out and means nothing to the second.
          const text = JSON.stringify(
            operation === 'place'
              ? body
              : {
                  success: body.success,
                  errorCode: body.errorCode,
                  errorMessage: body.errorMessage,
                },
          );
          expect(decodeAnswer(operation, answer(`${text}${behind}`))).toEqual(
            decodeAnswer(operation, answer(`${text} `)),
          );
        },
      ),
    );
  });
});

/** What JSON.parse and zod make of an answer: the order id of an accepted one (empty where the operation has none), or undefined. */
function acceptedByZod(operation: Mutation, text: string): string | undefined {
  const id = z.int().positive();
  const envelope = z.object({
    success: z.literal(true),
    errorCode: z.literal(0),
    orderId: operation === 'place' ? id : z.unknown().optional(),
  });
  try {
    const { orderId } = envelope.parse(JSON.parse(text));
    const known = id.safeParse(orderId);
    return known.success ? String(known.data) : '';
  } catch {
    return undefined;
  }
}

it('takes an answer for accepted when JSON.parse and zod do, with the same order id, and never otherwise', () => {
  const whole = fc.constantFrom(
    '{"orderId":3400000001,"success":true,"errorCode":0,"errorMessage":null}',
    '{"orderId":1,"success":true,"errorCode":0,"errorMessage":null}',
    '{"orderId":999999999999999,"success":true,"errorCode":0,"errorMessage":null}',
    '{"success":true,"errorCode":0,"errorMessage":null}',
    '{ "errorMessage": null, "errorCode": 0, "success": true, "orderId": 7 }',
    '{"orderId":3400000001,"success":false,"errorCode":2,"errorMessage":"Invalid price"}',
  );
  const harm = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.integer({ min: 0, max: 3 }),
    put: fc.constantFrom(
      '',
      '',
      ' ',
      '\n',
      '0',
      '1',
      '9',
      '-',
      '.5',
      'e3',
      ',',
      ':',
      '"',
      '{',
      '}',
      '[',
      'null',
      'true',
      'false',
      '"orderId":5,',
      '"success":false,',
      '"errorCode":2,',
      '\\u0030',
      '\u00e9',
      '\u0000',
      '1234567890123456',
    ),
  });
  const damaged = fc.tuple(whole, fc.array(harm, { maxLength: 2 })).map(([text, harms]) =>
    harms.reduce<string>((before, { at, cut, put }) => {
      const index = Math.round(at * before.length);
      return before.slice(0, index) + put + before.slice(index + cut);
    }, text),
  );
  let accepted = 0;
  fc.assert(
    fc.property(fc.constantFrom(...mutations), damaged, (operation, text) => {
      const verdict = decodeAnswer(operation, answer(text));
      const expected = acceptedByZod(operation, text);
      if (expected !== undefined) accepted += 1;
      expect(verdict.is === 'accepted' ? (verdict.orderId ?? '') : undefined).toBe(expected);
    }),
    { numRuns: 5_000 },
  );
  // Both kinds have to be among them.
  expect(accepted).toBeGreaterThan(500);
  expect(accepted).toBeLessThan(4_500);
});
