import type { Unknowns } from '../options/unknowns.ts';
import type { SimulatedContract } from './contracts.ts';

/** How `Contract/search` looks for a text. */
export interface SearchRules {
  readonly order: NonNullable<Unknowns['searchOrder']>;
  readonly descriptions: boolean;
  /** Names only: a difference that can be switched on. */
  readonly namesOnly: boolean;
}

/** Most rows of a search (ProjectX documentation). */
const mostRows = 20;

/**
 * Contracts whose name or internal code holds a text, without case: `NQ` gives QG and QM too, whose codes are NQG and NQM (recorded, September 2026).
 * In which order they come was not recorded; whoever takes the first row trades something else than asked for.
 */
export function searchContracts(
  contracts: readonly SimulatedContract[],
  searchText: string,
  { order, descriptions, namesOnly }: SearchRules,
): SimulatedContract[] {
  const text = searchText.toUpperCase();
  const found = contracts.filter(({ name, id, description }) =>
    [name, ...(namesOnly ? [] : [id]), ...(descriptions ? [description] : [])].some((each) =>
      each.toUpperCase().includes(text),
    ),
  );
  const comesFirst = ({ product }: SimulatedContract): boolean =>
    (order === 'codes-first' ? product.root : product.exchangeRoot).startsWith(text);
  return [...found.filter(comesFirst), ...found.filter((contract) => !comesFirst(contract))].slice(
    0,
    mostRows,
  );
}
