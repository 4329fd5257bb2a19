import type { Clock } from '../clock.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Journal } from '../journal/journal.ts';
import type { End } from '../outcomes/open-unknown.ts';
import type { Outcome } from '../outcome.ts';
import type { StoryLog } from '../story/story-log.ts';

/** Characters of an outcome's text that its line in the journal keeps. */
const longestMessage = 300;

/** Writes an outcome down and tells the listeners, in the moment its bot gets it. */
export class OutcomeAnnouncer<Key extends string> {
  readonly #events: EventHub<Key>;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #story: StoryLog;

  constructor(events: EventHub<Key>, journal: Journal, clock: Clock, story: StoryLog) {
    this.#events = events;
    this.#journal = journal;
    this.#clock = clock;
    this.#story = story;
  }

  announce(outcome: Outcome<Key>): void {
    const at = this.#clock.now();
    this.#tell(outcome, at);
    // What never reached an executor left no intent in the journal to close.
    if (outcome.deliveries > 0) this.#record(outcome, at);
    switch (outcome.kind) {
      case 'accepted':
        return this.#events.emit('order.accepted', outcome);
      case 'rejected':
        return this.#events.emit('order.rejected', outcome);
      case 'not-sent':
        return this.#events.emit('order.not-sent', outcome);
      case 'unknown':
        return this.#events.emit('order.unknown', outcome);
    }
  }

  /** The end of what was unknown. One that was only closed is open still, for the next start. */
  resolved(end: End<Key>): void {
    const at = this.#clock.now();
    this.#tell(end, at);
    if (!(end.kind === 'unknown' && end.code === 'CLOSED')) this.#record(end, at);
    this.#events.emit('order.resolved', end);
  }

  /** `at` is the same in the story as in the journal, by which the one knows the other's lines. */
  #tell(outcome: Outcome<Key>, at: number): void {
    const { operation, clientOrderId, kind } = outcome;
    const refusal = outcome.kind === 'accepted' ? undefined : outcome;
    this.#story.add({
      kind: 'outcome',
      at,
      clientOrderId,
      orderId: 'orderId' in outcome ? outcome.orderId : undefined,
      operation,
      outcome: kind,
      code: refusal?.code,
      message: refusal?.message,
    });
  }

  #record(outcome: Outcome<Key>, at: number): void {
    const { operation, clientOrderId, kind } = outcome;
    const orderId = 'orderId' in outcome ? outcome.orderId : undefined;
    try {
      this.#journal.append(
        outcome.kind === 'accepted'
          ? {
              kind: 'outcome',
              at,
              operation,
              clientOrderId,
              orderId,
              outcome: kind,
              code: undefined,
            }
          : {
              kind: 'outcome',
              at,
              operation,
              clientOrderId,
              orderId,
              outcome: kind,
              code: outcome.code,
              message: outcome.message.slice(0, longestMessage),
            },
      );
    } catch (cause) {
      // The intent stays open in the journal, which is the safe reading: the next start asks the venue.
      this.#events.emit('journal.failed', { what: 'line', operation, clientOrderId, cause });
    }
  }
}
