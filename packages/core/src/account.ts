import type { AccountId } from './brand.ts';

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  /** Money, in the account's currency. */
  readonly balance: number;
  /** False when the venue takes no orders for it. */
  readonly canTrade: boolean;
}
