import type { Journal } from '../journal/journal.ts';
import { recordsOf } from '../journal/records-of.ts';
import { ProtectedEntries } from '../oco/protected-entries.ts';
import { RolloutHistory } from '../rollout/rollout-history.ts';
import { EarlierChanges } from './earlier-changes.ts';
import { EarlierCloses } from './earlier-closes.ts';
import { EarlierPlaces } from './earlier-places.ts';

/** What a journal tells a broker that starts on it. */
export interface JournalHistory {
  readonly places: EarlierPlaces;
  readonly changes: EarlierChanges;
  readonly closes: EarlierCloses;
  readonly rollout: RolloutHistory;
  readonly protectedEntries: ProtectedEntries;
  /** Whether its last word on the matter is a halt. */
  readonly isHalted: boolean;
}

/** Reads a journal through, once for everybody. Rejects with `JournalError` when it can't be read. */
export async function readJournal(journal: Journal): Promise<JournalHistory> {
  const places = new EarlierPlaces();
  const changes = new EarlierChanges();
  const closes = new EarlierCloses();
  const rollout = new RolloutHistory();
  const protectedEntries = new ProtectedEntries();
  let isHalted = false;
  for await (const record of recordsOf(journal)) {
    if (record.kind === 'halt' || record.kind === 'resume') isHalted = record.kind === 'halt';
    places.take(record);
    changes.take(record);
    closes.take(record);
    rollout.take(record);
    protectedEntries.take(record);
  }
  return { places, changes, closes, rollout, protectedEntries, isHalted };
}
