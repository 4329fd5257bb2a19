import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../index.ts';
import { startGateway } from '../index.ts';
import type { GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

// What real clients put into bodies, as bytes, and the bytes that come back.
let gateway: Gateway;
let client: GatewayClient;
beforeAll(async () => {
  gateway = await startGateway({
    priceStepMs: 0,
    rateLimit: { everythingElse: 'off' },
    accounts: [{ id: 700_001, name: 'PRAC-V2-1', bracketMode: 'auto-oco' }],
  });
  client = await gatewayClient(gateway);
});
afterAll(() => gateway.close());

interface Sent {
  readonly status: number;
  readonly text: string;
  readonly type: string | null;
}
async function send(
  path: string,
  body: string | undefined,
  type: string | undefined = 'application/json',
  to: Gateway = gateway,
  token: string = client.token,
): Promise<Sent> {
  // A body that says nothing of itself: fetch would say it for a string.
  const bytes = body === undefined ? undefined : new TextEncoder().encode(body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(type !== '' && { 'content-type': type }),
  };
  const response = await fetch(`${to.url}/api/${path}`, {
    method: 'POST',
    headers,
    ...(bytes && { body: bytes }),
  });
  return {
    status: response.status,
    text: await response.text(),
    type: response.headers.get('content-type'),
  };
}
const accepted = /^\{"orderId":\d+,"success":true,"errorCode":0,"errorMessage":null\}$/;
const errorsOf = ({ text }: Sent): unknown => (JSON.parse(text) as { errors: unknown }).errors;

describe('names of fields', () => {
  it.each([
    [
      'as documented',
      (id: string) =>
        `{"accountId":700001,"contractId":"${id}","type":1,"side":0,"size":1,"limitPrice":20000}`,
    ],
    [
      'in lower case',
      (id: string) =>
        `{"accountid":700001,"contractid":"${id}","type":1,"side":0,"size":1,"limitprice":20000}`,
    ],
    [
      'as .NET writes them',
      (id: string) =>
        `{"AccountId":700001,"ContractId":"${id}","Type":1,"Side":0,"Size":1,"LimitPrice":20000}`,
    ],
    [
      'in brackets too',
      (id: string) =>
        `{"ACCOUNTID":700001,"CONTRACTID":"${id}","TYPE":1,"SIDE":0,"SIZE":1,"LIMITPRICE":20000,"STOPLOSSBRACKET":{"TICKS":-40,"TYPE":4}}`,
    ],
    [
      'with others that are not known',
      (id: string) =>
        `{"accountId":700001,"contractId":"${id}","type":1,"side":0,"size":1,"limitPrice":20000,"isAutomated":true,"linkedOrderId":null}`,
    ],
  ])('are taken %s', async (_name, body) => {
    const answer = await send('Order/place', body(client.contractId));
    expect([answer.status, answer.text]).toEqual([200, expect.stringMatching(accepted)]);
  });

  it('are taken in any case by a login, and by the filter of the newer query', async () => {
    expect((await send('Auth/loginKey', '{"username":"demo","apikey":"demo-key"}')).text).toMatch(
      /^\{"token":"eyJ[\w-]+\.[\w-]+\.[\w-]+","success":true,"errorCode":0,"errorMessage":null\}$/,
    );
    expect(
      (
        await send(
          'Order/v2/query',
          '{"FILTER":{"ACCOUNTID":700001},"PAGESIZE":1,"INCLUDETOTALCOUNT":true}',
        )
      ).text,
    ).toMatch(/^\{"orders":\[\{"id":34\d+.*\],"totalCount":\d+,"success":true/);
  });

  it('that come twice count as they come last', async () => {
    expect((await send('Position/searchOpen', '{"accountId":1,"ACCOUNTID":700001}')).text).toMatch(
      /^\{"positions":\[\],"success":true/,
    );
  });

  it('stand in the record of what was asked, however they were written', async () => {
    const place = (size: string) =>
      send(
        'Order/place',
        `{"accountid":700001,"contractid":"${client.contractId}","type":1,"side":0,"${size}":77,"limitprice":20000}`,
      );
    await place('size');
    await place('SIZE');
    expect(gateway.truth().duplicateIntents).toMatchObject({
      [`700001 ${client.contractId} 1 0 77 20000 - -`]: 1,
    });
  });
});

describe('a value of another type', () => {
  const place = (fields: string): Promise<Sent> => send('Order/place', `{${fields}}`);
  it.each([
    [
      '"accountId":"PRAC-V2-1"',
      '$.accountId',
      'The JSON value could not be converted to System.Int32. Path: $.accountId | LineNumber: 0 | BytePositionInLine: 24.',
    ],
    [
      '"accountId":"700001"',
      '$.accountId',
      'The JSON value could not be converted to System.Int32. Path: $.accountId | LineNumber: 0 | BytePositionInLine: 21.',
    ],
    [
      '"accountId":3400000001',
      '$.accountId',
      'The JSON value could not be converted to System.Int32. Path: $.accountId | LineNumber: 0 | BytePositionInLine: 23.',
    ],
    [
      '"AccountId":null',
      '$.AccountId',
      'The JSON value could not be converted to System.Int32. Path: $.AccountId | LineNumber: 0 | BytePositionInLine: 17.',
    ],
    // Python writes a float so, and the framework takes no such whole number.
    [
      '"size":1.0',
      '$.size',
      'The JSON value could not be converted to System.Int32. Path: $.size | LineNumber: 0 | BytePositionInLine: 11.',
    ],
    [
      '"size":1e0',
      '$.size',
      'The JSON value could not be converted to System.Int32. Path: $.size | LineNumber: 0 | BytePositionInLine: 11.',
    ],
    [
      '"side":"buy"',
      '$.side',
      'The JSON value could not be converted to OrderSide. Path: $.side | LineNumber: 0 | BytePositionInLine: 13.',
    ],
    [
      '"contractId":5',
      '$.contractId',
      'The JSON value could not be converted to System.String. Path: $.contractId | LineNumber: 0 | BytePositionInLine: 15.',
    ],
    [
      '"limitPrice":"20000"',
      '$.limitPrice',
      'The JSON value could not be converted to System.Nullable`1[System.Decimal]. Path: $.limitPrice | LineNumber: 0 | BytePositionInLine: 21.',
    ],
    [
      '"limitPrice":1e40',
      '$.limitPrice',
      'The JSON value could not be converted to System.Nullable`1[System.Decimal]. Path: $.limitPrice | LineNumber: 0 | BytePositionInLine: 18.',
    ],
    [
      '"stopLossBracket":{"ticks":"4","type":4}',
      '$.stopLossBracket.ticks',
      'The JSON value could not be converted to System.Int32. Path: $.stopLossBracket.ticks | LineNumber: 0 | BytePositionInLine: 31.',
    ],
    [
      '"stopLossBracket":[]',
      '$.stopLossBracket',
      'The JSON value could not be converted to PlaceOrderBracket. Path: $.stopLossBracket | LineNumber: 0 | BytePositionInLine: 20.',
    ],
    [
      '\n  "customTag": 7',
      '$.customTag',
      'The JSON value could not be converted to System.String. Path: $.customTag | LineNumber: 1 | BytePositionInLine: 16.',
    ],
    [
      '"contractId":null,"accountId":700001,"type":2,"side":0,"size":1',
      'ContractId',
      'The ContractId field is required.',
    ],
  ])('%s is refused with the framework’s own words', async (fields, place_, message) => {
    const answer = await place(fields);
    expect([answer.status, answer.type, errorsOf(answer)]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
      { [place_]: [message] },
    ]);
    expect(answer.text).toMatch(
      /^\{"type":"https:\/\/tools\.ietf\.org\/html\/rfc9110#section-15\.5\.1","title":"One or more validation errors occurred\.","status":400,"traceId":"00-[0-9a-f]{32}-[0-9a-f]{16}-00","errors":\{/,
    );
  });

  it.each([
    [
      'Order/search',
      '{"accountId":700001,"startTimestamp":"2026-09-21 14:00:00"}',
      '$.startTimestamp',
      'System.DateTime',
    ],
    [
      'Order/search',
      '{"accountId":700001,"startTimestamp":1790000000}',
      '$.startTimestamp',
      'System.DateTime',
    ],
    [
      'Order/search',
      '{"accountId":700001,"startTimestamp":"2026-09-21T14:00:00Z","endTimestamp":"today"}',
      '$.endTimestamp',
      'System.Nullable`1[System.DateTime]',
    ],
    [
      'Order/v2/query',
      '{"filter":{"accountId":700001,"statuses":[1,"x"]}}',
      '$.filter.statuses[1]',
      'OrderStatus',
    ],
    ['Account/search', '{"onlyActiveAccounts":"true"}', '$.onlyActiveAccounts', 'System.Boolean'],
    ['Order/cancel', '{"accountId":700001,"orderId":"abc"}', '$.orderId', 'System.Int64'],
    ['Order/searchOpen', '[]', '$', 'SearchOpenOrderRequest'],
  ])('of %s: %s names %s', async (path, body, field, typeName) => {
    const answer = await send(path, body);
    expect([answer.status, errorsOf(answer)]).toEqual([
      400,
      {
        [field]: [
          expect.stringContaining(
            `The JSON value could not be converted to ${typeName}. Path: ${field} |`,
          ),
        ],
      },
    ]);
  });

  it('as digits in text is taken by option, as the web defaults of the framework would', async () => {
    await using kind = await startGateway({ priceStepMs: 0, unknowns: { numbersAsText: 'taken' } });
    const { token, contractId } = await gatewayClient(kind);
    const answer = await send(
      'Order/place',
      `{"accountId":"700001","contractId":"${contractId}","type":"1","side":"0","size":"1","limitPrice":"20000"}`,
      'application/json',
      kind,
      token,
    );
    expect([answer.status, answer.text]).toEqual([200, expect.stringMatching(accepted)]);
    const refused = await send(
      'Order/place',
      '{"accountId":"PRAC"}',
      'application/json',
      kind,
      token,
    );
    expect([refused.status, errorsOf(refused)]).toEqual([
      400,
      { '$.accountId': [expect.stringContaining('System.Int32')] },
    ]);
  });
});

describe('a body', () => {
  it.each([
    [undefined, '', 'A non-empty request body is required.'],
    ['', '', 'A non-empty request body is required.'],
    ['null', '', 'A non-empty request body is required.'],
    [
      '{"accountId":700001',
      '$',
      'Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed. Path: $ | LineNumber: 0 | BytePositionInLine: 19.',
    ],
    [
      "{'accountId':700001}",
      '$',
      "''' is an invalid start of a property name. Expected a '\"'. Path: $ | LineNumber: 0 | BytePositionInLine: 1.",
    ],
    [
      '{"accountId":NaN}',
      '$',
      "'N' is an invalid start of a value. Path: $ | LineNumber: 0 | BytePositionInLine: 13.",
    ],
    [
      '{"accountId":700001,}',
      '$',
      "'}' is an invalid start of a property name. Expected a '\"'. Path: $ | LineNumber: 0 | BytePositionInLine: 20.",
    ],
    [
      'accountId=700001',
      '$',
      "'a' is an invalid start of a value. Path: $ | LineNumber: 0 | BytePositionInLine: 0.",
    ],
  ])('%j is refused by place "%s"', async (body, place, message) => {
    const answer = await send('Position/searchOpen', body);
    expect([answer.status, errorsOf(answer)]).toEqual([400, { [place]: [message] }]);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/json',
    'application/vnd.bot+json',
    'Application/JSON;charset="UTF-8"',
  ])('said to be %s is read', async (type) => {
    expect((await send('Position/searchOpen', '{"accountId":700001}', type)).status).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/json; charset=iso-8859-1',
    '',
  ])('said to be "%s" is answered with 415', async (type) => {
    const answer = await send('Position/searchOpen', '{"accountId":700001}', type);
    expect([answer.status, answer.type]).toEqual([415, 'application/problem+json; charset=utf-8']);
    expect(answer.text).toMatch(
      /^\{"type":"https:\/\/tools\.ietf\.org\/html\/rfc9110#section-15\.5\.16","title":"Unsupported Media Type","status":415,"traceId":"00-[0-9a-f]{32}-[0-9a-f]{16}-00"\}$/,
    );
  });

  it('need not be there, nor say anything of itself, where none is read', async () => {
    expect((await send('Auth/validate', undefined, '')).status).toBe(200);
    expect((await send('Auth/validate', '{}', 'text/plain')).status).toBe(200);
  });

  it('without a good token is answered with 401 whatever it is', async () => {
    expect(await send('Order/place', '{', 'text/plain', gateway, 'eyJ.a.b')).toEqual({
      status: 401,
      text: '',
      type: null,
    });
  });
});
