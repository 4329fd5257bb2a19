/** What the fills of one order come to. Money in the account's currency. */
export interface FillSummary {
  readonly quantity: number;
  /** Price units; undefined without a fill. */
  readonly averagePrice: number | undefined;
  readonly fees: number;
  /** Gross money realised. */
  readonly profitAndLoss: number;
}
