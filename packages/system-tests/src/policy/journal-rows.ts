import type { PolicyRow } from './policy-row.ts';

export const journalRows: readonly PolicyRow[] = [
  { name: 'J01 without its line nothing enters, and everything gets out', evidence: 'a line can not be written', meaning: 'a place or a modify that may raise the size: `not-sent` `JOURNAL_FAILED`', action: '`journal.failed`; cancels, closes and halts go on' },
  { name: 'J02 a torn last line is cut, a damaged one elsewhere stops the start', evidence: 'the file at a start', meaning: 'cut at the last whole line, under the lock, before anything is written; any other line that can not be read: `JOURNAL_DAMAGED`', action: '`damagedLines: "skip"` goes on without it' },
  { name: 'J03 a rotated journal keeps what is open and what is watched', evidence: 'the file has grown to `rotateAtBytes`', meaning: 'open and watched intents, halts, ramps, the last day and the last 100,000 places stand in the new file', action: 'the new file is on the disk before it takes the name of the old one' },
  { name: 'J04 two brokers can not trade one account from one machine', evidence: 'another broker holds the lock of gateway and account', meaning: 'the start is refused: `JOURNAL_LOCKED`', action: "the lock dies with its process; another machine's orders show up as foreign" },
  { name: 'J05 closing refuses what is new, waits for answers, and leaves the rest open in the journal', evidence: '`close()`', meaning: 'new intents: `not-sent` `BROKER_CLOSED`; what is unknown settles as `CLOSED`', action: 'waits `closeWithinMs`; nothing is cancelled; the next start goes on' },
  { name: "J06 orders with the journal's prefix that it does not know are taken in and announced", evidence: 'an order at the venue whose id begins with the prefix and stands in no line', meaning: 'ours, in `found` of `broker.recovered`', action: 'taken into the state as an order of our own; looked for among the orders that work at every start and after every gap, and told once' },
];
