import type { CloseOutcome } from '../outcome.ts';

/** Resolves when the end of a close is known, however long that takes. Never rejects. */
export async function settledEnd<Key extends string>(
  closing: Promise<CloseOutcome<Key>>,
): Promise<void> {
  try {
    const outcome = await closing;
    if (outcome.kind === 'unknown' && !outcome.final) await outcome.resolved;
  } catch {
    // Whoever called is told; nothing is open any more.
  }
}
