import type { Broker } from '@hotpath/core';
import { openBroker, placeOnce } from '../clients/open-broker.ts';
import type { ExecutorName } from '../clients/open-broker.ts';
import { rawSocket } from '../clients/raw-clients.ts';
import { undiciDispatch } from '../clients/undici-clients.ts';
import type { CaseLabel, Measured } from '../measure/measured-case.ts';
import { openLoop } from '../measure/open-loop.ts';
import { turnFor } from '../measure/measure-rounds.ts';
import { shuffled } from '../measure/shuffled.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing } from './bench-context.ts';

const symbols = ['MNQ', 'MES', 'NQ', 'ES', 'MGC'] as const;
const rates = [0, 5_000, 20_000];
const ordersPerSecond = 400;

/** Orders at a fixed rate, from their due times, while the hubs of the same process deliver so many events a second in bursts, all of them handled. */
export async function busyLoop(context: BenchContext): Promise<PartResult> {
  const { floor, orders, quick } = context;
  const { broker, close } = await openBroker({
    url: floor.url('http'),
    hubs: floor.url('hubs'),
    journal: 'memory',
  });
  const target = { url: floor.url('http'), order: orders.http, atOnce: 64 };
  const [raw, dispatch] = [await rawSocket(target), await undiciDispatch(target)];
  const senders = [
    { name: 'whole, fast executor', journal: 'memory', send: () => placeOnce(broker) },
    { name: raw.name, journal: 'none', send: () => raw.send() },
    ...(quick
      ? []
      : [{ name: dispatch.name, journal: 'none' as const, send: () => dispatch.send() }]),
  ] as const;
  return closing([raw, dispatch, { close }], async () => {
    const heard = await listenToAll(broker);
    const cases = rates.flatMap((rate) => senders.map((sender) => busyCase(rate, sender)));
    await openLoop(() => placeOnce(broker), ordersPerSecond, quick ? 200 : 400);
    const sent = await takeRounds(context, cases);
    await heard.caughtUp();
    const measured: Measured[] = cases.map(({ label, rounds: taken }) => ({
      label,
      rounds: taken,
    }));
    return {
      measured,
      figures: {
        hubEventsSent: sent,
        hubTradesTold: heard.trades(),
        hubUserEventsTold: heard.userEvents(),
        hubGaps: heard.gaps(),
      },
    };
  });
}

interface BusyCase {
  /** Hub events a second. */
  readonly rate: number;
  readonly send: () => Promise<void>;
  readonly label: CaseLabel;
  /** Of the usual number of orders. */
  readonly share: number;
  readonly rounds: number[][];
}

function busyCase(
  rate: number,
  { name, journal, send }: Pick<CaseLabel, 'name' | 'journal'> & Pick<BusyCase, 'send'>,
): BusyCase {
  const load = `open loop ${ordersPerSecond}/s, ${rate === 0 ? 'hubs idle' : `${rate} hub events/s`}`;
  const label: CaseLabel = { name, operation: 'place', transport: 'http', journal, rttMs: 0, load };
  return { rate, send, label, share: name.startsWith('whole') ? 1 : 0.5, rounds: [] };
}

/** Measures every case once a round, and gives how many events the hubs have sent. */
async function takeRounds(
  { floor, quick, chance, progress }: BenchContext,
  cases: readonly BusyCase[],
): Promise<number> {
  const rounds = quick ? 3 : 20;
  const seconds = quick ? 0.4 : 1;
  let sent = 0;
  for (let round = 1; round <= rounds; round += 1) {
    for (const rate of shuffled(rates, chance)) {
      progress(`busy with ${rate} hub events a second: round ${round} of ${rounds}`);
      await floor.ask('feed', rate);
      // The first burst is not measured as if it were the usual case.
      await turnFor(120);
      for (const each of shuffled(
        cases.filter((one) => one.rate === rate),
        chance,
      ))
        each.rounds.push(
          await openLoop(
            each.send,
            ordersPerSecond,
            Math.round(ordersPerSecond * seconds * each.share),
          ),
        );
      sent += Number(await floor.ask('feed', 0));
      await turnFor(50);
    }
  }
  return sent;
}

interface Heard {
  readonly trades: () => number;
  readonly userEvents: () => number;
  /** Told when more came than could be handed on, or a connection was lost: 0, or not everything was handled. */
  readonly gaps: () => number;
  /** Resolves when nothing more comes. */
  readonly caughtUp: () => Promise<void>;
}

/** A bot that watches five contracts and its account. */
async function listenToAll(broker: Broker<ExecutorName>): Promise<Heard> {
  let trades = 0;
  let userEvents = 0;
  let gaps = 0;
  broker.on('order.updated', () => (userEvents += 1));
  broker.on('position.updated', () => (userEvents += 1));
  broker.on('account.updated', () => (userEvents += 1));
  broker.on('stream.gap', () => (gaps += 1));
  const live = symbols.map(
    (symbol) =>
      new Promise<void>((resolve, reject) => {
        broker
          .subscribe({ symbol, channels: ['quotes', 'trades', 'depth'] }, (item) => {
            if (item.of === 'live') resolve();
            if (item.of === 'market-trade') trades += 1;
            if (item.of === 'gap') gaps += 1;
          })
          .catch(reject);
      }),
  );
  await Promise.all(live);
  gaps = 0;
  return {
    trades: () => trades,
    gaps: () => gaps,
    userEvents: () => userEvents,
    async caughtUp() {
      for (let before = -1; before !== trades;) {
        before = trades;
        await turnFor(100);
      }
    },
  };
}
