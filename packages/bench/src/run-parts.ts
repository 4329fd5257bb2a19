import { atOnce } from './cases/at-once.ts';
import type { BenchContext, PartResult, WatchedPart } from './cases/bench-context.ts';
import { busyLoop } from './cases/busy.ts';
import { farAway } from './cases/far-away.ts';
import { idleSocketsClosed } from './cases/idle-sockets-closed.ts';
import type { MemoryPoint } from './cases/memory.ts';
import { memoryOverOrders } from './cases/memory.ts';
import { oneByOne } from './cases/one-at-a-time.ts';
import { openLoops } from './cases/open-loop-cases.ts';
import { simulatorLives } from './cases/simulator.ts';
import { stalledConnection } from './cases/stalled.ts';
import { idleForTenMinutes } from './cases/ten-minutes.ts';
import { whileComputing } from './cases/while-computing.ts';
import { collectGarbage } from './measure/collect-garbage.ts';
import { watchLoop } from './measure/loop-watch.ts';
import { round } from './measure/percentiles.ts';
import { medianRouteCost } from './parts/route-cost.ts';

export interface AllParts {
  readonly parts: readonly WatchedPart[];
  readonly memory: readonly MemoryPoint[];
}

const named: readonly (readonly [
  name: string,
  run: (context: BenchContext) => Promise<PartResult>,
])[] = [
  ['one at a time', oneByOne],
  ['while the caller computes', whileComputing],
  ['at once', atOnce],
  ['open loop', openLoops],
  ['busy with hub events', busyLoop],
  ['far away and after idle', farAway],
  ['stalled connection', stalledConnection],
  ['idle connections closed', idleSocketsClosed],
  ['at the simulator', simulatorLives],
];

/** Runs the parts whose names hold one of `only`'s texts, which commas part; one after the other. */
export async function runParts(context: BenchContext, only: string): Promise<AllParts> {
  const parts: WatchedPart[] = [];
  let memory: readonly MemoryPoint[] = [];
  const isWanted = (part: string): boolean =>
    only.split(',').some((text) => part.includes(text.trim()));
  const watched = async (part: string, run: () => Promise<PartResult>): Promise<void> => {
    if (!isWanted(part)) return;
    collectGarbage();
    const { result, loop } = await watchLoop(run);
    parts.push({ ...result, part, loop });
  };
  // Begun first, because it takes longest by far.
  const idle =
    !context.quick && isWanted('ten idle minutes') ? await idleForTenMinutes(context) : undefined;
  for (const [name, run] of named) await watched(name, () => run(context));
  await watched('memory', async () => {
    const { memory: points, ...rest } = await memoryOverOrders(context);
    memory = points;
    return rest;
  });
  await watched('routing', () =>
    Promise.resolve({ measured: [], figures: { routeUs: round(medianRouteCost(), 3) } }),
  );
  if (idle) await watched('ten idle minutes', () => idle.finish());
  return { parts, memory };
}
