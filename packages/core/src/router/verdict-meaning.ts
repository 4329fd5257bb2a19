import type { OutcomeKind } from '../outcome.ts';
import type { Verdict } from '../verdict.ts';

/** What a verdict makes of its delivery, before any lookup or further attempt. */
export function verdictKind(verdict: Verdict): OutcomeKind {
  switch (verdict.is) {
    case 'accepted':
      return 'accepted';
    case 'refused':
    case 'disputed':
      return 'rejected';
    case 'unauthorized':
      return 'not-sent';
    case 'client-order-id-in-use':
    case 'throttled':
    case 'ambiguous':
      return 'unknown';
  }
}

/** What an answer meant, as statistics and the story name it. */
export function verdictMeaning(verdict: Verdict): string {
  return verdict.is === 'ambiguous' ? verdict.code : verdict.is;
}
