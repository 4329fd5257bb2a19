import type { PolicyRow } from './policy-row.ts';

export const modifyRows: readonly PolicyRow[] = [
  {
    name: 'M01 a modify that was answered as done is accepted',
    evidence: '200, `success: true`',
    meaning: '`accepted`',
    action:
      'watched for `settleMs`; an order that goes on with its old values is `order.contradicted`',
  },
  {
    name: 'M02 an order that the venue does not find for a modify is looked at',
    evidence: 'code 2',
    meaning:
      'final: `rejected` `ALREADY_FINAL` with the order; otherwise `rejected` `ORDER_NOT_FOUND`',
    action: 'nothing',
  },
  {
    name: 'M03 a definite refusal of a modify is rejected',
    evidence: 'codes 1, 3, 6, 7',
    meaning: '`rejected`',
    action: 'nothing',
  },
  {
    name: 'M04 a modify that nobody knows the end of is looked up',
    evidence: 'codes 4 and 5, no answer, an answer that proves nothing',
    meaning:
      'the new values: `accepted`, `recovered`; final: `rejected` `ALREADY_FINAL`; in the end `unknown`',
    action:
      'unchanged and working: sent again, since its values are absolute; a trail can be compared with nothing',
  },
  {
    name: 'M05 a modify that wrote no byte is taken over by another executor',
    evidence: 'no byte was written',
    meaning: 'nothing can have arrived',
    action: 'another executor delivers it',
  },
  {
    name: 'M06 two modifies of one order leave one after the other',
    evidence: 'a modify while another of the same order is not settled',
    meaning:
      'it waits; of those that wait the last takes over the fields of the others, which are `not-sent` `SUPERSEDED`',
    action:
      'behind one of unknown end the order is watched for `settleMs`; where that one comes after all, the last values are sent again',
  },
];

export const cancelRows: readonly PolicyRow[] = [
  {
    name: 'C01 a cancel answered as done says what became of the order',
    evidence: '200, `success: true`',
    meaning:
      'the row says: `cancelled`, or `filled` if the fill won; nothing that shows it: `unknown`',
    action: 'looked up',
  },
  {
    name: 'C02 a refused cancel is rejected, and looked up where the order may be gone',
    evidence: 'codes 1 and 6; codes 2 and 3',
    meaning:
      '`rejected`; for 2 and 3 by what the order is: `cancelled`, `filled`, `already-final`, or still working: `rejected` `STILL_WORKING`',
    action: 'nowhere to be found: `unknown`, looked up; `ABSENT` after `settleMs`',
  },
  {
    name: 'C03 a cancel that nobody knows the end of is looked up, and sent again while the order works',
    evidence: 'no answer, or one that proves nothing',
    meaning:
      'what the order has become; `unknown` as long as it works; `ABSENT` where the venue has not shown it for `settleMs`',
    action: 'sent again: two cancels of an order do what one does',
  },
  {
    name: 'C04 a cancel of an order whose place is not settled takes the place back and waits for the order',
    evidence: 'a cancel by the id of a place that is open or unknown',
    meaning:
      'no further attempt of the place starts; the cancel leaves on sight of the order; the place ends absent: `unknown` `ABSENT`',
    action: 'still cancelled on sight for a day, over restarts',
  },
];
