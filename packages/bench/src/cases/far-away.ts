import type { OpenClient } from '../clients/client.ts';
import { openBroker, placeOnce } from '../clients/open-broker.ts';
import type { ExecutorName } from '../clients/open-broker.ts';
import { newConnection, rawSocket } from '../clients/raw-clients.ts';
import { plainFetch } from '../clients/undici-clients.ts';
import type { CaseLabel, Measured } from '../measure/measured-case.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing, transports } from './bench-context.ts';

export const roundTrips = [0, 5, 20, 80] as const;
/** Longer than the mortal server keeps an idle connection. */
const idleMs = 2_500;

interface Lane {
  readonly label: CaseLabel;
  readonly count: number;
  /** Milliseconds without an order before each. Default 0. */
  readonly idleMs?: number | undefined;
  /** Resolves when the next order may be sent. */
  readonly ready?: (() => Promise<void>) | undefined;
  readonly send: () => Promise<void>;
  readonly close: () => Promise<void> | void;
}

/**
 * Orders over networks of several lengths, one after the other in each lane. Lanes of a long way run at the same time: waiting for a network takes no processor, and what one lane's few microseconds
 * do to another is far below what is looked for here. Clients that take whole milliseconds of a processor have a time of their own.
 */
export async function farAway(context: BenchContext): Promise<PartResult> {
  const { progress, quick } = context;
  const measured: Measured[] = [];
  const together = async (what: string, open: (lanes: Lane[]) => Promise<void>): Promise<void> => {
    const lanes: Lane[] = [];
    await closing(lanes, async () => {
      await open(lanes);
      progress(`${what}: ${lanes.length} lanes`);
      measured.push(...(await Promise.all(lanes.map(run))));
    });
  };
  for (const roundTripMs of [0, 5]) {
    for (const transport of transports) {
      for (const open of [rawSocket, 'fast', plainFetch] as const) await together(`${roundTripMs} ms of round trip`, (lanes) => openLane(context, lanes, { rttMs: roundTripMs, transport, open, count: quick ? 60 : 500 }));
    }
  }
  await together('20 and 80 ms of round trip', async (lanes) => {
    for (const rttMs of [20, 80]) {
      for (const transport of transports) {
        const count = Math.ceil((quick ? 5_000 : 30_000) / rttMs);
        const pair: Lane[] = [];
        for (const open of [rawSocket, 'fast'] as const) await openLane(context, pair, { rttMs, transport, open, count });
        lanes.push(...inStep(pair));
      }
    }
    await openIdleLanes(context, lanes);
  });
  await together('20 and 80 ms of round trip, heavier clients', async (lanes) => {
    for (const rttMs of [20, 80]) {
      for (const transport of transports) {
        for (const open of [plainFetch, 'fallback', newConnection] as const) {
          if (open === newConnection && transport === 'http') continue;
          const count = (quick ? 2_000 : 30_000) / rttMs;
          await openLane(context, lanes, { rttMs, transport, open, count: Math.ceil(open === newConnection ? count / 4 : count) });
        }
      }
    }
  });
  return { measured: merged(measured) };
}

interface LaneOptions {
  readonly rttMs: number;
  readonly transport: 'http' | 'https';
  /** A client, or the whole over one of our executors. */
  readonly open: OpenClient | ExecutorName;
  readonly count: number;
}

async function openLane({ far, orders, nextAccount }: BenchContext, lanes: Lane[], { rttMs, transport, open, count }: LaneOptions): Promise<void> {
  const url = far.url(`${transport} ${rttMs}`);
  const label = { operation: 'place', transport, rttMs, load: 'one at a time, through the delay proxy' } as const;
  if (typeof open === 'string') {
    const { broker, close } = await openBroker({ url, journal: 'file', executor: open, account: nextAccount() });
    lanes.push({ label: { ...label, name: `whole, ${open} executor`, journal: 'file' }, count, send: () => placeOnce(broker), close });
  } else {
    const client = await open({ url, order: orders[transport] });
    lanes.push({ label: { ...label, name: client.name, journal: 'none' }, count, send: () => client.send(), close: () => client.close() });
  }
}

async function openIdleLanes({ far, orders, quick, nextAccount }: BenchContext, lanes: Lane[]): Promise<void> {
  const url = far.url('mortal-https 20');
  const label = { operation: 'place', transport: 'https', rttMs: 20, load: 'after idling past the server\'s keep-alive' } as const;
  const counted = { count: quick ? 2 : 8, idleMs };
  for (let index = 0; index < 8; index += 1) {
    const { broker, close } = await openBroker({ url, journal: 'memory', account: nextAccount() });
    lanes.push({ label: { ...label, name: 'whole, fast executor', journal: 'memory' }, ...counted, send: () => placeOnce(broker), close });
    const plain = await plainFetch({ url, order: orders.https });
    lanes.push({ label: { ...label, name: plain.name, journal: 'none' }, ...counted, send: () => plain.send(), close: () => plain.close() });
  }
}

/** Each order of one beside an order of the other, so that what disturbs the machine or the proxy disturbs both: they are compared far out, at p99. */
function inStep(lanes: readonly Lane[]): Lane[] {
  let waiting: (() => void)[] = [];
  const together = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length < lanes.length) return;
      const all = waiting;
      waiting = [];
      for (const go of all) go();
    });
  return lanes.map((lane) => ({ ...lane, ready: together }));
}

async function run({ label, count, idleMs: restMs = 0, ready, send }: Lane): Promise<Measured> {
  const taken: number[] = [];
  for (let index = 0; index < 3; index += 1) await send();
  for (let index = 0; index < count; index += 1) {
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs + index * 37));
    await ready?.();
    const before = performance.now();
    await send();
    taken.push((performance.now() - before) * 1_000);
  }
  return { label, rounds: [taken] };
}

/** Lanes of the same label are one row. */
function merged(all: readonly Measured[]): Measured[] {
  const rows = new Map<string, Measured>();
  for (const each of all) {
    const key = JSON.stringify(each.label);
    rows.set(key, { label: each.label, rounds: [...(rows.get(key)?.rounds ?? []), ...each.rounds] });
  }
  return [...rows.values()];
}
