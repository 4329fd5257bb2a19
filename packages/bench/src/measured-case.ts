import { median } from './percentiles.ts';

/** One way to send an order, ready to be measured. */
export interface MeasuredCase {
  readonly name: string;
  readonly transport: 'http' | 'https';
  readonly journal: 'memory' | 'file' | 'none';
  /** One order, from the call to the end of its answer. */
  once(): Promise<void>;
  close(): Promise<void> | void;
  /** Share of the usual number of samples, for what is slow. Default 1. */
  readonly share?: number | undefined;
  /** Milliseconds of rest before each. Default 0. */
  readonly restMs?: number | undefined;
}

/** Samples in µs, one list a round: short rounds of all cases take turns, so that what disturbs the machine disturbs all. */
export type Samples = Map<MeasuredCase, number[][]>;

export async function measure(cases: readonly MeasuredCase[], rounds: number, perRound: number, progress: (text: string) => void): Promise<Samples> {
  const samples: Samples = new Map(cases.map((each) => [each, []]));
  for (const each of cases) await takeSamples(each, Math.ceil(1_000 * (each.share ?? 1)));
  for (let round = 1; round <= rounds; round += 1) {
    for (const each of cases) {
      progress(`round ${round} of ${rounds}: ${each.transport} ${each.name}`);
      samples.get(each)?.push(await takeSamples(each, Math.ceil(perRound * (each.share ?? 1))));
    }
  }
  return samples;
}

async function takeSamples(each: MeasuredCase, count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const { restMs } = each;
    // The loop goes on turning: a processor that falls asleep would be measured instead.
    for (const until = performance.now() + (restMs ?? 0); performance.now() < until; ) await new Promise((resolve) => setImmediate(resolve));
    const before = performance.now();
    await each.once();
    taken.push((performance.now() - before) * 1_000);
  }
  return taken;
}

/** Median over the rounds of what `compare` makes of the medians that two cases had in a round. */
export function compareRounds(samples: Samples, above: MeasuredCase | undefined, below: MeasuredCase | undefined, compare: (above: number, below: number) => number): number {
  const over = (above && samples.get(above)) ?? [];
  const under = (below && samples.get(below)) ?? [];
  return median(over.map((round, index) => compare(median(round), median(under[index] ?? []))));
}
