import type { ContractId, Evidence } from '@hotpath/core';
import * as z from 'zod';
import { accountRow, orderRow, positionRow, tradeRow } from '../rows.ts';
import { payloadsOf } from './payloads.ts';

/** What the user hub tells, and of which account. */
export interface UserEventItem {
  /** The account's number as text; undefined when the row names none. */
  readonly accountId: string | undefined;
  readonly evidence: Evidence;
}

/** What one event comes to: items, and what of it could not be read. */
export interface UserEventReading {
  readonly items: readonly UserEventItem[];
  readonly problems: readonly string[];
}

const accountOf = z.object({
  accountId: z.union([z.int(), z.string()]).transform(String).optional().catch(undefined),
});
/** A closed position (recorded with type 0 and action 2). A type 0 with a size is a contradiction, and not read as flat. */
const flatRow = z.object({ contractId: z.string(), size: z.literal(0) });

type Reader = (row: object, asOf: number) => Evidence | string;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    'GatewayUserOrder',
    (row, asOf) => read(orderRow, row, (order) => ({ of: 'order', order: { ...order, asOf } })),
  ],
  ['GatewayUserTrade', (row) => read(tradeRow, row, (trade) => ({ of: 'trade', trade }))],
  ['GatewayUserAccount', (row) => read(accountRow, row, (account) => ({ of: 'account', account }))],
  [
    'GatewayUserPosition',
    (row, asOf) => {
      const flat = flatRow.safeParse(row);
      if (flat.success)
        return {
          of: 'position',
          contractId: flat.data.contractId as ContractId,
          position: undefined,
          asOf,
        };
      return read(positionRow, row, (position) => ({
        of: 'position',
        contractId: position.contractId,
        position: { ...position, asOf },
        asOf,
      }));
    },
  ],
]);

/** True for what the user hub is subscribed to. */
export function isUserEvent(target: string): boolean {
  return readers.has(target);
}

/** Reads what an event carries: wrapped, flat, several in an array, with nulls between. A row that can't be read is told and costs only itself. */
export function readUserEvent(
  target: string,
  given: readonly unknown[],
  asOf: number,
): UserEventReading {
  const reader = readers.get(target);
  if (!reader) return { items: [], problems: [`${target} is not known`] };
  const items: UserEventItem[] = [];
  const problems: string[] = [];
  for (const row of payloadsOf(given)) {
    const evidence =
      typeof row === 'object' && row !== null
        ? reader(row, asOf)
        : `${typeof row} in place of a row`;
    if (typeof evidence === 'string') problems.push(`${target}: ${evidence}`);
    else
      items.push({
        accountId:
          evidence.of === 'account'
            ? evidence.account.id
            : accountOf.safeParse(row).data?.accountId,
        evidence,
      });
  }
  return { items, problems };
}

function read<Row>(
  schema: z.ZodType<Row>,
  row: object,
  made: (value: Row) => Evidence,
): Evidence | string {
  const parsed = schema.safeParse(row);
  return parsed.success
    ? made(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
}
