import { describe, expect, it } from 'vitest';
import { answerCodes } from './answer-codes.ts';
import { mutations, reads } from './endpoints.ts';
import { operations } from './operations.ts';
import { modelFields } from './rows.ts';

/** The API's tables (ProjectX documentation and Swagger file, September 2026): path, required fields, optional fields, payload, highest error code. */
const reference: readonly (readonly [
  path: string,
  required: string,
  optional: string,
  payload: string,
  lastCode: number,
])[] = [
  ['Auth/loginKey', 'userName apiKey', '', 'token', 10],
  ['Auth/loginApp', 'userName password deviceId appId verifyKey', '', 'token', 10],
  ['Auth/validate', '', '', 'newToken', 4],
  ['Auth/logout', '', '', '', 2],
  ['Account/search', 'onlyActiveAccounts', '', 'accounts', 0],
  ['Contract/search', 'live', 'searchText', 'contracts', 0],
  ['Contract/searchById', 'contractId', '', 'contract', 1],
  ['Contract/available', 'live', '', 'contracts', 0],
  [
    'History/retrieveBars',
    'contractId live startTime endTime unit unitNumber limit includePartialBar',
    '',
    'bars',
    4,
  ],
  [
    'Order/place',
    'accountId contractId type side size',
    'limitPrice stopPrice trailPrice customTag stopLossBracket takeProfitBracket',
    'orderId',
    10,
  ],
  ['Order/modify', 'accountId orderId', 'size limitPrice stopPrice trailPrice', '', 7],
  ['Order/cancel', 'accountId orderId', '', '', 6],
  ['Order/search', 'accountId startTimestamp', 'endTimestamp', 'orders', 1],
  ['Order/searchOpen', 'accountId', '', 'orders', 1],
  ['Order/searchById', 'accountId orderId', '', 'order', 1],
  [
    'Order/v2/query',
    'filter',
    'pageSize pageOffset sortBy sortDirection includeTotalCount',
    'orders totalCount',
    0,
  ],
  ['Position/searchOpen', 'accountId', '', 'positions', 1],
  ['Position/closeContract', 'accountId contractId', '', '', 8],
  ['Position/partialCloseContract', 'accountId contractId size', '', '', 9],
  ['Trade/search', 'accountId', 'startTimestamp endTimestamp', 'trades', 1],
  ['Status/ping', '', '', '', -1],
];
const models = {
  account: 'id name balance canTrade isVisible simulated',
  contract: 'id name description tickSize tickValue activeContract symbolId',
  order:
    'id accountId contractId symbolId creationTimestamp updateTimestamp status type side size limitPrice stopPrice fillVolume filledPrice customTag parentOrderId linkedOrderId trailDistance trailPrice',
  position: 'id accountId contractId contractDisplayName creationTimestamp type size averagePrice',
  trade:
    'id accountId contractId creationTimestamp price profitAndLoss fees commissions side size voided orderId',
  bar: 't o h l c v d k',
} as const;
const words = (text: string): string[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .toSorted();

describe('operations', () => {
  it('are those of the reference, field by field', () => {
    expect(Object.keys(operations).toSorted()).toEqual(reference.map(([path]) => path).toSorted());
    for (const [path, required, optional, payload, lastCode] of reference) {
      const {
        required: ours,
        optional: oursOptional,
        payload: oursPayload,
        codes,
      } = operations[path] ?? {};
      expect([
        path,
        ours?.toSorted(),
        oursOptional?.toSorted(),
        oursPayload?.toSorted(),
        codes?.length,
      ]).toEqual([path, words(required), words(optional), words(payload), lastCode + 1]);
    }
  });

  it('that are called have a request, and the others say why they are not', () => {
    const called = [...Object.values(mutations), ...Object.values(reads)]
      .map(({ method, path }) => `${method} ${path}`)
      .toSorted();
    const expected = Object.entries(operations).filter(
      ([, { notCalled }]) => notCalled === undefined,
    );
    expect(called).toEqual(
      expected.map(([path, { method }]) => `${method} /api/${path}`).toSorted(),
    );
  });

  it('have a meaning for every error code of what changes something', () => {
    for (const [mutation, { path }] of Object.entries(mutations)) {
      const codes = operations[path.replace('/api/', '')]?.codes ?? [];
      expect([
        ...(Object.entries(answerCodes)
          .find(([name]) => name === mutation)?.[1]
          .keys() ?? []),
      ]).toEqual(codes.map((_name, code) => code).slice(1));
    }
  });

  it.each(Object.entries(models))(
    'read the %s model with every field of the reference',
    (model, fields) => {
      expect(
        Object.entries(modelFields)
          .find(([name]) => name === model)?.[1]
          .toSorted(),
      ).toEqual(words(fields));
    },
  );
});
