import * as z from 'zod';
import type { Fill } from '../exchange/account-book.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';

/** A half-turn as a line of the state file. */
export type SavedFill = Omit<Fill, 'contract' | 'profitAndLoss'> & {
  readonly contractId: string;
  readonly profitAndLoss?: number | undefined;
};

export const savedFillSchema: z.ZodType<SavedFill> = z.object({
  id: z.int(),
  accountId: z.int(),
  contractId: z.string(),
  at: z.number(),
  priceTicks: z.number(),
  profitAndLoss: z.number().optional(),
  fees: z.number(),
  commissions: z.number(),
  side: z.union([z.literal(0), z.literal(1)]),
  size: z.number(),
  orderId: z.int(),
});

export function savedFill({ contract, ...fill }: Fill): object {
  return { ...fill, contractId: contract.id };
}

export function restoredFill(
  { contractId, ...fill }: SavedFill,
  contractOf: (contractId: string) => SimulatedContract | undefined,
): Fill {
  const contract = contractOf(contractId);
  if (!contract)
    throw new TypeError(
      `fill ${fill.id} is in ${contractId}, which is no contract of the simulator`,
    );
  return { ...fill, contract, profitAndLoss: fill.profitAndLoss };
}
