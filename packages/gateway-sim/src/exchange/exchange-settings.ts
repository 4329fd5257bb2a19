import type { ContractList } from '../instruments/contract-list.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';
import type { ProductCosts } from '../instruments/products.ts';
import type { Unknowns } from '../options/unknowns.ts';
import type { SessionCalendar } from '../sessions/session-calendar.ts';
import type { AccountSettings } from './account-book.ts';
import type { EventChoice } from './fill-events.ts';
import type { Matching } from './matching.ts';
import type { OrderRecord } from './order-record.ts';
import type { PriceSource } from './price-source.ts';

/** How long the venue takes, each drawn anew, in milliseconds. */
export interface VenueTimes {
  fillMs(): number;
  closeFillMs(): number;
  cancelMs(): number;
  readonly bracketActivationMs: number;
}

/** What of the unknowns concerns orders, decided. */
export type OrderRules = Required<{
  readonly [
    Name in
      | 'emptyTag'
      | 'longestTag'
      | 'refusedOrders'
      | 'modifyMovesTime'
      | 'suspendedLegs'
      | 'legSize'
      | 'leastTargetTicks'
      | 'legsOfClosed'
      | 'secondClose'
      | 'crossingLimits'
  ]: NonNullable<Unknowns[Name]>;
}> & {
  /** Whatever is not side 0 sells: a difference that can be switched on. */
  readonly sidesUnchecked: boolean;
  /** A fill moves the time of its order's last change: a difference that can be switched on. */
  readonly updateAtFill: boolean;
};

export interface ExchangeSettings {
  readonly contracts: ContractList;
  readonly accounts: readonly AccountSettings[];
  /** By contract id; a contract without one has expired. */
  readonly prices: ReadonlyMap<string, PriceSource>;
  readonly matching: Matching;
  readonly times: VenueTimes;
  readonly rules: OrderRules;
  readonly choice: EventChoice;
  /** Money of one contract and side. */
  readonly costs: (contract: SimulatedContract) => ProductCosts;
  /** How many final orders and fills are remembered; 0 for all. */
  readonly keepHistory: number;
  /** Undefined for a venue that is always open. */
  readonly calendar: SessionCalendar | undefined;
  /** Whether positions and orders end with the session. */
  readonly autoFlatten: boolean;
  /** Whether a whole close also cancels the contract's orders of the account. */
  readonly closeCancelsOrders: boolean;
  readonly tagsIgnoreCase: boolean;
  /** Why a trailing stop cannot be placed in a contract; undefined for no reason. */
  readonly trailingRefusal: (contract: SimulatedContract) => string | undefined;
  /** Told of a market order that has found no price yet. */
  readonly unpriced: (order: OrderRecord) => void;
  /** Calls `task` so much later, with the time it is then. */
  readonly later: (milliseconds: number, task: (at: number) => void) => void;
}
