import { cancelRows, modifyRows } from './change-rows.ts';
import { closeRows, haltRows } from './exit-rows.ts';
import { journalRows } from './journal-rows.ts';
import { placeRows } from './place-rows.ts';
import type { PolicyGroup } from './policy-row.ts';

/** What each piece of evidence means, by the section of docs/outcomes.md that shows it. */
export const outcomePolicy: readonly PolicyGroup[] = [
  { title: 'place', rows: placeRows },
  { title: 'modify', rows: modifyRows },
  { title: 'cancel', rows: cancelRows },
  { title: 'close', rows: closeRows },
  { title: 'halt', rows: haltRows },
  { title: 'journal', rows: journalRows },
];
