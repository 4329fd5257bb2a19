import { startGateway } from '@hotpath/gateway-sim';
import { expect, it } from 'vitest';
import type { LegPlan } from './leg.ts';
import { habitsText, venueHabits } from './venue-habits.ts';

const legs: readonly LegPlan['name'][] = [
  'short delays',
  'long delays',
  'rate limits',
  'changed tags',
];

it('are the same for the same seed and leg, and meet each way of a venue within a few seeds', () => {
  expect(venueHabits(3, 'long delays')).toEqual(venueHabits(3, 'long delays'));
  const many = Array.from({ length: 12 }, (_, seed) =>
    legs.map((leg) => venueHabits(seed, leg)),
  ).flat();
  const met = (of: (habits: (typeof many)[number]) => unknown): number =>
    new Set(many.map((habits) => JSON.stringify(of(habits)))).size;
  expect([
    met((each) => each.matching?.fills),
    met((each) => each.events?.answer),
    met((each) => each.events?.order),
    met((each) => each.events?.lostPositions),
  ]).toEqual([2, 3, 2, 3]);
  expect([
    met((each) => each.unknowns?.pendingCloses),
    met((each) => each.unknowns?.repeatedTradeId),
    met((each) => each.unknowns?.modifyMovesTime),
    met((each) => each.latency?.positionEventMs),
    met((each) => each.latency?.fillMs),
  ]).toEqual([2, 2, 2, 3, 2]);
});

it('are ones that a venue can have, told in a line', async () => {
  for (const leg of legs) {
    const habits = venueHabits(1, leg);
    await using gateway = await startGateway({ priceStepMs: 0, ...habits });
    expect(gateway.url).toMatch(/^http/);
    expect(habitsText(habits)).toMatch(
      /^requestMs .*, fills (book|whole), answer (first|last|drawn), /,
    );
  }
});
