import type { ContractId } from './brand.ts';

/** One tradable contract as the venue describes it. */
export interface Contract {
  readonly id: ContractId;
  /** Exchange style with month and year, such as `MNQZ6`. */
  readonly name: string;
  /** What stays when the month changes, such as `MNQ`. */
  readonly root: string;
  readonly description: string;
  /** Smallest price step, in price units. */
  readonly tickSize: number;
  /** Money per tick per contract, in the account's currency. */
  readonly tickValue: number;
  /** False once the contract expired or is no longer the front month. */
  readonly active: boolean;
}
