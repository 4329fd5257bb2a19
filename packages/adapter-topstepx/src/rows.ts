import type {
  Account,
  AccountId,
  Bar,
  ClientOrderId,
  Contract,
  ContractId,
  Order,
  OrderId,
  Position,
  Trade,
} from '@hotpath/core';
import * as z from 'zod';
import { statusOf, typeOf } from './enumerations.ts';

/** Shapes of the gateway's rows, only the fields used and loosely: unknown fields are ignored, missing nullable ones are null. */
const id = z
  .union([z.int().positive(), z.string().regex(/^[1-9]\d{0,18}$/, 'is no id')])
  .transform(String);
const price = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);
/** ISO 8601 with up to seven fractional digits; a time without a zone is UTC (one client met such). The year 1 means "no value" (one client met it). */
const instant = z.string().transform((text, context) => {
  if (text.startsWith('0001-01-01T')) return undefined;
  const milliseconds = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/i.test(text) ? text : `${text}Z`);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  context.addIssue({ code: 'custom', message: 'is no time' });
  return z.NEVER;
});
/** A time that a row cannot do without. */
const creation = instant.transform((at, context) => {
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: 'has no value' });
  return z.NEVER;
});
const side = z
  .union([z.literal(0), z.literal(1)])
  .transform((number) => (number === 0 ? ('buy' as const) : ('sell' as const)));

/** A field that is known and not read. */
const unread = z.unknown().optional();

const accountFields = z.object({
  id,
  name: z.string(),
  balance: z.number(),
  canTrade: z.boolean(),
  isVisible: unread,
  simulated: unread,
});
export const accountRow: z.ZodType<Account> = accountFields.transform(
  ({ id: accountId, name, balance, canTrade }) => ({
    id: accountId as AccountId,
    name,
    balance,
    canTrade,
  }),
);

const contractFields = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  tickSize: z.number().positive(),
  tickValue: z.number(),
  activeContract: z.boolean(),
  symbolId: unread,
});
export const contractRow: z.ZodType<Contract> = contractFields.transform((row) => ({
  id: row.id as ContractId,
  name: row.name,
  root: row.name.replace(/[FGHJKMNQUVXZ]\d{1,2}$/, ''),
  description: row.description ?? '',
  tickSize: row.tickSize,
  tickValue: row.tickValue,
  active: row.activeContract,
}));

/** Rows say what is; when they said it, the read knows. */
export type Undated<Row> = Omit<Row, 'asOf'>;

const orderFields = z.object({
  id,
  accountId: unread,
  symbolId: unread,
  linkedOrderId: unread,
  trailDistance: unread,
  trailPrice: unread,
  contractId: z.string(),
  creationTimestamp: creation,
  updateTimestamp: instant.nullish(),
  status: z.int(),
  type: z.int(),
  side,
  size: z.int(),
  limitPrice: price,
  stopPrice: price,
  fillVolume: z.int().nullish(),
  filledPrice: price,
  customTag: z.string().nullish(),
  parentOrderId: id.nullish(),
});
export const orderRow: z.ZodType<Undated<Order>> = orderFields.transform((row) => ({
  orderId: row.id as OrderId,
  clientOrderId: row.customTag == null ? undefined : (row.customTag as ClientOrderId),
  contractId: row.contractId as ContractId,
  side: row.side,
  type: typeOf(row.type),
  status: statusOf(row.status),
  quantity: row.size,
  filledQuantity: row.fillVolume ?? 0,
  averagePrice: row.filledPrice,
  limitPrice: row.limitPrice,
  stopPrice: row.stopPrice,
  createdAt: row.creationTimestamp,
  updatedAt: row.updateTimestamp ?? row.creationTimestamp,
  parentOrderId: row.parentOrderId == null ? undefined : (row.parentOrderId as OrderId),
}));

/** Position types are 1 long and 2 short; sizes are always positive. */
const positionFields = z.object({
  id: unread,
  accountId: unread,
  contractDisplayName: unread,
  contractId: z.string(),
  creationTimestamp: creation,
  type: z.union([z.literal(1), z.literal(2)]),
  size: z.int().positive(),
  averagePrice: z.number(),
});
export const positionRow: z.ZodType<Undated<Position>> = positionFields.transform((row) => ({
  contractId: row.contractId as ContractId,
  side: row.type === 1 ? ('buy' as const) : ('sell' as const),
  quantity: row.size,
  averagePrice: row.averagePrice,
  openedAt: row.creationTimestamp,
}));

const tradeFields = z.object({
  id,
  accountId: unread,
  contractId: z.string(),
  creationTimestamp: creation,
  price: z.number(),
  profitAndLoss: z.number().nullish(),
  fees: z.number().nullish(),
  commissions: z.number().nullish(),
  side,
  size: z.int(),
  voided: z.boolean().nullish(),
  orderId: id,
});
export const tradeRow: z.ZodType<Trade> = tradeFields.transform((row) => ({
  tradeId: row.id,
  orderId: row.orderId as OrderId,
  contractId: row.contractId as ContractId,
  side: row.side,
  quantity: row.size,
  price: row.price,
  profitAndLoss: row.profitAndLoss ?? undefined,
  fees: (row.fees ?? 0) + (row.commissions ?? 0),
  at: row.creationTimestamp,
  voided: row.voided ?? false,
}));

/** `t` is the begin. What `d` and `k` of newer deployments mean is not documented. */
const barFields = z.object({
  t: creation,
  o: z.number(),
  h: z.number(),
  l: z.number(),
  c: z.number(),
  v: z.union([z.number(), z.string().transform(Number)]),
  d: unread,
  k: unread,
});
export const barRow: z.ZodType<Bar> = barFields.transform(({ t, o, h, l, c, v }) => ({
  at: t,
  open: o,
  high: h,
  low: l,
  close: c,
  volume: v,
}));

/** Fields of each model, those included that are known and not read. */
export const modelFields: Readonly<
  Record<'account' | 'contract' | 'order' | 'position' | 'trade' | 'bar', readonly string[]>
> = {
  account: Object.keys(accountFields.shape),
  contract: Object.keys(contractFields.shape),
  order: Object.keys(orderFields.shape),
  position: Object.keys(positionFields.shape),
  trade: Object.keys(tradeFields.shape),
  bar: Object.keys(barFields.shape),
};
