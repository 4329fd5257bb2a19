import type { Adapter } from '../adapter.ts';
import type { Clock } from '../clock.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Latch } from '../halt/latch.ts';
import type { Journal } from '../journal/journal.ts';
import type { ExposureBook } from '../limits/exposure.ts';
import type { LimitGate } from '../limits/limit-gate.ts';
import type { Logger } from '../logger.ts';
import type { OcoBook } from '../oco/oco-book.ts';
import type { Outcome } from '../outcome.ts';
import type { CloseGuard } from '../outcomes/close-guard.ts';
import type { AwaitedCalls } from '../outcomes/awaited-calls.ts';
import type { OpenUnknowns } from '../outcomes/open-unknowns.ts';
import type { ReduceWith } from '../outcomes/reduce-with.ts';
import type { ChangeWatch } from '../rollout/change-watch.ts';
import type { HardEvidence } from '../rollout/hard-evidence.ts';
import type { Router } from '../router/router.ts';
import type { StoryLog } from '../story/story-log.ts';
import type { VenueState } from '../state/venue-state.ts';
import type { IntentBook } from './intent-book.ts';
import type { MintId } from './mint-ids.ts';

/** What the broker's operations share. */
export interface BrokerParts<Key extends string> {
  readonly adapter: Adapter;
  readonly router: Router<Key>;
  readonly book: IntentBook<Key>;
  readonly unknowns: OpenUnknowns<Key>;
  readonly awaited: AwaitedCalls;
  readonly state: VenueState<Key>;
  readonly latch: Latch;
  readonly closeGuard: CloseGuard;
  /** True while places wait for what an earlier process left. */
  isRecovering(): boolean;
  /** Takes the place of an id up again that only the journal knows; undefined for an id of which it can know nothing. Resolves when the book has what there is. Never rejects. */
  recall(clientOrderId: string): Promise<void> | undefined;
  /** Undefined when the author set none. */
  readonly limits: LimitGate<Key> | undefined;
  readonly exposure: ExposureBook<Key> | undefined;
  /** Which orders are the broker's own stops and targets; undefined without that option. */
  readonly oco: OcoBook | undefined;
  readonly events: EventHub<Key>;
  readonly journal: Journal;
  readonly story: StoryLog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly mintId: MintId;
  /** Milliseconds a lookup that settles an unknown may take. */
  readonly lookupTimeoutMs: number;
  /** Milliseconds after which a call is answered `unknown`, if nothing is known by then. */
  readonly outcomeWithinMs: number;
  /** Milliseconds of looking in vain after which what harms nothing twice may be sent again. */
  readonly repeatAfterMs: number;
  /** Milliseconds a written request may go without an answer before its connection is reset. */
  readonly answerTimeoutMs: number;
  /** Milliseconds an order is looked for before it is called absent. */
  readonly settleMs: number;
  /** How old an order of an author's own id may be and still count as this intent's, in milliseconds. */
  readonly adoptWithinMs: number;
  /** How a position is reduced. */
  readonly reduceWith: ReduceWith;
  /** Looks later whether changes that were answered as done are so. */
  readonly changeWatch: ChangeWatch;
  /** Takes an executor's share to zero for good: it, or what stands below it, has been proven wrong. */
  holdAgainst(executor: Key, evidence: HardEvidence): void;
  /** Counts an outcome in, tells the listeners and writes it down. */
  announce(outcome: Outcome<Key>): void;
}
