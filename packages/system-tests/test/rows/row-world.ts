import type { TopstepxOptions } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions, EventMap, Outcome, PlaceOutcome } from '@hotpath/core';
import type { GatewayLogEntry, GatewayOptions, OrderTruth } from '@hotpath/gateway-sim';
import { expect } from 'vitest';
import type { SimulatedWorld } from '../../src/world/simulated-world.ts';
import { simulatedWorld } from '../../src/world/simulated-world.ts';
import type { LossyProxy } from '../lossy-proxy.ts';
import { startLossyProxy } from '../lossy-proxy.ts';

export type Key = 'fast' | 'fallback';
/** Both, each of them the one that is tried first. */
export const executors: readonly Key[] = ['fast', 'fallback'];

/** The times of the policy, a tenth of their defaults, so that no test passes a minute. */
export const times = {
  lookupAfterMs: 100,
  repeatAfterMs: 300,
  answerTimeoutMs: 1_000,
  outcomeWithinMs: 1_200,
  settleMs: 1_500,
  lookupTimeoutMs: 200,
} as const;

export const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
export const resting = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 20_000 } as const;

/** An order that nobody sends again once its deadline is past. */
export const shortEntry: typeof resting & {
  readonly clientOrderId: string;
  readonly deadlineMs: number;
} = { ...resting, clientOrderId: 'entry-1', deadlineMs: 500 };

export interface RowOptions {
  readonly gateway?: GatewayOptions | undefined;
  readonly broker?: Partial<BrokerOptions<Key>> | undefined;
  readonly adapter?: Partial<TopstepxOptions> | undefined;
  /** Whether the order stream tells of orders. Default true; without it a lookup has to show them. */
  readonly stream?: boolean | undefined;
}

/** A gateway behind a proxy, and a broker on it that tries one executor first. Nothing passes but by the test's clock. */
export interface RowWorld {
  readonly world: SimulatedWorld;
  readonly broker: Broker<Key>;
  readonly proxy: LossyProxy;
  /** Every event of the broker's, in the order in which they came. */
  readonly events: readonly { readonly name: keyof EventMap<Key>; readonly event: unknown }[];
  /** Another broker on the same gateway, through the same proxy. */
  connect(
    options?: Partial<BrokerOptions<Key>>,
    adapter?: Partial<TopstepxOptions>,
    connected?: (broker: Broker<Key>) => void,
  ): Promise<Broker<Key>>;
  /** Lets time pass until something holds; what still travels after that gets the time it needs. */
  until(holds: () => boolean, withinMs: number): Promise<void>;
  /** Requests to an endpoint that have ended, such as `Order/place`. */
  requests(endpoint: string): number;
  orders(): readonly OrderTruth[];
  /** Contracts held, with their sign. */
  held(): number;
  of(name: keyof EventMap<Key>): readonly unknown[];
  /** Sends a request as another program of the same user would. */
  elsewhere(path: string, body: object): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

const accountId = 700_001;
const heard = [
  'order.accepted',
  'order.rejected',
  'order.not-sent',
  'order.unknown',
  'order.resolved',
  'order.contradicted',
  'order.filled',
  'broker.recovered',
  'position.unexpected',
  'position.reversed',
  'executor.fallback',
  'journal.failed',
  'stream.gap',
  'stream.synced',
  'session.failed',
  'position.unprotected',
  'halted',
] as const;

export async function rowWorld(
  first: Key,
  { gateway = {}, broker: options = {}, adapter = {}, stream = true }: RowOptions = {},
): Promise<RowWorld> {
  const log: GatewayLogEntry[] = [];
  const world = await simulatedWorld({
    rateLimit: { everythingElse: 'off' },
    accounts: [{ id: accountId, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }],
    ...gateway,
    log: (entry) => void log.push(entry),
  });
  const proxy = await startLossyProxy(world.gateway);
  if (!stream)
    for (const event of ['GatewayUserOrder', 'GatewayUserPosition', 'GatewayUserTrade'])
      world.gateway.faults.add({ hub: 'user', event, fault: { kind: 'event-drop' } });
  const connect: RowWorld['connect'] = (given = {}, adapterGiven = {}, connected) =>
    world.connect(
      {
        ...times,
        routing: {
          version: 1,
          salt: 'rows',
          default: { fast: first === 'fast' ? 100 : 0, fallback: first === 'fast' ? 0 : 100 },
        },
        ...given,
      },
      { rateLimit: 'off', baseUrl: proxy.url, rtcUrl: world.gateway.url, ...adapterGiven },
      connected,
    );
  const events: { readonly name: keyof EventMap<Key>; readonly event: unknown }[] = [];
  const broker = await connect(options, adapter, (made) => {
    for (const name of heard) made.on(name, (event: unknown) => void events.push({ name, event }));
  });
  for (let steps = 0; !events.some(({ name }) => name === 'stream.synced'); steps += 1) {
    if (steps > 20_000) throw new Error('the order stream did not come to life');
    await world.pass(5, 5);
    if (steps > 100) await breath();
  }
  const truth = (): ReturnType<typeof world.gateway.truth> => world.gateway.truth();
  return {
    world,
    broker,
    proxy,
    events,
    connect,
    async until(holds, withinMs) {
      for (let passed = 0; passed <= withinMs && !holds(); passed += 50) await world.pass(50, 50);
      await expect.poll(holds, { timeout: 10_000, interval: 5 }).toBe(true);
    },
    requests: (endpoint) => log.filter(({ path }) => path === `/api/${endpoint}`).length,
    orders: () => truth().orders,
    held: () => truth().positions.reduce<number>((sum, row) => sum + signedSize({ ...row }), 0),
    of: (wanted) => events.filter(({ name }) => name === wanted).map(({ event }) => event),
    elsewhere: (path, body) => sendElsewhere(world.gateway.url, path, body),
    async close() {
      world.gateway.faults.clear();
      await world.close();
      await proxy.close();
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

async function sendElsewhere(url: string, path: string, body: object): Promise<Fields> {
  const post = async (where: string, fields: object, token = ''): Promise<Fields> => {
    const response = await fetch(`${url}/api/${where}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(fields),
    });
    return (await response.json()) as Fields;
  };
  const { token } = await post('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' });
  return post(path, { accountId, ...body }, String(token));
}

/** A moment of the machine's own time: a hub's connection is made by timers that no test moves, and gives up by those that it does. */
function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

function signedSize(row: { readonly size?: unknown; readonly type?: unknown }): number {
  return Number(row.size) * (row.type === 1 ? 1 : -1);
}

/** The last word about a call. */
export async function endOf(outcome: Outcome<Key>): Promise<Outcome<Key>> {
  return outcome.kind === 'unknown' && !outcome.final ? outcome.resolved : outcome;
}

/** The order id of a place that was accepted. */
export function orderIdOf(outcome: PlaceOutcome<Key>): string {
  if (outcome.kind !== 'accepted')
    throw new Error(`${outcome.kind} ${outcome.code}: ${outcome.message}`);
  return outcome.orderId;
}
