import { flag, model, optional, text } from '../binding/fields.ts';
import { searchContracts } from '../instruments/contract-search.ts';
import { accountRow, contractRow } from '../rest-rows.ts';
import { failure, success } from './reply.ts';
import type { RouteParts } from './rest-rules.ts';
import type { Route } from './route.ts';
import { route } from './route.ts';

const accountsBody = model('SearchAccountRequest', { onlyActiveAccounts: flag });
const searchBody = model('SearchContractRequest', { searchText: optional(text), live: flag });
const byIdBody = model('SearchContractByIdRequest', { contractId: text });
const availableBody = model('ListAvailableContractRequest', { live: flag });

export function accountAndContractRoutes({ exchange, contracts, rules }: RouteParts): Route[] {
  // An account with simulated data, as combine and practice accounts have it, sees no live contracts (recorded on a combine account, September 2026).
  const listed = (live: boolean) =>
    live && !rules.liveContracts
      ? []
      : contracts.active().toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [
    route('Account/search', accountsBody, rules, ({ onlyActiveAccounts }) => {
      const books = [...exchange.accounts.values()].filter(
        ({ settings }) => !onlyActiveAccounts || !rules.hidesLocked || settings.canTrade,
      );
      return success({ accounts: books.map(accountRow) });
    }),
    route('Contract/search', searchBody, rules, ({ searchText = '', live }) =>
      success({
        contracts: searchContracts(listed(live), searchText, rules.search).map(contractRow),
      }),
    ),
    route('Contract/searchById', byIdBody, rules, ({ contractId }) => {
      const contract = contracts.find(contractId);
      return contract && (contract.activeContract || rules.oldContracts)
        ? success({ contract: contractRow(contract) })
        : failure(1, null, { contract: null });
    }),
    route('Contract/available', availableBody, rules, ({ live }) =>
      success({ contracts: listed(live).map(contractRow) }),
    ),
  ];
}
