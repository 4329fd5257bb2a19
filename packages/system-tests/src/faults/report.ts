import type { CampaignResult } from './campaign.ts';
import { habitsText } from './venue-habits.ts';

/** The verdict for a person. */
export function campaignText(result: CampaignResult): string {
  const { seed, orders, kills, faults, times, legs, failures } = result;
  const struck = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const lines = [
    `Seed ${seed}: ${orders} orders, ${struck} faults of ${Object.values(faults).filter((count) => count > 0).length} kinds, ${kills} kills. Times ×${times.scale}: settleMs ${times.settleMs}, answers ${times.answerTimeoutMs} ms, late by up to ${times.shortDelayMs} and ${times.longDelayMs} ms.`,
    '',
    row([
      '',
      'orders',
      'duplicates',
      'lost',
      'false failures',
      'false successes',
      'contradicted',
      'unannounced',
      'unresolved',
      'crossed',
      'recovered',
    ]),
    ...[...legs, { ...result, name: 'all' }].map((leg) =>
      row([
        leg.name,
        leg.orders,
        leg.duplicates,
        leg.lost,
        leg.falseFailures,
        leg.falseSuccesses,
        leg.contradicted,
        leg.unannounced,
        leg.unresolved,
        leg.crossed,
        leg.recovered,
      ]),
    ),
    '',
    ...legs.map(({ name, habits }) => `The venue of ${name}: ${habitsText(habits)}.`),
    `Call to the venue's answer: p50 ${result.p50Us} µs, p99 ${result.p99Us} µs (both processes and every fault on one machine).`,
    `With the tag changed on fallback: ${result.duplicatesWithChangedTags} duplicates, so a duplicate would be seen.`,
  ];
  if (result.duplicatesWithChangedTags === 0) lines.pop();
  lines.push(
    '',
    failures.length === 0
      ? 'Everything holds.'
      : `It does not hold:\n${failures.map((failure) => `  ${failure}`).join('\n')}`,
  );
  return lines.join('\n');
}

function row(cells: readonly (string | number)[]): string {
  const [first = '', ...others] = cells.map(String);
  return `${first.padEnd(14)}${others.map((cell) => cell.padStart(17)).join('')}`;
}
