import type { OpenClient } from '../clients/client.ts';
import { openBroker, placeOnce } from '../clients/open-broker.ts';
import type { ExecutorName } from '../clients/open-broker.ts';
import { newConnection, rawSocket } from '../clients/raw-clients.ts';
import { plainFetch } from '../clients/undici-clients.ts';
import type { CaseLabel, Measured } from '../measure/measured-case.ts';
import { measureRounds } from '../measure/measure-rounds.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing, transports } from './bench-context.ts';

export const roundTrips = [0, 5, 20, 80] as const;
/** Longer than the mortal server keeps an idle connection. */
const idleMs = 2_500;
/** Between the orders of two lanes that idle: a handshake takes whole milliseconds of a processor. */
const apartMs = 60;

interface Lane {
  readonly label: CaseLabel;
  readonly count: number;
  /** Milliseconds without an order before each. Default 0. Such an order may fail, as when it meets a connection that the server is ending. */
  readonly idleMs?: number | undefined;
  /** Resolves when the next order may be sent. */
  readonly ready?: (() => Promise<void>) | undefined;
  readonly send: () => Promise<void>;
  readonly close: () => Promise<void> | void;
}

/** Orders that came after idling, and those of them that failed. */
interface IdleCounts {
  orders: number;
  failed: number;
}

/**
 * Orders over networks of several lengths, one after the other in each lane. Lanes of a short way take turns in rounds. Lanes of a long way run at the same time: waiting for a network takes no processor, and what one lane's few microseconds
 * do to another is far below what is looked for here. Clients that take whole milliseconds of a processor have a time of their own.
 */
export async function farAway(context: BenchContext): Promise<PartResult> {
  const { floor } = context;
  const idle = { orders: 0, failed: 0 };
  const measured = await nearby(context);
  // Idle connections are ended from when all are open: on a busy machine a login takes longer than the server's patience.
  const light = [...openLightLanes(context), ...openIdleLanes(context)];
  measured.push(
    ...(await opened(light, async (lanes) => {
      await floor.ask('end idle', true);
      return together(context, '20 and 80 ms of round trip', lanes, idle);
    })),
  );
  await floor.ask('end idle', false);
  measured.push(
    ...(await opened(openHeavyLanes(context), (lanes) =>
      together(context, '20 and 80 ms of round trip, heavier clients', lanes, idle),
    )),
  );
  return {
    measured: merged(measured),
    figures: { afterIdleOrders: idle.orders, afterIdleFailed: idle.failed },
  };
}

/** Over a long way to open all lanes at the same time takes as long as the longest, and not as long as all. */
async function opened(
  opening: readonly Promise<Lane>[],
  measure: (lanes: readonly Lane[]) => Promise<Measured[]>,
): Promise<Measured[]> {
  const lanes = (await Promise.allSettled(opening)).flatMap((lane) =>
    lane.status === 'fulfilled' ? [lane.value] : [],
  );
  return closing(lanes, async () => {
    await Promise.all(opening);
    return measure(lanes);
  });
}

function together(
  { progress }: BenchContext,
  what: string,
  lanes: readonly Lane[],
  idle: IdleCounts,
): Promise<Measured[]> {
  progress(`${what}: ${lanes.length} lanes`);
  return Promise.all(lanes.map((lane) => run(lane, idle)));
}

/** Lanes of a short way, in rounds. */
async function nearby(context: BenchContext): Promise<Measured[]> {
  const { quick, chance, progress } = context;
  const measured: Measured[] = [];
  const perRound = quick ? 15 : 20;
  for (const rttMs of [0, 5]) {
    for (const transport of transports) {
      const opening = ([rawSocket, 'fast', plainFetch] as const).map((open) =>
        openLane(context, { rttMs, transport, open, count: quick ? 45 : 500 }),
      );
      const taken = await opened(opening, (lanes) => {
        const cases = lanes.map(({ label, send, close }) => ({ ...label, once: send, close }));
        return measureRounds(cases, {
          rounds: (lanes[0]?.count ?? 0) / perRound,
          perRound,
          warmUp: 3,
          chance,
          progress,
        });
      });
      measured.push(...taken);
    }
  }
  return measured;
}

const farWays = [20, 80].flatMap((rttMs) => transports.map((transport) => ({ rttMs, transport })));

function openLightLanes(context: BenchContext): Promise<Lane>[] {
  return farWays.flatMap((way) => {
    const count = Math.ceil((context.quick ? 3_000 : 30_000) / way.rttMs);
    const step = inStep(2);
    return ([rawSocket, 'fast'] as const).map(async (open) => ({
      ...(await openLane(context, { ...way, open, count })),
      ready: step,
    }));
  });
}

function openHeavyLanes(context: BenchContext): Promise<Lane>[] {
  return farWays.flatMap((way) =>
    ([plainFetch, 'fallback', newConnection] as const)
      .filter((open) => open !== newConnection || way.transport === 'https')
      .map((open) =>
        openLane(context, {
          ...way,
          open,
          count: Math.ceil(
            (context.quick ? 1_500 : 30_000) / way.rttMs / (open === newConnection ? 4 : 1),
          ),
        }),
      ),
  );
}

interface LaneOptions {
  readonly rttMs: number;
  readonly transport: 'http' | 'https';
  /** A client, or the whole over one of our executors. */
  readonly open: OpenClient | ExecutorName;
  readonly count: number;
}

async function openLane(
  { far, orders, nextAccount }: BenchContext,
  { rttMs, transport, open, count }: LaneOptions,
): Promise<Lane> {
  const url = far.url(`${transport} ${rttMs}`);
  const label = {
    operation: 'place',
    transport,
    rttMs,
    load: 'one at a time, through the delay proxy',
  } as const;
  if (typeof open === 'string') {
    const { broker, close } = await openBroker({
      url,
      journal: 'file',
      executor: open,
      account: nextAccount(),
    });
    return {
      label: { ...label, name: `whole, ${open} executor`, journal: 'file' },
      count,
      send: () => placeOnce(broker),
      close,
    };
  }
  const client = await open({ url, order: orders[transport] });
  return {
    label: { ...label, name: client.name, journal: 'none' },
    count,
    send: () => client.send(),
    close: () => client.close(),
  };
}

function openIdleLanes({ far, orders, quick, nextAccount }: BenchContext): Promise<Lane>[] {
  const url = far.url('mortal-https 20');
  const label = {
    operation: 'place',
    transport: 'https',
    rttMs: 20,
    load: "after idling past the server's keep-alive",
  } as const;
  const count = quick ? 1 : 8;
  return Array.from({ length: 8 }, (_, index) => [
    openBroker({ url, journal: 'memory', account: nextAccount() }).then(({ broker, close }) => ({
      label: { ...label, name: 'whole, fast executor', journal: 'memory' as const },
      count,
      idleMs: idleMs + index * apartMs,
      send: () => placeOnce(broker),
      close,
    })),
    plainFetch({ url, order: orders.https }).then((plain) => ({
      label: { ...label, name: plain.name, journal: 'none' as const },
      count,
      idleMs: idleMs + (index + 0.5) * apartMs,
      send: () => plain.send(),
      close: () => plain.close(),
    })),
  ]).flat();
}

/** Each order of one beside an order of the others, so that what disturbs the machine or the proxy disturbs all: they are compared far out, at p99. */
function inStep(lanes: number): () => Promise<void> {
  let waiting: (() => void)[] = [];
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length < lanes) return;
      const all = waiting;
      waiting = [];
      for (const go of all) go();
    });
}

async function run(
  { label, count, idleMs: restMs = 0, ready, send }: Lane,
  idle: IdleCounts,
): Promise<Measured> {
  const taken: number[] = [];
  const passIdle = (error: unknown): false => {
    if (restMs === 0) throw error;
    return false;
  };
  for (let index = 0; index < 3; index += 1) await send().catch(passIdle);
  for (let index = 0; index < count; index += 1) {
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs + index * 37));
    await ready?.();
    const before = performance.now();
    const answered = await send().then(() => true, passIdle);
    if (answered) taken.push((performance.now() - before) * 1_000);
    if (restMs > 0) idle.orders += 1;
    if (!answered) idle.failed += 1;
  }
  return { label, rounds: [taken] };
}

/** Lanes of the same label are one row. */
function merged(all: readonly Measured[]): Measured[] {
  const rows = new Map<string, Measured>();
  for (const each of all) {
    const key = JSON.stringify(each.label);
    rows.set(key, {
      label: each.label,
      rounds: [...(rows.get(key)?.rounds ?? []), ...each.rounds],
    });
  }
  return [...rows.values()];
}
