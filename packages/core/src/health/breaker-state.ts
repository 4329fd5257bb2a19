/** Whether an executor is used for an operation. Times are wall milliseconds. */
export type BreakerState =
  /** In use. Of the last `samples` deliveries of the window, `failures` failed. */
  | { readonly is: 'closed'; readonly failures: number; readonly samples: number }
  /** Tripped: others deliver, and at `probeAt` reads begin to try it. `trips`: how often in a row. */
  | {
      readonly is: 'open';
      readonly since: number;
      readonly because: string;
      readonly probeAt: number;
      readonly trips: number;
    }
  /** Tripped, and reads are trying it: `goodProbes` of `neededProbes` came back. */
  | {
      readonly is: 'half-open';
      readonly since: number;
      readonly because: string;
      readonly goodProbes: number;
      readonly neededProbes: number;
      readonly trips: number;
    };
