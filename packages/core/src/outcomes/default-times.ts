/** A time of the outcome policy. */
export interface PolicyTime {
  readonly ms: number;
  /** What it is for, in words for an author. */
  readonly meaning: string;
}
type PolicyTimeName =
  | 'marketDeadlineMs'
  | 'deadlineMs'
  | 'lookupAfterMs'
  | 'repeatAfterMs'
  | 'answerTimeoutMs'
  | 'lookupTimeoutMs'
  | 'outcomeWithinMs'
  | 'settleMs'
  | 'adoptWithinMs'
  | 'closeWithinMs';

/** The times that the outcome policy runs on where an author gives no others. */
export const defaultTimes: Readonly<Record<PolicyTimeName, PolicyTime>> = {
  marketDeadlineMs: {
    ms: 2_000,
    meaning:
      'from the call of a market order to the first byte of its last attempt; passed when either the wall or the monotonic clock says so',
  },
  deadlineMs: {
    ms: 10_000,
    meaning:
      'the same for every other place and for a modify; cancel, close, reduce and halt have none',
  },
  lookupAfterMs: {
    ms: 1_000,
    meaning: 'from the call until it is looked up though its answer may still come',
  },
  repeatAfterMs: {
    ms: 3_000,
    meaning:
      'of looking in vain, two lookups at least, after which a place is delivered once more inside its deadline',
  },
  answerTimeoutMs: {
    ms: 10_000,
    meaning: 'from the write until its connection is reset for lack of an answer',
  },
  lookupTimeoutMs: { ms: 2_000, meaning: 'that one lookup may take' },
  outcomeWithinMs: {
    ms: 12_000,
    meaning:
      'from the call until its bot is told something, `unknown` if nothing else; `resolved` goes on',
  },
  settleMs: {
    ms: 15_000,
    meaning:
      'of looking in vain before an order is called absent; twice as long where the order stream had a gap, and at least as long as an outage of the lookups, up to 120 s',
  },
  adoptWithinMs: {
    ms: 3_600_000,
    meaning: "an order of an author's own id may be old and still be the same intent; 0 = never",
  },
  closeWithinMs: { ms: 5_000, meaning: 'that `close()` waits for answers' },
};
