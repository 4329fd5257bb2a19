import type { Contract } from '../contract.ts';
import type { Limits } from './limits.ts';

/** The limits that stand under a name that no order is counted under, each as one `path: sentence`: a limit of one month's name, or of a root in small letters, would hold for nothing. */
export function* contractProblems(
  { maxContractsPerSymbol = {} }: Limits,
  contractOf: (symbol: string) => Contract | undefined,
): Generator<string> {
  for (const symbol of Object.keys(maxContractsPerSymbol)) {
    const root = (contractOf(symbol) ?? contractOf(symbol.toUpperCase()))?.root;
    // safeguard: limits under a name that counts nothing are refused
    if (root !== undefined && root !== symbol)
      yield `limits.maxContractsPerSymbol.${symbol}: the limit is by root; give it for "${root}"`;
    // end of safeguard
  }
}
