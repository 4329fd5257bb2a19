import type { AccountId } from './brand.ts';

/** One account of a login. */
export interface Account {
  readonly id: AccountId;
  readonly name: string;
  /** Money, in the account's currency. */
  readonly balance: number;
  /** False when the venue takes no orders for it. */
  readonly canTrade: boolean;
}
