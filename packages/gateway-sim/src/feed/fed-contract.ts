import * as z from 'zod';
import type { SimulatedContract } from '../instruments/contracts.ts';
import type { Product } from '../instruments/products.ts';
import { products } from '../instruments/products.ts';
import { tickOf } from '../tick.ts';
import type { FedContract } from './feed-options.ts';

/** As a line of the state file holds it. */
export const fedContractSchema: z.ZodType<FedContract> = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  tickSize: z.number().positive(),
  tickValue: z.number(),
  activeContract: z.boolean(),
});

/** Per contract and side, as a full-size index future has them. */
const unknownCosts = { fees: 1.39, commissions: 0.5 };

/** A listed contract with what the exchange needs to trade it. Fees are those of the product; a product that is not known pays those of a full-size one. */
export function contractOfFeed({
  id,
  name,
  description,
  tickSize,
  tickValue,
  activeContract,
}: FedContract): SimulatedContract {
  const [, , , root = name, month = ''] = id.split('.');
  // Where the id shows the month with two digits of the year, so does the name in position rows.
  const displayName = month === '' ? name : `${name.replace(/[A-Z]\d{1,2}$/, '')}${month}`;
  return {
    id,
    name,
    displayName,
    description,
    tickSize,
    tickValue,
    activeContract,
    symbolId: `F.US.${root}`,
    product: productOf(root, name, tickSize, tickValue, description),
    tick: tickOf(tickSize),
  };
}

function productOf(
  root: string,
  name: string,
  tickSize: number,
  tickValue: number,
  description: string,
): Product {
  const known = products.find((product) => product.root === root);
  return (
    known ?? {
      exchangeRoot: name.replace(/[A-Z]\d{1,2}$/, ''),
      root,
      tickSize,
      tickValue,
      description,
      months: '',
      lead: 0,
      startPrice: tickSize,
      costs: unknownCosts,
    }
  );
}
