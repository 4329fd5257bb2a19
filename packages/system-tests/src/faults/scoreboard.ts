import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { accountNumber } from './bot-settings.ts';
import type { Claim } from './claims.ts';
import type { FaultsOptions } from './faults-options.ts';
import { intentHistories } from './intent-history.ts';
import type { LegPlan } from './leg.ts';
import { runLeg } from './leg.ts';
import { referenceNames } from './reference-clients.ts';
import type { Times } from './times.ts';
import { venueRecord } from './venue-record.ts';
import type { OrderTruth } from '@hotpath/gateway-sim';

/** One way to place orders, under the same faults and as many kills as the others. */
export interface ScoreRow {
  readonly client: string;
  /** Orders that the bots wanted. */
  readonly orders: number;
  /** Of those, how many are more than one order at the venue. */
  readonly duplicates: number;
  /** Orders at the venue that the bot takes for failed, or never heard of again. */
  readonly forgotten: number;
  readonly faults: number;
  readonly kills: number;
}

export async function runScoreboard(
  { orders, bots, kills }: FaultsOptions,
  seed: number,
  times: Times,
  folder: string,
  onProgress: (leg: string, placed: number, kills: number) => void,
): Promise<ScoreRow[]> {
  const rows: ScoreRow[] = [];
  for (const client of [...referenceNames, 'Hotpath'] as const) {
    const own = join(folder, `scoreboard-${client.replaceAll(' ', '-')}`);
    await mkdir(own, { recursive: true });
    const plan: LegPlan = {
      name: 'short delays',
      orders,
      bots,
      kills,
      longestDelayMs: times.shortDelayMs,
      rateLimited: false,
      changesTags: false,
      ...(client !== 'Hotpath' && { client }),
    };
    let row = { orders: 0, duplicates: 0, forgotten: 0 };
    const leg = await runLeg(plan, {
      seed,
      times,
      folder: own,
      onProgress: (_leg, placed, killed) => onProgress(client, placed, killed),
      onClaims: (claims, truth, index) => (row = added(row, scoreOf(claims, truth.orders, index))),
    });
    rows.push({
      client,
      ...row,
      faults: [...leg.faults.values()].reduce((sum, count) => sum + count, 0),
      kills: leg.kills,
    });
  }
  return rows;
}

type Score = Pick<ScoreRow, 'orders' | 'duplicates' | 'forgotten'>;

/** The same for every client: what the venue has, beside what the bot was last told. */
export function scoreOf(
  claims: readonly Claim[],
  orders: readonly OrderTruth[],
  botIndex: number,
): Score {
  const histories = intentHistories(claims);
  const { accepted } = venueRecord({ orders }, accountNumber(botIndex), histories.keys());
  const announced = new Set(
    claims.flatMap((claim) => (claim.kind === 'contradicted' ? [claim.clientOrderId] : [])),
  );
  const score = { orders: 0, duplicates: 0, forgotten: 0 };
  for (const { intent, calls, lastWord } of histories.values()) {
    if (calls[0]?.claim.operation !== 'place') continue;
    const made = accepted.get(intent)?.length ?? 0;
    const told =
      lastWord?.outcome === 'accepted' ||
      calls.some(({ claim }) => announced.has(claim.clientOrderId ?? ''));
    score.orders += 1;
    if (made > 1) score.duplicates += 1;
    if (made > 0 && !told) score.forgotten += 1;
  }
  return score;
}

function added(one: Score, other: Score): Score {
  return {
    orders: one.orders + other.orders,
    duplicates: one.duplicates + other.duplicates,
    forgotten: one.forgotten + other.forgotten,
  };
}

export function scoreboardText(rows: readonly ScoreRow[], seed: number, times: Times): string {
  const line = (cells: readonly (string | number)[]): string =>
    `${String(cells[0]).padEnd(30)}${cells
      .slice(1)
      .map((cell) => String(cell).padStart(12))
      .join('')}`;
  return [
    `Seed ${seed}, times ×${times.scale}. Every way met the same kinds of faults, as often, and kill -9.`,
    '',
    line(['', 'orders', 'duplicates', 'forgotten', 'faults', 'kills']),
    ...rows.map(({ client, orders, duplicates, forgotten, faults, kills }) =>
      line([client, orders, duplicates, forgotten, faults, kills]),
    ),
  ].join('\n');
}
