import type { CallClaim, Claim, OutcomeClaim } from './claims.ts';

/** One call and what it was last told; no word when the process died first. */
export interface Called {
  readonly claim: CallClaim;
  readonly words: OutcomeClaim[];
}
/** Everything a bot claimed about one intent, oldest first. */
export interface IntentHistory {
  readonly intent: string;
  readonly calls: Called[];
  /** The latest word of any of its calls. */
  lastWord: OutcomeClaim | undefined;
}

export function intentHistories(claims: readonly Claim[]): Map<string, IntentHistory> {
  const histories = new Map<string, IntentHistory>();
  const calls = new Map<string, { readonly called: Called; readonly history: IntentHistory }>();
  for (const claim of claims) {
    if (claim.kind === 'call') {
      const history = histories.get(claim.intent) ?? {
        intent: claim.intent,
        calls: [],
        lastWord: undefined,
      };
      histories.set(claim.intent, history);
      const called: Called = { claim, words: [] };
      history.calls.push(called);
      calls.set(claim.call, { called, history });
    } else if (claim.kind === 'outcome') {
      const found = calls.get(claim.call);
      if (!found) continue;
      found.called.words.push(claim);
      found.history.lastWord = claim;
    }
  }
  return histories;
}

/** True when the venue's end of the intent is known to the bot, absence included. */
export function isTold(word: OutcomeClaim | undefined): boolean {
  return (
    word !== undefined && (word.outcome !== 'unknown' || (word.final && word.code !== 'CLOSED'))
  );
}
