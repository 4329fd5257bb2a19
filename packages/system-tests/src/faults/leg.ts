import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Truth } from '@hotpath/gateway-sim';
import { BotHandle } from './bot-handle.ts';
import { later } from './claimed-calls.ts';
import type { Claim } from './claims.ts';
import { readClaims } from './claims.ts';
import type { BotSettings } from './bot-settings.ts';
import { keeperAccountName } from './bot-settings.ts';
import { faultPlan } from './fault-plan.ts';
import { KeeperHandle } from './keeper-handle.ts';
import type { ReferenceName } from './reference-clients.ts';
import { seededChance } from './seeded-chance.ts';
import type { Times } from './times.ts';
import { VenueHandle } from './venue.ts';
import { venueHabits } from './venue-habits.ts';
import type { Verdict } from './verdict.ts';
import { judge } from './verdict.ts';

/** A part of the campaign: one venue, its bots, and what goes wrong. */
export interface LegPlan {
  readonly name: 'short delays' | 'long delays' | 'rate limits' | 'changed tags';
  readonly orders: number;
  readonly bots: number;
  readonly kills: number;
  readonly longestDelayMs: number;
  readonly rateLimited: boolean;
  readonly changesTags: boolean;
  /** Whether its venue has habits by the seed; the scoreboard's has none. */
  readonly hasHabits?: boolean | undefined;
  /** One of the common ways to place orders in place of Hotpath. */
  readonly client?: ReferenceName | undefined;
}
export interface LegResult {
  readonly plan: LegPlan;
  readonly faults: ReadonlyMap<string, number>;
  readonly kills: number;
  readonly verdicts: readonly Verdict[];
}
export interface LegContext {
  readonly seed: number;
  readonly times: Times;
  /** Where journals, claims and the venue's record lie; a folder of its own. */
  readonly folder: string;
  readonly onProgress: (leg: string, placed: number, kills: number) => void;
  /** Given each bot's claims and the venue's record, at the end. */
  readonly onClaims?:
    | ((claims: readonly Claim[], truth: Truth, botIndex: number) => void)
    | undefined;
}

/** What a busy machine may add to the time that a request is on its way. */
const busyMs = 5_000;

export async function runLeg(plan: LegPlan, context: LegContext): Promise<LegResult> {
  const { seed, times, onProgress } = context;
  const rateWindowMs = plan.rateLimited ? times.rateWindowMs : undefined;
  const venue = await VenueHandle.start({
    seed,
    bots: plan.bots,
    rateWindowMs,
    habits: plan.hasHabits === true ? venueHabits(seed, plan.name) : {},
  });
  const blows = new Map<string, number>();
  const count = (name: string): void => void blows.set(name, (blows.get(name) ?? 0) + 1);
  const quota = Math.ceil(plan.orders / plan.bots);
  const bots = Array.from({ length: plan.bots }, (_, index) =>
    makeBot(plan, context, { index, url: venue.url, quota }, count),
  );
  const chance = seededChance(seed, `supervisor ${plan.name}`);
  const keepers: KeeperHandle[] = [];
  const placed = (): number => bots.reduce((sum, bot) => sum + bot.placed, 0);
  let kills = 0;
  try {
    if (plan.rateLimited && plan.client === undefined)
      for (const { settings } of bots) keepers.push(await startKeeper(settings));
    await venue.add(faultPlan(plan.longestDelayMs, { starts: plan.client === undefined }));
    for (const bot of bots) bot.start('trade');
    const total = quota * plan.bots;
    let blowIn = times.blowEveryMs;
    for (;;) {
      const pause = 20 + chance() * 60;
      await later(pause, undefined);
      mustRun(plan, bots);
      onProgress(plan.name, placed(), kills);
      const done = placed() / total;
      if (kills < plan.kills && done >= (kills + 1) / (plan.kills + 1)) {
        const alive = bots.filter(({ isThrough }) => !isThrough);
        const victim = (alive.length > 0 ? alive : bots)[
          Math.floor(chance() * (alive.length > 0 ? alive : bots).length)
        ];
        await victim?.killAndRestart();
        kills += 1;
      } else if (bots.every(({ isThrough }) => isThrough)) {
        if (kills >= plan.kills) break;
      }
      blowIn -= pause;
      if (blowIn <= 0) {
        blowIn = times.blowEveryMs * (0.5 + chance());
        await strike(venue, bots, chance, count, times);
        // As often as there is one to stop: after a stop a bot keeps the account, until it is killed.
        for (const keeper of keepers) if (await keeper.strike()) count('keeper stopped');
      }
    }
    const faults = await venue.struck();
    await venue.calm();
    for (const keeper of keepers) keeper.wake();
    const verdicts = await settleAndJudge(plan, context, venue, bots);
    return { plan, faults: new Map([...faults, ...blows]), kills, verdicts };
  } finally {
    for (const bot of bots) bot.stop();
    for (const keeper of keepers) keeper.stop();
    await venue.stop();
  }
}

function makeBot(
  plan: LegPlan,
  { seed, times, folder }: LegContext,
  own: Pick<BotSettings, 'index' | 'url' | 'quota'>,
  count: (name: string) => void,
): BotHandle {
  const settings = {
    mode: 'trade' as const,
    session: 0,
    seed,
    ...own,
    journal: join(folder, `bot-${own.index}.journal`),
    claims: join(folder, `bot-${own.index}.claims`),
    times,
    rateLimited: plan.rateLimited,
    blind: plan.changesTags,
    client: plan.client,
  };
  return new BotHandle(
    settings,
    plan.client === undefined ? './bot-process.js' : './reference-process.js',
    (report) => {
      if (report.is === 'refused-locally') count('executor declines');
      if (report.is === 'disk-failed') count(report.fault);
    },
  );
}

function mustRun(plan: LegPlan, bots: readonly BotHandle[]): void {
  const failed = bots.find(({ failure }) => failure !== undefined);
  if (failed) throw new Error(`bot ${failed.settings.index} of "${plan.name}": ${failed.failure}`);
}

/** Lets every bot end, and look once more at what it left; then its claims are held against the venue's record. */
async function settleAndJudge(
  plan: LegPlan,
  { folder, onClaims }: LegContext,
  venue: VenueHandle,
  bots: readonly BotHandle[],
): Promise<Verdict[]> {
  for (const bot of bots) bot.tell({ do: 'settle' });
  await Promise.all(bots.map((bot) => bot.ended()));
  if (plan.client === undefined) for (const bot of bots) bot.start('audit');
  await Promise.all(bots.map((bot) => bot.ended()));
  mustRun(plan, bots);
  const truth = await venue.truth();
  // Beside claims and journals: what a mark is about is read there.
  writeFileSync(join(folder, 'venue.json'), JSON.stringify(truth));
  return bots.map(({ settings: { claims: path, index } }) => {
    const claims = readClaims(path);
    onClaims?.(claims, truth, index);
    return judge(claims, truth, index, plan.longestDelayMs + busyMs);
  });
}

/** There before its bot, so that it keeps the account of their login. */
function startKeeper({ index, url, times }: BotSettings): Promise<KeeperHandle> {
  return KeeperHandle.start({
    url,
    userName: `bot-${index}`,
    account: keeperAccountName(index),
    times,
  });
}

/** What no rule does by itself. */
async function strike(
  venue: VenueHandle,
  bots: readonly BotHandle[],
  chance: () => number,
  count: (name: string) => void,
  times: Times,
): Promise<void> {
  const draw = Math.floor(chance() * 4);
  if (draw === 0) {
    count('hubs cut');
    venue.dropHubs();
  } else if (draw === 1) {
    count('tokens revoked');
    await venue.revokeTokens();
  } else if (draw === 2) {
    count('connections refused');
    await venue.add([
      {
        id: `refused @ ${chance()}`,
        fault: { kind: 'refuse', forMs: Math.max(100, Math.round(times.answerTimeoutMs * 0.3)) },
      },
    ]);
  } else {
    count('clock steps');
    const bot = bots[Math.floor(chance() * bots.length)];
    bot?.tell({
      do: 'step',
      byMs: (chance() < 0.5 ? -1 : 1) * Math.round(2_000 + chance() * 120_000),
    });
  }
}
