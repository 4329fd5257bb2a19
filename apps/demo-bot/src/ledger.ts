import type { Outcome, OutcomeKind, PlaceOutcome } from '@hotpath/core';

/** What the bot was told, to be held against the venue's record at the end. */
export class Ledger {
  /** Accepted operations. */
  readonly orders: { placed: number; modified: number; cancelled: number } = {
    placed: 0,
    modified: 0,
    cancelled: 0,
  };
  readonly outcomes: Record<OutcomeKind, number> = {
    accepted: 0,
    rejected: 0,
    'not-sent': 0,
    unknown: 0,
  };
  /** Places by client order id. */
  readonly claims: Map<string, OutcomeKind> = new Map();

  note(outcome: Outcome): void {
    this.outcomes[outcome.kind] += 1;
    if (outcome.operation === 'place') this.claims.set(outcome.clientOrderId ?? '', outcome.kind);
    if (outcome.kind !== 'accepted') return;
    if (outcome.operation === 'place') this.orders.placed += 1;
    if (outcome.operation === 'modify') this.orders.modified += 1;
    if (outcome.operation === 'cancel' && outcome.became === 'cancelled')
      this.orders.cancelled += 1;
  }

  isComplete(target: {
    readonly placed: number;
    readonly modified: number;
    readonly cancelled: number;
  }): boolean {
    const { placed, modified, cancelled } = this.orders;
    return placed >= target.placed && modified >= target.modified && cancelled >= target.cancelled;
  }
}

/** The order id of an accepted place. Anything else ends the run: on this venue, without faults, nothing else may happen. */
export function acceptedOrderId(outcome: PlaceOutcome): string {
  if (outcome.kind === 'accepted') return outcome.orderId;
  throw new Error(`a place was ${outcome.kind} ${outcome.code}: ${outcome.message}`);
}
