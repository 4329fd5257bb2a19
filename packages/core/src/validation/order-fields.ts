import { optionFields } from './field-checks.ts';

/** What every order may have. */
export const sharedOrderFields: readonly string[] = [
  'type',
  'symbol',
  'side',
  'quantity',
  'clientOrderId',
  'bracket',
  ...optionFields,
];
/** What an order of one type or another may have. */
export const orderFields: readonly string[] = [
  ...sharedOrderFields,
  'limitPrice',
  'stopPrice',
  'trailPrice',
  'trailTicks',
];
