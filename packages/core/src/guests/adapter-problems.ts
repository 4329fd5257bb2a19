import { capabilitiesOf } from '../capabilities-schema.ts';
import { shown } from '../validation/field-problem.ts';

const methods = [
  'connect',
  'close',
  'contract',
  'prepare',
  'encode',
  'decode',
  'renewAuthorization',
  'find',
];
const reads = [
  'account',
  'accounts',
  'openOrders',
  'orders',
  'positions',
  'trades',
  'searchContracts',
];
const optionalMethods = ['probe', 'openStreams', 'watchMarket'];

type Fields = Readonly<Record<string, unknown>>;

/** What keeps a value from being an adapter, as sentences. */
export function* adapterProblems(given: unknown): Generator<string> {
  if (!isObject(given)) return yield `setup gave ${shown(given)}, must be an adapter`;
  const lacking = methods.filter((name) => typeof given[name] !== 'function');
  if (lacking.length > 0) yield `setup gave an adapter without ${lacking.join(', ')}`;
  const { login, endpoint, capabilities } = given;
  for (const name of optionalMethods)
    if (given[name] !== undefined && typeof given[name] !== 'function')
      yield `${name} is ${shown(given[name])}, must be a function`;
  const { reads: own } = given;
  const unread = reads.filter((name) => !isObject(own) || typeof own[name] !== 'function');
  if (unread.length > 0) yield `reads lacks ${unread.join(', ')}`;
  if (typeof login !== 'string' || login === '') yield `login is ${shown(login)}, must be text`;
  if (!isObject(endpoint) || !(endpoint['origin'] instanceof URL))
    yield 'endpoint.origin must be a URL';
  const parsed = capabilitiesOf(capabilities);
  if ('problems' in parsed) yield* parsed.problems;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
