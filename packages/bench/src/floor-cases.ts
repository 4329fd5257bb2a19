import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, Executor, Journal, PreparedRequest } from '@hotpath/core';
import { Authorization, createBroker, fileJournal, memoryJournal, silentLogger, systemClock } from '@hotpath/core';
import { fastExecutor } from '@hotpath/executor-fast';
import { Agent, Client, fetch } from 'undici';
import { localhostCertificate } from './localhost-certificate.ts';
import type { MeasuredCase } from './measured-case.ts';
import { RawSocket } from './raw-socket.ts';

const order = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const ca = localhostCertificate.cert;
/** Long enough for an idle connection to be looked at before its next use. */
const restMs = 1.5;
type Transport = MeasuredCase['transport'];

export async function openBroker(url: string, journal: Journal): Promise<Broker<'fast'>> {
  return createBroker({
    adapter: topstepx({ userName: 'demo', apiKey: 'demo-key', account: 'PRAC-V2-1001', baseUrl: url, rateLimit: 'off' }),
    executors: { fast: fastExecutor({ tls: { ca } }) },
    routing: { version: 1, salt: 'bench', default: { fast: 100 } },
    journal,
  });
}

export async function placeOnce(broker: Broker<'fast'>): Promise<void> {
  const outcome = await broker.placeMarketOrder(order);
  if (outcome.kind !== 'accepted') throw new Error(`${outcome.code}: ${outcome.message}`);
}

async function wholeCase(transport: Transport, url: string, journal: 'memory' | 'file', rest?: number): Promise<MeasuredCase> {
  const folder = journal === 'file' ? mkdtempSync(join(tmpdir(), 'hotpath-bench-')) : undefined;
  const broker = await openBroker(url, folder ? fileJournal(join(folder, 'orders.journal')) : memoryJournal());
  const close = async (): Promise<void> => {
    await broker.close();
    if (folder) rmSync(folder, { recursive: true });
  };
  return { name: rest ? 'whole placeOrder after a rest' : 'whole placeOrder', transport, journal, restMs: rest, share: rest ? 0.2 : 1, once: () => placeOnce(broker), close };
}

/** Everything below is sent byte for byte as the broker's last order was. */
export async function floorCases(transport: Transport, url: string): Promise<MeasuredCase[]> {
  const whole = await wholeCase(transport, url, 'memory');
  await whole.once();
  const bytes = await lastPlace(url);
  const [head = '', body = ''] = bytes.split('\r\n\r\n');
  const headers = head.split('\r\n').slice(1).map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
  const sent = headers.filter(([name]) => !['host', 'connection', 'content-length'].includes(name));
  const raw = await RawSocket.open(url);
  const rested = await RawSocket.open(url);
  const client = new Client(url, { pipelining: 1, connect: { ca } });
  const agent = new Agent({ connect: { ca } });
  const executor = await fastExecutor({ tls: { ca } }).setup({ key: 'fast', endpoint: { origin: new URL(url), keepWarm: undefined }, clock: systemClock, log: silentLogger });
  await executor.connect();
  const request = preparedRequest(sent, body);
  const cases: MeasuredCase[] = [
    { name: 'raw socket', transport, journal: 'none', once: () => raw.exchange(bytes), close: () => raw.close() },
    { name: 'raw socket after a rest', transport, journal: 'none', restMs, share: 0.2, once: () => rested.exchange(bytes), close: () => rested.close() },
    { name: 'undici dispatch', transport, journal: 'none', once: () => dispatched(client, sent, body), close: () => client.destroy() },
    { name: 'fast executor', transport, journal: 'none', once: () => delivered(executor, request), close: () => executor.close() },
    whole,
    await wholeCase(transport, url, 'file'),
    await wholeCase(transport, url, 'memory', restMs),
    { name: 'fetch and JSON', transport, journal: 'none', once: () => fetched(agent, url, sent, body), close: () => agent.destroy() },
  ];
  if (transport === 'https') cases.push({ name: 'new TLS connection each', transport, journal: 'none', share: 0.1, once: () => anew(url, bytes), close() {} });
  return cases;
}

async function lastPlace(url: string): Promise<string> {
  const agent = new Agent({ connect: { ca } });
  const response = await fetch(new URL('/floor/last', url), { dispatcher: agent });
  const text: unknown = await response.json();
  await agent.close();
  return String(text);
}

function preparedRequest(headers: readonly (readonly [string, string])[], body: string): PreparedRequest {
  const bearer = headers.find(([name]) => name === 'authorization')?.[1] ?? '';
  const own = Object.fromEntries(headers.filter(([name]) => name !== 'authorization'));
  return { template: { operation: 'place', method: 'POST', path: '/api/Order/place', headers: own }, authorization: new Authorization(bearer, 1), body };
}

async function delivered(executor: Executor, request: PreparedRequest): Promise<void> {
  const delivery = await executor.deliver(request, { deadline: Infinity, answerTimeoutMs: 10_000, signal: undefined });
  if (delivery.stage !== 'answered') throw new Error(delivery.failure.message);
}

function dispatched(client: Client, headers: readonly (readonly [string, string])[], body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.dispatch({ method: 'POST', path: '/api/Order/place', headers: headers.flat(), body }, { onRequestStart() {}, onResponseStart() {}, onResponseData() {}, onResponseEnd: () => resolve(), onResponseError: (_, error) => reject(error) });
  });
}

/** What a plain client does for an order. */
async function fetched(agent: Agent, url: string, headers: readonly (readonly [string, string])[], body: string): Promise<void> {
  const content: unknown = JSON.parse(body);
  const response = await fetch(new URL('/api/Order/place', url), { method: 'POST', headers: headers.map(([name, value]): [string, string] => [name, value]), body: JSON.stringify(content), dispatcher: agent });
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('success' in answer)) throw new Error('That is no answer.');
}

async function anew(url: string, bytes: string): Promise<void> {
  const socket = await RawSocket.open(url);
  await socket.exchange(bytes);
  socket.close();
}
