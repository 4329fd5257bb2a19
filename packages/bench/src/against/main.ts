import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { median, round, valuesAt } from '../measure/percentiles.ts';
import { terminalProgress } from '../measure/progress.ts';
import { seededChance } from '../measure/seeded-chance.ts';
import { shuffled } from '../measure/shuffled.ts';
import { takePlace } from '../measure/take-place.ts';
import { ChildServer } from '../servers/child-server.ts';
import { startServers } from '../servers/start-servers.ts';
import { buildBase } from './build-base.ts';
import type { Pair, PairedRatio } from './paired-ratio.ts';
import { pairedRatio } from './paired-ratio.ts';
import type { TakenRound } from './taken-round.ts';

const usage = `Measures whole orders of this checkout beside those of another revision: placeMarketOrder to its outcome, with a journal on disk, over the fast executor, against one server that answers at once.
Both are bots in processes of their own. They take turns in pairs of rounds, and what is printed is the ratio of each pair's medians, over all pairs, with its 95 % interval.

  --base REV      the revision, such as main~20: it is checked out, installed and built in a temporary folder
  --built FOLDER  a checkout that is built already, in place of --base
  --of FOLDER     a checkout that is built already, in place of this one: to find the change that cost something
  --pairs N       default 40, at least 30
  --starts N      how often both bots are begun anew, default 5
  --orders N      orders of a round, default 300
  --warm-up N     orders of each bot before the first round, default 8000; with fewer, a checkout beside itself came to 1.07
  --https         over TLS
  --seed N        sets which of a pair comes first, default 1
  --cpus 0,1      bots on processor 0, server on processor 1 (Linux's taskset)
  --json FILE     writes figures and pairs
`;
const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    built: { type: 'string' },
    of: { type: 'string' },
    pairs: { type: 'string', default: '40' },
    starts: { type: 'string', default: '5' },
    orders: { type: 'string', default: '300' },
    'warm-up': { type: 'string', default: '8000' },
    https: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    cpus: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
/** Not counted at the begin of each round: the other bot has used the caches. */
const warmAgain = 30;

interface Figures {
  readonly p50: PairedRatio;
  readonly p95: PairedRatio;
  readonly processor: PairedRatio;
  /** Microseconds, over all rounds. */
  readonly oursUs: number;
  readonly baseUs: number;
}

if (values.help) console.log(usage);
else await compare();

async function compare(): Promise<void> {
  const [pairs, starts, orders, warmUp, seed] = [
    whole('pairs', 30),
    whole('starts', 1),
    whole('orders', 50),
    whole('warm-up', 0),
    whole('seed', 0),
  ];
  const { base, built } = values;
  if ((base === undefined) === (built === undefined))
    throw new TypeError('either --base or --built must be given');
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  terminalProgress(base === undefined ? '' : `building ${base}`);
  const other =
    base === undefined
      ? { folder: built ?? '', revision: built ?? '', remove: () => {} }
      : buildBase(root, base);
  try {
    const loadBefore = loadavg()[0] ?? 0;
    const figures = await measure({
      root: values.of ?? root,
      base: other.folder,
      pairs,
      starts,
      orders,
      warmUp,
      seed,
    });
    terminalProgress('');
    const load = `load ${round(loadBefore)} before, ${round(loadavg()[0] ?? 0)} at the end`;
    console.log(
      `${values.of ?? 'this checkout'} ÷ ${other.revision}, whole orders with a journal on disk over ${values.https ? 'HTTPS' : 'HTTP'}, ${pairs} pairs of ${orders} orders in ${starts} starts, ${process.version}, ${load}`,
    );
    console.log(
      `  p50  ${line(figures.p50)}   ${round(figures.oursUs)} and ${round(figures.baseUs)} µs`,
    );
    console.log(`  p95  ${line(figures.p95)}`);
    console.log(`  processor time of the bot  ${line(figures.processor)}`);
    if (values.json !== undefined)
      writeFileSync(
        values.json,
        `${JSON.stringify({ base: other.revision, pairs, starts, orders, loadBefore, ...figures }, null, 2)}\n`,
      );
  } finally {
    other.remove();
  }
}

interface Run {
  readonly root: string;
  readonly base: string;
  readonly pairs: number;
  readonly starts: number;
  readonly orders: number;
  readonly warmUp: number;
  readonly seed: number;
}
interface Round {
  readonly ours: TakenRound;
  readonly base: TakenRound;
}

async function measure(run: Run): Promise<Figures> {
  const place = takePlace(values.cpus);
  const chance = seededChance(run.seed);
  const servers = await startServers(place?.server);
  const rounds: Round[] = [];
  try {
    const url = servers.floor.url(values.https ? 'https' : 'http');
    for (let start = 1; start <= run.starts; start += 1) {
      // A process is a little faster or slower than another of the same code for as long as it lives: both are begun anew several times.
      const until = Math.round((run.pairs * start) / run.starts);
      await takeRounds(run, { url, client: place?.client, chance, start }, (taken) => {
        rounds.push(taken);
        return rounds.length < until;
      });
    }
  } finally {
    servers.close();
  }
  const at = (percent: number): Pair[] =>
    rounds.map(({ ours, base }) => ({
      ours: valuesAt(ours.ordersUs, [percent])[0] ?? Number.NaN,
      base: valuesAt(base.ordersUs, [percent])[0] ?? Number.NaN,
    }));
  const processor = pairedRatio(
    rounds.map(({ ours, base }) => ({ ours: ours.processorUs, base: base.processorUs })),
  );
  return {
    p50: pairedRatio(at(50)),
    p95: pairedRatio(at(95)),
    processor,
    oursUs: median(rounds.flatMap(({ ours }) => ours.ordersUs)),
    baseUs: median(rounds.flatMap(({ base }) => base.ordersUs)),
  };
}

/** Pairs of rounds by two fresh bots, until `taken` says that it is enough. */
async function takeRounds(
  run: Run,
  {
    url,
    client,
    chance,
    start,
  }: {
    readonly url: string;
    readonly client: string | undefined;
    readonly chance: () => number;
    readonly start: number;
  },
  taken: (round: Round) => boolean,
): Promise<void> {
  const bots: ChildServer[] = [];
  try {
    for (const [root, account] of [
      [run.root, 1_001],
      [run.base, 1_002],
    ] as const) {
      bots.push(
        await ChildServer.start(
          'a bot',
          [root, url, `PRAC-V2-${account + 2 * start}`],
          client,
          new URL('bot-process.js', import.meta.url),
        ),
      );
    }
    const take = async (bot: ChildServer, count: number): Promise<TakenRound> =>
      (await bot.ask('take', count)) as TakenRound;
    terminalProgress(`start ${start} of ${run.starts}: warming up`);
    for (const bot of bots) await take(bot, run.warmUp);
    let goesOn = true;
    for (let pair = 1; goesOn; pair += 1) {
      terminalProgress(`start ${start} of ${run.starts}: pair ${pair}`);
      const rounds = new Map<ChildServer | undefined, TakenRound>();
      for (const bot of shuffled(bots, chance)) {
        await take(bot, warmAgain);
        rounds.set(bot, await take(bot, run.orders));
      }
      const [ours, base] = [rounds.get(bots[0]), rounds.get(bots[1])];
      goesOn = ours && base ? taken({ ours, base }) : false;
    }
  } finally {
    for (const bot of bots) bot.close();
  }
}

function line({ ratio, from, to }: PairedRatio): string {
  return `${ratio.toFixed(3)}  (95 %: ${from.toFixed(3)} to ${to.toFixed(3)})`;
}

function whole(name: 'pairs' | 'starts' | 'orders' | 'warm-up' | 'seed', least: number): number {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < least)
    throw new TypeError(
      `--${name} is "${values[name]}", must be a whole number of at least ${least}`,
    );
  return number;
}
