import type { Check, Seen } from './check.ts';
import { notSeen } from './check.ts';
import type { Fields } from './gateway-http.ts';
import { fieldNames } from './facts.ts';
import type { Run } from './run.ts';

/** Found by an exchange's root alone. */
const sought = 'NQ';
const mostYears = 3;

/** How contracts are listed and found. */
export const contractChecks: readonly Check[] = [
  {
    name: 'contracts-live',
    part: 'read',
    asks: 'contracts with live: true',
    expected: 'none',
    mark: 'L',
    look: async ({ http }) =>
      (await http.rows('Contract/available', 'contracts', { live: true })).length === 0
        ? 'none'
        : 'some',
  },
  {
    name: 'contracts-active',
    part: 'read',
    asks: 'contracts of Contract/available',
    expected: 'all active',
    mark: 'I',
    look: async (run) =>
      (await available(run)).every((row) => row['activeContract'] === true)
        ? 'all active'
        : 'some not active',
  },
  {
    name: 'contract-fields',
    part: 'read',
    asks: 'fields of a contract',
    expected: 'activeContract,description,id,name,symbolId,tickSize,tickValue',
    mark: 'O',
    look: contractFields,
  },
  {
    name: 'contract-ids',
    part: 'read',
    asks: 'form of contract and symbol ids',
    expected: 'CON.F.US.*.*, F.US.*',
    mark: 'L',
    look: contractIds,
  },
  {
    name: 'search-codes',
    part: 'read',
    asks: `roots that a search for ${sought} finds`,
    expected: 'MNQ, NQ, QG, QM',
    mark: 'L',
    look: async (run) =>
      [...new Set((await found(run, sought)).map(rootOf))].toSorted().join(', ') || 'none',
  },
  {
    name: 'search-order',
    part: 'read',
    asks: `which of them comes first`,
    expected: 'QG',
    mark: '?',
    look: async (run) =>
      rootOf((await found(run, sought))[0] ?? {}) || notSeen('nothing was found'),
  },
  {
    name: 'search-case',
    part: 'read',
    asks: 'a search in lower case',
    expected: 'finds the same',
    mark: '?',
    look: async (run) =>
      (await found(run, sought.toLowerCase())).length === (await found(run, sought)).length
        ? 'finds the same'
        : 'finds others',
  },
  {
    name: 'search-descriptions',
    part: 'read',
    asks: 'a search for a word of descriptions',
    expected: 'finds nothing',
    mark: '?',
    look: async (run) =>
      (await found(run, 'micro')).length === 0 ? 'finds nothing' : 'finds contracts',
  },
  {
    name: 'search-most',
    part: 'read',
    asks: 'most rows of a search',
    expected: '20',
    mark: 'O',
    look: mostRows,
  },
  {
    name: 'contract-unknown',
    part: 'read',
    asks: 'searchById of an id that is none',
    expected: 'code 1, contract null',
    mark: 'O',
    look: unknownContract,
  },
  {
    name: 'contract-expired',
    part: 'read',
    asks: 'searchById of a month long past',
    expected: 'found, not active',
    mark: 'O',
    look: expired,
  },
];

function available(run: Run): Promise<Fields[]> {
  return run.once('available', () =>
    run.http.rows('Contract/available', 'contracts', { live: false }),
  );
}

function found(run: Run, searchText: string): Promise<Fields[]> {
  return run.once(`search ${searchText}`, () =>
    run.http.rows('Contract/search', 'contracts', { searchText, live: false }),
  );
}

/** `MNQ` of `MNQZ6`. */
function rootOf({ name }: Fields): string {
  return typeof name === 'string' ? name.replace(/[FGHJKMNQUVXZ]\d{1,2}$/, '') : '';
}

async function contractFields(run: Run): Promise<Seen> {
  const [row] = await available(run);
  return row ? fieldNames(row) : notSeen('no contract is listed');
}

async function contractIds(run: Run): Promise<Seen> {
  const rows = await available(run);
  if (rows.length === 0) return notSeen('no contract is listed');
  const [ids, symbols] = [
    rows.every(({ id }) => /^CON\.F\.US\.\w+\.[FGHJKMNQUVXZ]\d\d$/.test(String(id))),
    rows.every(({ symbolId }) => /^F\.US\.\w+$/.test(String(symbolId))),
  ];
  return ids && symbols
    ? 'CON.F.US.*.*, F.US.*'
    : `${String(rows[0]?.['id'])}, ${String(rows[0]?.['symbolId'])}`;
}

async function mostRows(run: Run): Promise<Seen> {
  // In the codes of many.
  const rows = await found(run, 'E');
  return rows.length < 20 ? notSeen(`only ${rows.length} were found`) : String(rows.length);
}

async function unknownContract({ http }: Run): Promise<Seen> {
  const { fields, status } = await http.post('Contract/searchById', {
    contractId: 'CON.F.US.NONE.Z26',
  });
  return status === 200
    ? `code ${String(fields['errorCode'])}, contract ${fields['contract'] === null ? 'null' : typeof fields['contract']}`
    : String(status);
}

/** The same month of the years before: of one of them every product had a contract. */
async function expired({ http, contract }: Run): Promise<Seen> {
  const [, stem = '', year = ''] = /^(.+\.[A-Z])(\d\d)$/.exec(contract.id) ?? [];
  if (stem === '') return notSeen('the id of the contract has another form');
  for (let back = 2; back <= mostYears; back += 1) {
    const { fields } = await http.post('Contract/searchById', {
      contractId: `${stem}${String(Number(year) - back).padStart(2, '0')}`,
    });
    const row = fields['contract'];
    if (typeof row === 'object' && row !== null && 'activeContract' in row)
      return row.activeContract === false ? 'found, not active' : 'found, active';
  }
  return 'not found';
}
