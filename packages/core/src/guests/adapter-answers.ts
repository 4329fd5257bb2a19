import { shown } from '../validation/field-problem.ts';
import type { ValueProblem } from './row-problems.ts';
import {
  accountProblem,
  contractProblem,
  orderProblem,
  positionProblem,
  tradeProblem,
} from './row-problems.ts';

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** What keeps a value from being a request that an executor could write. */
export const requestProblem: ValueProblem = (request) => {
  if (!isObject(request)) return `gave ${shown(request)} for a request`;
  const { template, body } = request;
  if (
    !isObject(template) ||
    typeof template['operation'] !== 'string' ||
    typeof template['path'] !== 'string'
  )
    return 'gave a request without operation and path';
  return typeof body === 'string'
    ? undefined
    : `gave a request whose body is ${shown(body)}, must be text`;
};

/** Looked at between a call and its write: makes nothing. */
export const encodedProblem: ValueProblem = (encoded) => {
  if (!isObject(encoded)) return `it gave ${shown(encoded)} for a request`;
  if (encoded['ready'] === true) return requestProblem(encoded['request']);
  return encoded['ready'] === false && typeof encoded['missing'] === 'string'
    ? undefined
    : 'it says neither that the request is ready nor what is missing';
};

export const findingProblem: ValueProblem = (finding) => {
  if (!isObject(finding)) return `found ${shown(finding)}`;
  switch (finding['is']) {
    case 'not-found':
      return undefined;
    case 'unreachable':
      return typeof finding['message'] === 'string'
        ? undefined
        : 'could not ask, and does not say why';
    case 'found': {
      const problem = orderProblem(finding['order']);
      return problem && `found ${problem}`;
    }
    default:
      return `found ${shown(finding['is'])}`;
  }
};

export const evidenceProblem: ValueProblem = (item) => {
  if (!isObject(item)) return `${shown(item)} is no evidence`;
  switch (item['of']) {
    case 'order':
      return orderProblem(item['order']);
    case 'trade':
      return tradeProblem(item['trade']);
    case 'position':
      return typeof item['contractId'] !== 'string'
        ? 'a position without contract'
        : item['position'] === undefined
          ? undefined
          : positionProblem(item['position']);
    case 'account':
      return accountProblem(item['account']);
    case 'stream-live':
    case 'stream-gap':
      return item['stream'] === 'orders' || item['stream'] === 'market'
        ? undefined
        : `a stream "${String(item['stream'])}"`;
    case 'roll':
      return contractProblem(item['from']) ?? contractProblem(item['to']);
    case 'session-failed':
      return undefined;
    default:
      return `evidence of ${shown(item['of'])}`;
  }
};
