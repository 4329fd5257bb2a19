/** What is counted against the venue's record. Every one but `contradicted` beyond `settleMs`, `crossed` and `recovered` has to be 0. */
export interface Counts {
  /** Intents with more than one order ever accepted; closes and reduces that moved the position past their aim. */
  duplicates: number;
  /** Accepted orders that after the last restart `getOrder` did not know, or knew in another state. */
  lost: number;
  /** Last word `rejected` or `not-sent`, and an order of the intent was accepted. */
  falseFailures: number;
  /** Last word `accepted`, and the venue's record never had it. */
  falseSuccesses: number;
  /** Called absent, and turned up. */
  contradicted: number;
  /** Of those, not announced. */
  unannounced: number;
  /** Exits that turned the position round beside one of a process that was killed behind it, and that still filled. */
  crossed: number;
  /** Without an end, though the venue could be reached. */
  unresolved: number;
  /** Accepted by the venue's record, not by its answer. */
  recovered: number;
}

export type Failing = Exclude<keyof Counts, 'recovered' | 'contradicted' | 'crossed'>;
export const failing: readonly Failing[] = [
  'duplicates',
  'lost',
  'falseFailures',
  'falseSuccesses',
  'unannounced',
  'unresolved',
];

/** Something that is counted, told so that it can be looked into. */
export interface Mark {
  readonly count: keyof Counts;
  readonly intent: string;
  readonly because: string;
}

export type MarkIt = (count: keyof Counts, intent: string, because: string) => void;
