import type { ClientOrderId, ContractId, OrderId } from '../brand.ts';
import type { Bracket, Side } from '../order-request.ts';
import type { OcoLeg, OcoRecord } from './oco-records.ts';

/** One attempt at a leg, as the journal has it. */
export interface LegFacts {
  readonly leg: OcoLeg;
  readonly clientOrderId: ClientOrderId;
  /** As it was placed. */
  readonly quantity: number;
  readonly price: number;
  /** Every price this broker gave it. Another one is the author's own, and is left alone. */
  readonly prices: Set<number>;
  cancelAsked: boolean;
  /** From its place's outcome; undefined while there is none. */
  orderId: OrderId | undefined;
  /** Wall milliseconds of its line. */
  readonly at: number;
  /** Monotonic, when the venue was last asked for it by its id and did not show it. */
  unshownAt?: number | undefined;
  /** The venue does not show it any more: it does not work, and whether it filled only the position tells. */
  isGone: boolean;
}

/** An entry and what has been done to protect it: what the journal tells, and nothing that must be asked for. */
export class ProtectedEntry {
  readonly clientOrderId: ClientOrderId;
  readonly contractId: ContractId;
  readonly side: Side;
  readonly bracket: Bracket;
  readonly strategy: string | undefined;
  /** Wall milliseconds before it was sent. */
  readonly armedAt: number;
  /** In the order in which they were begun. */
  readonly legs: LegFacts[] = [];
  /** Contracts that had filled when a leg was last spoken of. A venue may not show an old order any more. */
  filledAtLeast = 0;
  /** Contracts that are out by other ways than the legs. */
  exits = 0;
  /** True when contracts were to be taken off the position and it is not known whether they were. */
  isReducing = false;
  isExcessTold = false;
  /** Whether the journal shows that it may have left. */
  wasSent = false;
  orderId: OrderId | undefined;
  /** As those of a leg. */
  unshownAt: number | undefined;
  isGone = false;
  /** While its contracts are being closed no leg is begun or changed. Not kept over a restart, which looks anew. */
  isExiting = false;

  constructor(armed: Extract<OcoRecord, { readonly step: 'armed' }>) {
    this.clientOrderId = armed.entry;
    this.contractId = armed.contractId;
    this.side = armed.side;
    this.bracket = armed.bracket;
    this.strategy = armed.strategy;
    this.armedAt = armed.at;
  }

  get at(): number {
    return this.armedAt;
  }

  /** Takes a line of the journal in. */
  take(record: OcoRecord): void {
    switch (record.step) {
      case 'leg':
        this.filledAtLeast = Math.max(this.filledAtLeast, record.filled);
        if (record.price !== undefined) {
          this.legs.push({
            leg: record.leg,
            clientOrderId: record.clientOrderId,
            quantity: record.quantity,
            price: record.price,
            prices: new Set([record.price]),
            cancelAsked: false,
            orderId: undefined,
            at: record.at,
            isGone: false,
          });
        }
        return;
      case 'resize':
        this.filledAtLeast = Math.max(this.filledAtLeast, record.filled);
        if (record.price !== undefined) this.#leg(record.clientOrderId)?.prices.add(record.price);
        return;
      case 'cancel': {
        const leg = this.#leg(record.clientOrderId);
        if (leg) leg.cancelAsked = true;
        return;
      }
      case 'exit':
        this.exits += record.quantity;
        return;
      case 'reducing':
        this.isReducing = record.quantity > 0;
        return;
      case 'excess':
        this.isExcessTold = true;
        return;
      case 'armed':
      case 'ended':
    }
  }

  /** The latest attempt at a leg; the ones before it have ended. */
  latest(leg: OcoLeg): LegFacts | undefined {
    return this.legs.findLast((facts) => facts.leg === leg);
  }

  attempts(leg: OcoLeg): number {
    return this.legs.filter((facts) => facts.leg === leg).length;
  }

  #leg(clientOrderId: ClientOrderId): LegFacts | undefined {
    return this.legs.find((facts) => facts.clientOrderId === clientOrderId);
  }
}
