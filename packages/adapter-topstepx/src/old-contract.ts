import type { Intent, RefusalCode, Verdict } from '@hotpath/core';
import type { ContractCache } from './contract-cache.ts';

/** Refusals that mean that the cached front months may be old ones. */
const codes: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'CONTRACT_NOT_ACTIVE',
  'CONTRACT_NOT_FOUND',
]);

/** Whether a verdict says that a contract is not traded any more, or not known. */
export function isAboutContract(verdict: Verdict): boolean {
  return verdict.is === 'refused' && codes.has(verdict.code);
}

/** What helps against such a refusal of a place. A rejection is an answer: nothing is sent again for the bot. `isDoubted`: the next order by root waits for the venue's list. */
export function contractHint(
  intent: Intent | undefined,
  contracts: ContractCache,
  isDoubted: (root: string) => boolean,
): string | undefined {
  if (intent?.operation !== 'place') return undefined;
  const { contract, request } = intent;
  const { root, name } = contract;
  const front = contracts.front(root);
  if (!front) return `searchContracts('${root}') lists the months that are traded.`;
  if (front.id !== contract.id)
    return `${front.name} is the month that is traded now; "${root}" stands for it.`;
  if (!isDoubted(root))
    return `The venue's list of contracts has just been read and still names ${name}: it may be behind. It is read again in a few seconds; searchContracts('${root}') shows what it has.`;
  const next = `The venue's list of contracts is being read again, and an order for "${root}" waits for it`;
  return request.symbol === root
    ? `${name} may have expired. ${next}: place anew.`
    : `${name} may have expired. ${next}: "${root}" stands for the month that is traded.`;
}
