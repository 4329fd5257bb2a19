import type { GatewayOptions } from '@hotpath/gateway-sim';
import type { LegPlan } from './leg.ts';
import { seededChance } from './seeded-chance.ts';

type Time = NonNullable<NonNullable<GatewayOptions['latency']>['fillMs']>;
/** What a venue does as a matter of course, and no rule strikes with: how long things take, how orders fill, and in which order it tells of them. */
export type VenueHabits = Pick<GatewayOptions, 'latency' | 'matching' | 'events' | 'unknowns'>;

/** So many times the book's usual sizes, so that an entry of a hundred thousand contracts meets about what stands there. */
const bookSize = 15_000;

/** The habits of a leg's venue, drawn by the seed. Times are as recorded and not scaled: they are of the venue, not of the bot. */
export function venueHabits(seed: number, leg: LegPlan['name']): VenueHabits {
  const chance = seededChance(seed, `venue ${leg}`);
  const one = <Value>(...values: readonly [Value, ...Value[]]): Value =>
    values[Math.floor(chance() * values.length)] ?? values[0];
  const time = (...values: readonly [Time, ...Time[]]): Time => one(...values);
  return {
    latency: {
      requestMs: time(0, 2, [
        [0, 1],
        [90, 10],
        [100, 60],
      ]),
      answerMs: time(0, 5, [
        [0, 1],
        [90, 20],
        [100, 100],
      ]),
      fillMs: time(7, [
        [0, 6],
        [50, 7],
        [100, 22],
      ]),
      closeFillMs: time(3, [
        [0, 2.7],
        [100, 3.5],
      ]),
      cancelMs: time(0, [
        [0, 0],
        [80, 5],
        [100, 50],
      ]),
      eventMs: time(0, [
        [0, 37],
        [90, 41],
        [100, 57],
      ]),
      // Beyond two seconds it is read in place of the event, and the event comes after all.
      positionEventMs: time(
        0,
        [
          [0, 0],
          [90, 5],
          [100, 500],
        ],
        [
          [0, 0],
          [80, 50],
          [100, 3_000],
        ],
      ),
    },
    matching: { fills: one('book', 'whole'), bookSize, stopSlippageTicks: 2 },
    events: {
      answer: one('first', 'last', 'drawn'),
      order: one('recorded', 'drawn'),
      lostPositions: one(0, 0.05, 0.2),
      repeatAccountMs: one(0, 20),
      repeatFilledMs: one(0, 600),
    },
    unknowns: {
      pendingCloses: one('shown', 'hidden'),
      repeatedTradeId: one('same', 'new'),
      deletedOrders: one('unfilled', 'final', 'none'),
      modifyMovesTime: one(false, true),
      crossingLimits: one('limit', 'market'),
    },
  };
}

/** In a line, for the report. */
export function habitsText({ latency, matching, events, unknowns }: VenueHabits): string {
  const text = (value: unknown): string =>
    Array.isArray(value)
      ? `drawn to ${String((value.at(-1) as readonly unknown[] | undefined)?.[1])}`
      : String(value);
  const all = Object.entries({ ...latency, fills: matching?.fills, ...events, ...unknowns });
  return all.map(([name, value]) => `${name} ${text(value)}`).join(', ');
}
