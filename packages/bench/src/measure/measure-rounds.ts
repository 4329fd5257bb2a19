import type { CaseLabel, Measured, MeasuredCase } from './measured-case.ts';
import type { Progress } from './progress.ts';
import { shuffled } from './shuffled.ts';

export interface RoundOptions {
  readonly rounds: number;
  readonly perRound: number;
  /** Orders of each case that are not counted. */
  readonly warmUp: number;
  /** The order of the cases changes from round to round. */
  readonly chance: () => number;
  readonly progress: Progress;
}

/** Short rounds of all cases take turns, so that what disturbs the machine disturbs all. */
export async function measureRounds(
  cases: readonly MeasuredCase[],
  { rounds, perRound, warmUp, chance, progress }: RoundOptions,
): Promise<Measured[]> {
  const samples = new Map<MeasuredCase, number[][]>(cases.map((each) => [each, []]));
  for (const each of cases) {
    progress(`warming up: ${each.transport} ${each.name}`);
    await takeSamples(each, Math.ceil(warmUp * (each.share ?? 1)));
  }
  for (let round = 1; round <= rounds; round += 1) {
    progress(`${cases[0]?.load ?? ''}: round ${round} of ${rounds}`);
    for (const each of shuffled(cases, chance))
      samples.get(each)?.push(await takeSamples(each, Math.ceil(perRound * (each.share ?? 1))));
  }
  return cases.map((each) => ({ label: labelOf(each), rounds: samples.get(each) ?? [] }));
}

async function takeSamples(each: MeasuredCase, count: number): Promise<number[]> {
  const taken: number[] = [];
  const { restMs } = each;
  for (let index = 0; index < count; index += 1) {
    if (restMs !== undefined) await turnFor(restMs);
    const before = performance.now();
    await each.once();
    taken.push((performance.now() - before) * 1_000);
  }
  return taken;
}

/** The loop goes on turning: a processor that falls asleep would be measured instead. */
export async function turnFor(milliseconds: number): Promise<void> {
  for (const until = performance.now() + milliseconds; performance.now() < until;)
    await new Promise((resolve) => setImmediate(resolve));
}

/** Nothing but the label: a case holds its broker with all that it knows of its orders, and a run keeps what was measured to its end. */
function labelOf({ name, operation, transport, journal, rttMs, load }: CaseLabel): CaseLabel {
  return { name, operation, transport, journal, rttMs, load };
}
