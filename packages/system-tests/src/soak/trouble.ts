import { seededChance } from '../faults/seeded-chance.ts';

/** What befalls the week. */
export type Trouble = 'hub-drop' | 'kill' | 'revoke' | 'clock-step' | 'sleep' | 'throttle' | 'roll';

export interface PlannedTrouble {
  /** Milliseconds from the begin of the week. */
  readonly at: number;
  readonly what: Trouble;
  /** Between 0 and 1: how bad. */
  readonly chance: number;
}

const dayMs = 86_400_000;
/** In each day. */
const perDay: Readonly<Record<Exclude<Trouble, 'roll' | 'hub-drop'>, number>> = {
  kill: 2,
  revoke: 1,
  'clock-step': 2,
  sleep: 1,
  throttle: 1,
};
const hubDropsPerWeek = 300;

/** The troubles of so many days, in their order; the same for the same seed. */
export function planTroubles(seed: number, days: number): PlannedTrouble[] {
  const chance = seededChance(seed, 'troubles');
  const planned: PlannedTrouble[] = [];
  const add = (what: Trouble, from: number, to: number): void =>
    void planned.push({ at: Math.floor(from + chance() * (to - from)), what, chance: chance() });
  for (let day = 0; day < days; day += 1) {
    const begin = day * dayMs;
    for (const [what, count] of Object.entries(perDay) as [
      Exclude<Trouble, 'roll' | 'hub-drop'>,
      number,
    ][]) {
      // Spread over the day, so that two kills are not one.
      for (let index = 0; index < count; index += 1)
        add(what, begin + (index * dayMs) / count, begin + ((index + 1) * dayMs) / count);
    }
  }
  const drops = Math.round((hubDropsPerWeek * days) / 7);
  for (let index = 0; index < drops; index += 1) add('hub-drop', 0, days * dayMs);
  add('roll', (days * dayMs) / 2, (days * dayMs) / 2 + dayMs / 24);
  return planned.toSorted((a, b) => a.at - b.at);
}
