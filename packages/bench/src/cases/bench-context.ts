import type { Measured } from '../measure/measured-case.ts';
import type { LoopReport } from '../measure/loop-watch.ts';
import type { Progress } from '../measure/progress.ts';
import type { ChildServer } from '../servers/child-server.ts';
import type { SampleOrder } from '../clients/sample-order.ts';

/** What every part of the bench is given. */
export interface BenchContext {
  readonly quick: boolean;
  readonly floor: ChildServer;
  readonly gateway: ChildServer;
  /** Named `http 20`, `mortal-https 20`, …; `gateway 0` in front of the simulator. */
  readonly far: ChildServer;
  readonly orders: { readonly http: SampleOrder; readonly https: SampleOrder };
  readonly chance: () => number;
  readonly progress: Progress;
  /** A free account at the venue, never given twice. */
  readonly nextAccount: () => number;
}

/** What a part of the bench gives. */
export interface PartResult {
  readonly measured: readonly Measured[];
  /** Numbers that are no latencies, by name. */
  readonly figures?: Readonly<Record<string, number>> | undefined;
}

/** A part with how the client's process fared. */
export interface WatchedPart extends PartResult {
  readonly part: string;
  readonly loop: LoopReport;
}

export const transports = ['http', 'https'] as const;

/** Closes all, also after a failure. */
export async function closing<Result>(
  all: readonly { close(): Promise<void> | void }[],
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } finally {
    for (const each of all) await each.close();
  }
}
