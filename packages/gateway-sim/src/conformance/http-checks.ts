import { connect as connectTls } from 'node:tls';
import type { Check, Seen } from './check.ts';
import { notSeen } from './check.ts';
import type { HttpAnswer } from './gateway-http.ts';
import { isFields } from './gateway-http.ts';
import type { Run } from './run.ts';

const search = '/api/Account/search';
const active = '{"onlyActiveAccounts":true}';
const status = ({ status: code }: HttpAnswer): string => String(code);

/** Status, and for a 400 of the framework what it names. */
function problem({ status: code, fields }: HttpAnswer): string {
  const { errors } = fields;
  return `${code}, ${isFields(errors) ? `names ${Object.keys(errors).toSorted().join(' and ')}` : 'names nothing'}`;
}

/** What the request line, the body and the head may look like, and what a refusal looks like. */
export const httpChecks: readonly Check[] = [
  {
    name: 'http-version',
    part: 'read',
    asks: 'HTTP versions offered over TLS',
    expected: 'HTTP/1.1',
    mark: '?',
    look: ({ target }) => alpn(target.url),
  },
  {
    name: 'http-servers',
    part: 'read',
    asks: 'what names itself on the way',
    expected: 'nothing',
    mark: '?',
    look: namesOnTheWay,
  },
  {
    name: 'http-keep-alive',
    part: 'read',
    asks: 'how long an idle connection is kept, by the header',
    expected: '65 s',
    mark: '?',
    look: keepAlive,
  },
  {
    name: 'http-limits',
    part: 'read',
    asks: 'headers about the rate limit in an ordinary answer',
    expected: 'none',
    mark: '?',
    look: limitHeaders,
  },
  {
    name: 'path-case',
    part: 'read',
    asks: 'a path in another case',
    expected: '200',
    mark: 'I',
    look: async ({ http }) => status(await http.raw('/api/account/SEARCH', active)),
  },
  {
    name: 'path-slash',
    part: 'read',
    asks: 'a slash behind the path',
    expected: '200',
    mark: 'I',
    look: async ({ http }) => status(await http.raw(`${search}/`, active)),
  },
  {
    name: 'path-unknown',
    part: 'read',
    asks: 'a path that is not there',
    expected: '404',
    mark: 'I',
    look: async ({ http }) => status(await http.post('Fill/search', {})),
  },
  {
    name: 'method-get',
    part: 'read',
    asks: 'GET in place of POST',
    expected: '405',
    mark: 'I',
    look: async ({ http }) =>
      status(await http.raw(search, undefined, { method: 'GET', contentType: null })),
  },
  {
    name: 'body-case',
    part: 'read',
    asks: 'field names in another case',
    expected: '200',
    mark: 'I',
    look: async ({ http }) => status(await http.raw(search, '{"ONLYACTIVEaccounts":true}')),
  },
  {
    name: 'body-unknown-field',
    part: 'read',
    asks: 'a field that is not documented',
    expected: '200',
    mark: '1',
    look: async ({ http }) =>
      status(await http.post('Account/search', { onlyActiveAccounts: true, undocumented: 1 })),
  },
  {
    name: 'body-missing-field',
    part: 'read',
    asks: 'a required field left out',
    expected: '400, names $',
    mark: 'I',
    look: async ({ http }) => problem(await http.post('Account/search', {})),
  },
  {
    name: 'body-wrong-type',
    part: 'read',
    asks: 'a number given as a word',
    expected: '400, names $.accountId',
    mark: 'L',
    look: async ({ http }) => problem(await http.post('Order/searchOpen', { accountId: 'one' })),
  },
  {
    name: 'body-digits',
    part: 'read',
    asks: 'a number given as digits in quotes',
    expected: '400',
    mark: '?',
    look: async ({ http, accountId }) =>
      status(await http.post('Order/searchOpen', { accountId: String(accountId) })),
  },
  {
    name: 'body-no-json',
    part: 'read',
    asks: 'a body that is no JSON',
    expected: '400, names $',
    mark: 'I',
    look: async ({ http }) => problem(await http.raw(search, '{')),
  },
  {
    name: 'body-empty',
    part: 'read',
    asks: 'no body at all',
    expected: '400',
    mark: 'I',
    look: async ({ http }) => status(await http.raw(search, '')),
  },
  {
    name: 'type-text',
    part: 'read',
    asks: 'a body that says it is plain text',
    expected: '415',
    mark: 'I',
    look: async ({ http }) => status(await http.raw(search, active, { contentType: 'text/plain' })),
  },
  {
    name: 'type-none',
    part: 'read',
    asks: 'a body that does not say what it is',
    expected: '415',
    mark: 'I',
    look: async ({ http }) => status(await http.raw(search, active, { contentType: null })),
  },
  {
    name: 'ping',
    part: 'read',
    asks: 'Status/ping without a token',
    expected: '200 "pong"',
    mark: '?',
    look: ping,
  },
];

async function ping({ http }: Run): Promise<Seen> {
  const answer = await http.raw('/api/Status/ping', undefined, {
    method: 'GET',
    token: null,
    contentType: null,
  });
  return `${answer.status} ${answer.text}`;
}

function alpn(url: URL): Promise<Seen> {
  if (url.protocol !== 'https:') return Promise.resolve(notSeen('the address is not under TLS'));
  return new Promise((resolve) => {
    // Nothing is sent over it: whose certificate it is does not matter here.
    const socket = connectTls(
      {
        host: url.hostname,
        port: Number(url.port || 443),
        servername: url.hostname,
        ALPNProtocols: ['h2', 'http/1.1'],
        rejectUnauthorized: false,
        timeout: 10_000,
      },
      () => {
        const chosen = socket.alpnProtocol;
        socket.destroy();
        resolve(chosen === 'h2' ? 'HTTP/2 and HTTP/1.1' : 'HTTP/1.1');
      },
    );
    const failed = (): void => {
      socket.destroy();
      resolve(notSeen('no TLS connection of its own'));
    };
    socket.on('error', failed);
    socket.on('timeout', failed);
  });
}

function ordinaryAnswer(run: Run): Promise<HttpAnswer> {
  return run.once('ordinary answer', () => run.http.raw(search, active));
}

async function namesOnTheWay(run: Run): Promise<Seen> {
  const { headers } = await ordinaryAnswer(run);
  const found = [
    'server',
    'via',
    'x-powered-by',
    'x-cache',
    'cf-ray',
    'x-amz-cf-id',
    'x-azure-ref',
  ].filter((name) => headers.has(name));
  if (found.length === 0) return 'nothing';
  // Ids of a request tell nothing but that there is somebody.
  return found
    .map((name) =>
      name === 'server' || name === 'via' || name === 'x-powered-by'
        ? `${name} ${headers.get(name) ?? ''}`
        : name,
    )
    .join(', ');
}

async function keepAlive(run: Run): Promise<Seen> {
  const header = (await ordinaryAnswer(run)).headers.get('keep-alive');
  const seconds = /timeout=(\d+)/.exec(header ?? '')?.[1];
  return seconds === undefined ? notSeen('the gateway does not say') : `${seconds} s`;
}

async function limitHeaders(run: Run): Promise<Seen> {
  const names = [...(await ordinaryAnswer(run)).headers.keys()].filter((name) =>
    /rate-?limit|retry-after/i.test(name),
  );
  return names.length === 0 ? 'none' : names.join(', ');
}
