import type { PolicyRow } from './policy-row.ts';

export const journalRows: readonly PolicyRow[] = [
  {
    name: 'J01 without its line nothing enters, and everything gets out',
    evidence: 'a line can not be written',
    meaning: 'a place or a modify that may raise the size: `not-sent` `JOURNAL_FAILED`',
    action: '`journal.failed`; cancels, closes and halts go on',
  },
  {
    name: 'J02 a torn last line is cut, a damaged one elsewhere stops the start',
    evidence: 'the file at a start',
    meaning:
      'cut at the last whole line, zeros behind it included, under the lock, before anything is written; any other line whose checksum, number or field is not what was written: `JOURNAL_DAMAGED`, with file and line',
    action: '`damagedLines: "skip"` goes on without it, halted: it may have been a halt',
  },
  {
    name: 'J03 a rotated journal keeps what is open and what is watched',
    evidence: 'the file has grown to `rotateAtBytes`',
    meaning:
      'open and watched intents, halts, ramps, the last day and the last 100,000 places stand in the new file',
    action:
      'the new file is on the disk and read back before it takes the name of the old one; one that fails changes nothing, is told by `journal.failed`, and is tried again',
  },
  {
    name: 'J04 two brokers can not trade one account from one machine',
    evidence: 'another broker holds the lock of the file, or that of gateway and account',
    meaning: 'the start is refused: `JOURNAL_LOCKED`, with who holds it',
    action: "the lock dies with its process; another machine's orders show up as foreign",
  },
  {
    name: 'J05 closing refuses what is new, waits for answers, and leaves the rest open in the journal',
    evidence: '`close()`',
    meaning: 'new intents: `not-sent` `BROKER_CLOSED`; what is unknown settles as `CLOSED`',
    action: 'waits `closeWithinMs`; nothing is cancelled; the next start goes on',
  },
  {
    name: "J06 orders with the journal's prefix that it does not know are taken in and announced",
    evidence: 'an order at the venue whose id begins with the prefix and stands in no line',
    meaning: 'ours, in `found` of `broker.recovered`',
    action:
      'taken into the state as an order of our own; looked for among the orders that work at every start and after every gap, and told once',
  },
];
