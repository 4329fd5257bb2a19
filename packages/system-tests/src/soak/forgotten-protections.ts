import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { JournalRecord } from '@hotpath/core';
import type { Gateway } from '@hotpath/gateway-sim';

const open: ReadonlySet<number> = new Set([1, 6, 8]);

/** Entries that the broker goes on protecting although nothing of them is at the venue any more: they would add up for ever. One that was never seen is watched for a day. */
export async function forgottenProtections(
  journal: string,
  gateway: Gateway,
  account: number,
): Promise<string[]> {
  const armed = new Map<string, string>();
  const absent = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(journal) })) {
    const record = JSON.parse(line) as JournalRecord;
    if (
      record.kind === 'outcome' &&
      record.operation === 'place' &&
      record.code === 'ABSENT' &&
      record.clientOrderId !== undefined
    )
      absent.add(record.clientOrderId);
    if (record.kind !== 'oco') continue;
    if (record.step === 'armed') armed.set(record.entry, record.contractId);
    if (record.step === 'ended') armed.delete(record.entry);
  }
  const { orders, positions } = gateway.truth();
  const held = new Set(
    positions
      .map((row) => ({ ...row }) as { readonly accountId: number; readonly contractId: string })
      .filter(({ accountId }) => accountId === account)
      .map(({ contractId }) => contractId),
  );
  const working = new Set(
    orders
      .filter(({ accountId, status }) => accountId === account && open.has(status))
      .map(({ customTag }) => customTag),
  );
  const left = [...armed]
    .filter(
      ([entry, contractId]) => !held.has(contractId) && !working.has(entry) && !absent.has(entry),
    )
    .map(([entry]) => entry);
  return left.length > 0
    ? [`${left.length} protections did not end: ${left.slice(0, 5).join(', ')}`]
    : [];
}
