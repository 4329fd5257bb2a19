import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { round } from './percentiles.ts';

/** What the client's process went through while something was measured. */
export interface LoopReport {
  readonly seconds: number;
  /** Milliseconds by which a turn of the event loop came late. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly collections: number;
  readonly collectionMs: number;
  readonly longestCollectionMs: number;
}

/** Looks once a millisecond. */
const resolutionMs = 1;

/** Watches the event loop and the garbage collector while `run` goes on. */
export async function watchLoop<Result>(
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly loop: LoopReport }> {
  const collections: number[] = [];
  const observer = new PerformanceObserver((list) =>
    collections.push(...list.getEntries().map(({ duration }) => duration)),
  );
  observer.observe({ entryTypes: ['gc'] });
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const before = performance.now();
  try {
    const result = await run();
    const seconds = round((performance.now() - before) / 1_000, 1);
    delay.disable();
    // What was collected last is told a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    const late = (nanoseconds: number): number =>
      round(Math.max(0, nanoseconds / 1e6 - resolutionMs));
    return {
      result,
      loop: {
        seconds,
        delayP50Ms: late(delay.percentile(50)),
        delayP99Ms: late(delay.percentile(99)),
        delayMaxMs: late(delay.max),
        collections: collections.length,
        collectionMs: round(collections.reduce((sum, duration) => sum + duration, 0)),
        longestCollectionMs: round(Math.max(0, ...collections)),
      },
    };
  } finally {
    delay.disable();
    observer.disconnect();
  }
}
