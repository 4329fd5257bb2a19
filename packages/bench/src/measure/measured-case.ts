/** What a row of figures is about. */
export interface CaseLabel {
  /** Who sends: a client's name, or `whole, fast executor`. */
  readonly name: string;
  readonly operation: 'place' | 'modify' | 'cancel';
  readonly transport: 'http' | 'https';
  readonly journal: 'none' | 'memory' | 'file' | 'file, fsync';
  /** Milliseconds of round trip that the network adds. */
  readonly rttMs: number;
  /** What goes on meanwhile, as `one at a time`. */
  readonly load: string;
}

/** One way to send an order, ready to be measured. */
export interface MeasuredCase extends CaseLabel {
  /** One order, from the call to the end of its answer. */
  readonly once: () => Promise<void>;
  readonly close: () => Promise<void> | void;
  /** Share of the usual number of samples, for what is slow. Default 1. */
  readonly share?: number | undefined;
  /** Milliseconds of rest before each. Default 0. */
  readonly restMs?: number | undefined;
}

/** A case and its samples in µs, one list a round. */
export interface Measured {
  readonly label: CaseLabel;
  readonly rounds: readonly (readonly number[])[];
}
