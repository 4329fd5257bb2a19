import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Counts } from './counts.ts';
import { failing } from './counts.ts';
import type { FaultsOptions } from './faults-options.ts';
import type { LegPlan, LegResult } from './leg.ts';
import { runLeg } from './leg.ts';
import type { Times } from './times.ts';
import type { VenueHabits } from './venue-habits.ts';
import { venueHabits } from './venue-habits.ts';

/** What one seed came to. */
export interface CampaignResult extends Counts {
  readonly orders: number;
  readonly seed: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly kills: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly times: Times;
  readonly legs: readonly (Counts & {
    readonly name: LegPlan['name'];
    readonly orders: number;
    readonly kills: number;
    readonly habits: VenueHabits;
  })[];
  /** Duplicates with the tag changed on fallback: 0 means that the campaign sees nothing. */
  readonly duplicatesWithChangedTags: number;
  /** Why it failed; empty when everything holds. */
  readonly failures: readonly string[];
}

export async function runCampaign(
  options: FaultsOptions,
  seed: number,
  times: Times,
  folder: string,
  onProgress: (leg: string, placed: number, kills: number) => void,
): Promise<CampaignResult> {
  const plans = legPlans(options, times);
  const results = await Promise.all(
    plans.map(async (plan) => {
      const own = join(folder, `seed-${seed}`, plan.name.replace(' ', '-'));
      await mkdir(own, { recursive: true });
      return runLeg(plan, { seed, times, folder: own, onProgress });
    }),
  );
  const honest = results.filter(({ plan }) => !plan.changesTags);
  const blind = results.filter(({ plan }) => plan.changesTags);
  const sum = (legs: readonly LegResult[], name: keyof Counts): number =>
    legs.reduce(
      (all, { verdicts }) => all + verdicts.reduce((of, verdict) => of + verdict[name], 0),
      0,
    );
  const counts = (legs: readonly LegResult[]): Counts => ({
    duplicates: sum(legs, 'duplicates'),
    lost: sum(legs, 'lost'),
    falseFailures: sum(legs, 'falseFailures'),
    falseSuccesses: sum(legs, 'falseSuccesses'),
    contradicted: sum(legs, 'contradicted'),
    unannounced: sum(legs, 'unannounced'),
    crossed: sum(legs, 'crossed'),
    unresolved: sum(legs, 'unresolved'),
    recovered: sum(legs, 'recovered'),
  });
  const placesOf = (legs: readonly LegResult[]): number =>
    legs.reduce(
      (all, { verdicts }) => all + verdicts.reduce((of, { places }) => of + places, 0),
      0,
    );
  const killsOf = (legs: readonly LegResult[]): number =>
    legs.reduce((all, { kills }) => all + kills, 0);
  const latencies = honest
    .flatMap(({ verdicts }) => verdicts.flatMap(({ latenciesUs }) => latenciesUs))
    .toSorted((one, other) => one - other);
  const all = counts(honest);
  const duplicatesWithChangedTags = sum(blind, 'duplicates');
  return {
    orders: placesOf(honest),
    seed,
    faults: merged(honest),
    kills: killsOf(honest),
    ...all,
    p50Us: percentile(latencies, 0.5),
    p99Us: percentile(latencies, 0.99),
    times,
    legs: honest.map((leg) => ({
      name: leg.plan.name,
      orders: placesOf([leg]),
      kills: leg.kills,
      habits: venueHabits(seed, leg.plan.name),
      ...counts([leg]),
    })),
    duplicatesWithChangedTags,
    failures: failuresOf(all, honest, sum, duplicatesWithChangedTags),
  };
}

function failuresOf(
  all: Counts,
  honest: readonly LegResult[],
  sum: (legs: readonly LegResult[], name: keyof Counts) => number,
  duplicatesWithChangedTags: number,
): string[] {
  const failures: string[] = failing
    .filter((name) => all[name] > 0)
    .map((name) => `${name} is ${all[name]}`);
  const early = sum(
    honest.filter(({ plan }) => plan.name !== 'long delays'),
    'contradicted',
  );
  if (early > 0)
    failures.push(`contradicted is ${early} where nothing was late by more than settleMs`);
  if (duplicatesWithChangedTags === 0)
    failures.push('with the tag changed on fallback no duplicate was seen: the campaign is blind');
  const marks = honest.flatMap(({ plan, verdicts }) =>
    verdicts.flatMap(({ marks: own }, bot) =>
      own.map((mark) => ({ ...mark, where: `${plan.name}, bot ${bot}` })),
    ),
  );
  for (const name of [...failing, 'contradicted' as const]) {
    const found = marks.filter(
      ({ count, where }) =>
        count === name && !(name === 'contradicted' && where.startsWith('long')),
    );
    for (const { intent, because, where } of found.slice(0, 5))
      failures.push(`  ${name}: ${where}, ${intent}: ${because}`);
  }
  return failures;
}

/** Most orders meet delays below `settleMs`, a tenth real rate limits, and a few beside them a fallback that changes tags. */
function legPlans({ orders, bots, kills }: FaultsOptions, times: Times): LegPlan[] {
  const long = Math.round(orders * 0.3);
  const limited = Math.round(orders * 0.1);
  const some = Math.max(1, Math.round(bots * 0.3));
  const tenth = Math.round(kills * 0.1);
  const third = Math.round(kills * 0.3);
  const plain = { rateLimited: false, changesTags: false, hasHabits: true };
  return [
    {
      name: 'short delays',
      orders: orders - long - limited,
      bots: Math.max(1, bots - 2 * some),
      kills: kills - third - tenth,
      longestDelayMs: times.shortDelayMs,
      ...plain,
    },
    {
      name: 'long delays',
      orders: long,
      bots: some,
      kills: third,
      longestDelayMs: times.longDelayMs,
      ...plain,
    },
    {
      name: 'rate limits',
      orders: limited,
      bots: some,
      kills: tenth,
      longestDelayMs: times.shortDelayMs,
      ...plain,
      rateLimited: true,
    },
    {
      name: 'changed tags',
      orders: Math.min(200, orders),
      bots: 1,
      kills: 2,
      longestDelayMs: times.shortDelayMs,
      ...plain,
      changesTags: true,
      hasHabits: false,
    },
  ];
}

function merged(legs: readonly LegResult[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { faults } of legs)
    for (const [name, struck] of faults)
      if (name !== 'refused') counts.set(name, (counts.get(name) ?? 0) + struck);
  return Object.fromEntries(counts);
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
