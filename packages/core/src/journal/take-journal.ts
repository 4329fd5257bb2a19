import { JournalError } from '../errors/journal-error.ts';
import { messageOf } from '../errors/message-of.ts';
import type { Journal, JournalClaim, JournalContext } from './journal.ts';

/** Claims a journal, whoever has made it; undefined for one that is only opened. Rejects with `JournalError`. */
export async function claimJournal(
  journal: Journal,
  context: JournalContext,
): Promise<JournalClaim | undefined> {
  try {
    const claimed: unknown = await journal.claim?.(context);
    if (claimed === undefined) return undefined;
    const scope =
      typeof claimed === 'object' && claimed !== null && 'scope' in claimed
        ? claimed.scope
        : undefined;
    if (scope !== undefined && typeof scope !== 'string')
      throw new JournalError(
        'JOURNAL_FAILED',
        `The journal's claim() gave a scope that is no text: ${messageOf(scope)}.`,
      );
    if (scope !== undefined) checkPrefix(journal);
    return { scope };
  } catch (error) {
    throw asJournalError(error, 'claimed');
  }
}

/** Opens a journal, whoever has made it. Rejects with `JournalError`. */
export async function openJournal(
  journal: Journal,
  scope: string,
  context: JournalContext,
): Promise<void> {
  try {
    await journal.open(scope, context);
    checkPrefix(journal);
  } catch (error) {
    throw asJournalError(error, 'opened');
  }
}

/** Every id that is minted begins with it, and it tells the bot's own orders from others'. */
function checkPrefix(journal: Journal): void {
  const prefix: unknown = journal.prefix;
  if (typeof prefix !== 'string' || !/^[a-z0-9]{1,16}$/.test(prefix))
    throw new JournalError(
      'JOURNAL_FAILED',
      `The journal's prefix is ${messageOf(prefix)}; it must have 1 to 16 lower-case letters and digits, the same at every start.`,
    );
}

function asJournalError(error: unknown, done: 'claimed' | 'opened'): JournalError {
  return JournalError.is(error)
    ? error
    : new JournalError('JOURNAL_FAILED', `The journal could not be ${done}: ${messageOf(error)}`, {
        cause: error,
      });
}
