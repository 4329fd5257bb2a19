import type { Adapter } from '../adapter.ts';

/** Whose orders a journal records. On paper it is another one, though venue and account be the same: neither journal is ever taken for the other. */
export function journalScope({
  venue,
  endpoint,
  account,
  mode,
}: Pick<Adapter, 'venue' | 'endpoint' | 'account' | 'mode'>): string {
  const scope = `${venue ?? endpoint.origin.origin} account ${account.id}`;
  // safeguard: a paper journal is no account's journal
  return mode === undefined ? scope : `${scope} on ${mode}`;
}
