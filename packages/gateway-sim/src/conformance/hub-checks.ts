import { WebSocket } from 'ws';
import type { Check, Seen } from './check.ts';
import { notSeen } from './check.ts';
import { userHub, watchedMarket } from './facts.ts';
import type { Fields } from './gateway-http.ts';
import { isFields } from './gateway-http.ts';
import type { HubTapOptions } from './hub-tap.ts';
import { hubUrl, tapHub } from './hub-tap.ts';
import type { Run } from './run.ts';

const quiet = 'nothing came: the market is closed, or quiet';
/** So many timestamps without a zero at their end are no accident. */
const enoughTimes = 20;
const enoughQuotes = 50;
/** Of so many depth messages one would have been another. */
const enoughDepth = 200;
const userEvents = [
  'GatewayUserAccount',
  'GatewayUserOrder',
  'GatewayUserPosition',
  'GatewayUserTrade',
];

/** The two hubs: how to connect, and what comes. */
export const hubChecks: readonly Check[] = [
  {
    name: 'hub-direct',
    part: 'read',
    asks: 'a socket without negotiation',
    expected: 'connects',
    mark: 'O',
    look: (run) => connects(run, {}),
  },
  {
    name: 'hub-negotiated',
    part: 'read',
    asks: 'a socket after negotiation',
    expected: 'connects',
    mark: 'S',
    look: (run) => connects(run, { negotiate: true }),
  },
  {
    name: 'hub-slash',
    part: 'read',
    asks: "a slash behind the hub's path",
    expected: 'connects',
    mark: 'I',
    look: (run) => connects(run, { suffix: '/' }),
  },
  {
    name: 'hub-bad-token',
    part: 'read',
    asks: 'a token that is none',
    expected: '401',
    mark: 'I',
    look: badToken,
  },
  {
    name: 'hub-version',
    part: 'read',
    asks: 'a handshake of version 0',
    expected: 'closed',
    mark: '1',
    look: oldVersion,
  },
  {
    name: 'hub-case',
    part: 'read',
    asks: 'a method in another case',
    expected: 'done',
    mark: 'I',
    look: async (run) =>
      (await (await userHub(run)).call('subscribeACCOUNTS')) === undefined ? 'done' : 'refused',
  },
  {
    name: 'hub-unknown',
    part: 'read',
    asks: 'a method that is none',
    expected: 'refused',
    mark: 'I',
    look: async (run) =>
      (await (await userHub(run)).call('SubscribeNothing')) === undefined ? 'done' : 'refused',
  },
  {
    name: 'hub-accounts',
    part: 'read',
    asks: 'several accounts on one connection',
    expected: 'all confirmed',
    mark: '?',
    look: severalAccounts,
  },
  {
    name: 'hub-snapshot',
    part: 'read',
    asks: 'what comes by itself behind a subscription',
    expected: 'nothing',
    mark: 'L',
    look: snapshot,
  },
  {
    name: 'hub-pings',
    part: 'read',
    asks: 'silence before a ping',
    expected: '15 s',
    mark: 'I',
    look: pings,
  },
  {
    name: 'quote-form',
    part: 'read',
    asks: 'a quote',
    expected: 'an object',
    mark: 'O',
    look: (run) => payloadForm(run, 'GatewayQuote'),
  },
  {
    name: 'quote-sparse',
    part: 'read',
    asks: 'quotes after the first',
    expected: 'hold what changed',
    mark: 'L',
    look: sparse,
  },
  {
    name: 'quote-contract',
    part: 'read',
    asks: 'a quote names its contract by itself',
    expected: 'yes',
    mark: 'L',
    look: async (run) => ofRows(await payloads(run, 'GatewayQuote'), (row) => 'contract' in row),
  },
  {
    name: 'quote-volume',
    part: 'read',
    asks: 'quotes with nothing but a volume',
    expected: 'some',
    mark: '?',
    look: volumeOnly,
  },
  {
    name: 'trade-form',
    part: 'read',
    asks: 'trades of the market',
    expected: 'an array',
    mark: 'L',
    look: (run) => payloadForm(run, 'GatewayTrade'),
  },
  {
    name: 'depth-form',
    part: 'read',
    asks: 'depth',
    expected: 'an array or an object',
    mark: 'L',
    look: depthForm,
  },
  {
    name: 'depth-volumes',
    part: 'read',
    asks: 'currentVolume of depth rows',
    expected: 'always 0',
    mark: '?',
    look: depthVolumes,
  },
  {
    name: 'hub-times',
    part: 'read',
    asks: 'zeros at the end of hub times',
    expected: 'left out',
    mark: 'L',
    look: hubTimes,
  },
];

async function connects(run: Run, options: HubTapOptions): Promise<Seen> {
  try {
    const tap = await tapHub(run.target.rtcUrl, 'user', run.http.token, options);
    await tap.stop();
    return 'connects';
  } catch {
    return 'refused';
  }
}

/** By hand: the stock client does not tell with what it was refused. */
function badToken({ target }: Run): Promise<Seen> {
  return new Promise((resolve) => {
    const socket = new WebSocket(
      `${hubUrl(target.rtcUrl, 'user').replace(/^http/, 'ws')}?access_token=none`,
      { handshakeTimeout: 10_000 },
    );
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(String(response.statusCode));
    });
    socket.on('open', () => {
      socket.terminate();
      resolve('connects');
    });
    socket.on('error', () => resolve(notSeen('no socket')));
  });
}

/** By hand: no client speaks a version that is none. */
function oldVersion({ target, http }: Run): Promise<Seen> {
  return new Promise((resolve) => {
    const socket = new WebSocket(
      `${hubUrl(target.rtcUrl, 'user').replace(/^http/, 'ws')}?access_token=${http.token}`,
    );
    const end = (seen: Seen): void => {
      clearTimeout(timer);
      socket.terminate();
      resolve(seen);
    };
    const timer = setTimeout(() => end('taken'), 5_000);
    socket.on('open', () => socket.send('{"protocol":"json","version":0}\u001E'));
    socket.on('message', (data: Buffer) =>
      end(data.toString('utf8').includes('"error"') ? 'refused' : 'taken'),
    );
    socket.on('close', () => end('closed'));
    socket.on('error', () => end(notSeen('no socket')));
  });
}

async function severalAccounts(run: Run): Promise<Seen> {
  const ids = run.accounts.map(({ id }) => id).slice(0, 5);
  if (ids.length < 2) return notSeen('the login has one account');
  const tap = await userHub(run);
  for (const id of ids)
    if ((await tap.call('SubscribeOrders', id)) !== undefined) return 'not all confirmed';
  for (const id of ids) if (id !== run.accountId) await tap.call('UnsubscribeOrders', id);
  return 'all confirmed';
}

async function snapshot(run: Run): Promise<Seen> {
  const tap = await userHub(run);
  // While the market is watched, nothing is done.
  await watchedMarket(run);
  const came = userEvents.filter((target) => tap.events(target).length > 0);
  return came.length === 0 ? 'nothing' : came.join(', ');
}

async function pings(run: Run): Promise<Seen> {
  const { records } = await userHub(run);
  await watchedMarket(run);
  const beginning = records[0]?.at ?? 0;
  // Only from where nothing else was heard: the ping before, or the beginning with its subscriptions. Some gateways wait anew behind every record.
  const gaps = records.flatMap(({ at, fields }, index) => {
    const before = records[index - 1];
    return fields['type'] === 6 &&
      before &&
      (before.fields['type'] === 6 || before.at - beginning < 1_000)
      ? [at - before.at]
      : [];
  });
  return gaps.length === 0
    ? notSeen('it was watched for too short a time')
    : `${Math.round(Math.min(...gaps) / 1000)} s`;
}

async function payloads(run: Run, target: string): Promise<unknown[]> {
  return (await watchedMarket(run)).events(target).map(({ given }) => given[1]);
}

async function payloadForm(run: Run, target: string): Promise<Seen> {
  const found = await payloads(run, target);
  if (found.length === 0) return notSeen(quiet);
  const forms = new Set(
    found.map((payload) =>
      Array.isArray(payload) ? 'an array' : isFields(payload) ? 'an object' : 'something else',
    ),
  );
  return [...forms].toSorted().join(' or ');
}

function ofRows(rows: readonly unknown[], holds: (row: Fields) => boolean): Seen {
  const found = rows.filter(isFields);
  return found.length === 0 ? notSeen(quiet) : found.every(holds) ? 'yes' : 'no';
}

async function sparse(run: Run): Promise<Seen> {
  const quotes = (await payloads(run, 'GatewayQuote')).filter(isFields);
  if (quotes.length < 5) return notSeen(quiet);
  return quotes.slice(1).some((row) => !('bestBid' in row) || !('bestAsk' in row))
    ? 'hold what changed'
    : 'hold everything';
}

async function volumeOnly(run: Run): Promise<Seen> {
  const quotes = (await payloads(run, 'GatewayQuote')).filter(isFields);
  const some = quotes.some(
    (row) => 'volume' in row && ['lastPrice', 'bestBid', 'bestAsk'].every((name) => !(name in row)),
  );
  if (some) return 'some';
  return quotes.length < enoughQuotes ? notSeen(`only ${quotes.length} quotes came`) : 'none';
}

async function depthForm(run: Run): Promise<Seen> {
  const seen = await payloadForm(run, 'GatewayDepth');
  const count = (await payloads(run, 'GatewayDepth')).length;
  return typeof seen !== 'string' || seen.includes(' or ') || count >= enoughDepth
    ? seen
    : notSeen(`only ${count} came, each ${seen}`);
}

async function depthVolumes(run: Run): Promise<Seen> {
  const rows = (await payloads(run, 'GatewayDepth')).flat().filter(isFields);
  if (rows.length === 0) return notSeen(quiet);
  if (rows.every((row) => row['currentVolume'] === 0)) return 'always 0';
  return rows.every((row) => row['currentVolume'] === row['volume'])
    ? 'the same as volume'
    : 'another number';
}

async function hubTimes(run: Run): Promise<Seen> {
  const texts = (await watchedMarket(run)).records.map(({ text }) => text).join('');
  const fractions = [...texts.matchAll(/T\d\d:\d\d:\d\d\.(\d+)/g)].map(([, digits = '']) => digits);
  if (fractions.some((digits) => digits.endsWith('0'))) return 'written';
  return fractions.length < enoughTimes ? notSeen(quiet) : 'left out';
}
