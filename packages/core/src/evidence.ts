import type { Account } from './account.ts';
import type { ContractId } from './brand.ts';
import type { Contract } from './contract.ts';
import type { Order } from './order.ts';
import type { Position } from './position.ts';
import type { Trade } from './trade.ts';

/** Which of a venue's streams. */
export type StreamName = 'orders' | 'market';

/**
 * What an adapter brings unasked, in the order in which it came: decoded, not judged. Core merges it with answers and lookups; an adapter keeps none of it.
 * Duplicates and reordering are allowed: the venue makes them.
 */
export type Evidence =
  | { readonly of: 'order'; readonly order: Order }
  | { readonly of: 'trade'; readonly trade: Trade }
  /** `position` undefined: the venue says flat. */
  | {
      readonly of: 'position';
      readonly contractId: ContractId;
      readonly position: Position | undefined;
      readonly asOf: number;
    }
  | { readonly of: 'account'; readonly account: Account }
  /** Subscribed, and verified where the venue confirms it: what happens from here on comes. */
  | { readonly of: 'stream-live'; readonly stream: StreamName; readonly at: number }
  /** Lost touch: what happened since `at` may never come. */
  | {
      readonly of: 'stream-gap';
      readonly stream: StreamName;
      readonly at: number;
      readonly because: string;
    }
  | { readonly of: 'roll'; readonly from: Contract; readonly to: Contract }
  | { readonly of: 'session-failed'; readonly message: string };
