import type { PolicyRow } from './policy-row.ts';

export const closeRows: readonly PolicyRow[] = [
  {
    name: 'K00 a definite refusal of a close or a reduce is rejected',
    evidence: 'close: codes 1, 3, 4, 5, 8; reduce: codes 1 to 6 and 9',
    meaning: '`rejected`',
    action: 'close, code 2: K03; other codes: K02 and K04',
  },
  {
    name: 'K01 a close answered as done is accepted with what a read shows after it',
    evidence: '200, `success: true`',
    meaning:
      '`accepted`: `flat` once it is read so, `not-yet-flat` after `settleMs` at the latest, `reversed` where the other side is held',
    action:
      '`position.reversed` is told and left to the author; flatten and halt close it after a new read',
  },
  {
    name: 'K02 a close that nobody knows the end of is accepted once the contract is read flat, and nothing enters meanwhile',
    evidence: 'no answer, or one that proves nothing',
    meaning:
      'flat: `accepted`; also by exactly one filled order of the size of what was held that nobody else can have sent, and when the repeat was answered as done; in the end `unknown` `ABSENT`',
    action:
      "entries of the contract are `not-sent` `CLOSE_UNSETTLED` for `settleMs`, over restarts; sent once more when nothing shows for `settleMs` (`repeatAfterMs` where it was answered), the position is unchanged, the stream had no gap, no order of its kind shows, in the venue's list either, and the connection has ended; one that comes later than `settleMs` all the same closes what is held then",
  },
  {
    name: 'K03 a close of a position that the venue does not find is accepted after a read says so',
    evidence: 'close: code 2',
    meaning: 'flat: `accepted` `already-flat`; otherwise `rejected` `POSITION_NOT_FOUND`',
    action: 'nothing',
  },
  {
    name: 'K04 a reduce that nobody knows the end of is accepted by its one order alone, and never sent again',
    evidence: 'no answer, or one that proves nothing',
    meaning:
      '`accepted` only by exactly one filled order of exactly its size that nobody else can have sent; a smaller position proves nothing; in the end `unknown` `ABSENT`',
    action:
      'looked up; never sent again; with `reduceWith: "tagged-order"` it is a market order under an id of ours, settled by the P cases, which does not know the position',
  },
  {
    name: "K05 after flat the legs of what was closed are cancelled, and other people's orders are left",
    evidence: 'a contract is read flat after a close',
    meaning: '`accepted` once its legs are gone',
    action: 'orders of others are cancelled by flatten and halt alone',
  },
  {
    name: 'K06 a second exit of a contract joins the close that is open',
    evidence: 'a close, flatten, halt or reduce while a close of the contract is open or unknown',
    meaning:
      'one shared outcome; a reduce waits inside its deadline, for a reduce ahead of it as well; a close waits until the bot has been told of the reduce ahead of it; the same while a market order that takes the position off still fills, and, by the list of orders, where that of an earlier exit was not seen to end or nothing has been heard since the start',
    action:
      'what waited acts on a new read; a reduce, or a close beside an order that takes off less than all, that would take off more than is left is `not-sent` `CLOSE_UNSETTLED`',
  },
];

export const haltRows: readonly PolicyRow[] = [
  {
    name: 'H01 after a halt nothing enters, and everything gets out',
    evidence: '`halt()`',
    meaning:
      'the latch is written and forced to the disk first; no attempt of a place or of a larger size starts after it, takeovers and repeats included: `not-sent` `HALTED`, or `unknown` where one was written',
    action: 'cancels, closes and reduces pass',
  },
  {
    name: 'H02 a halt says flat only when every place is settled',
    evidence: 'places that are open or unknown at the halt',
    meaning:
      '`complete` only by a read begun after each of them was settled or absent; otherwise incomplete with their ids',
    action: 'they are taken back, and cancelled on sight',
  },
  {
    name: 'H03 what turns up while halted is cancelled or closed at once',
    evidence: 'an order of ours or a position, while the latch is set',
    meaning: '`position.unexpected` for a position',
    action: 'cancelled or closed',
  },
];
