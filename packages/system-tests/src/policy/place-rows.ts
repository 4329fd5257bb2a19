import type { PolicyRow } from './policy-row.ts';

export const placeRows: readonly PolicyRow[] = [
  {
    name: 'P00 a known client order id gets its own outcome before any other check',
    evidence: 'the client order id has been used on this journal',
    meaning:
      'open, `accepted` or `rejected`: that same outcome, also while halted and past any limit; `not-sent` or `ABSENT`: a new attempt under the same id; other content: P23',
    action:
      'ids are kept for a day and for 100,000 orders at least, over restarts, in memory or to be read from the journal; then P17 takes over',
  },
  {
    name: 'P01 what is wrong with an order is said before anything leaves',
    evidence:
      "a field that does not hold, a price off its tick, a limit or the trading hours of the author's, a halt",
    meaning: '`not-sent` with a code and the field',
    action: 'nothing',
  },
  {
    name: 'P02 an order for which the rate budget has no room is not sent',
    evidence: 'the budget refuses the lane',
    meaning: '`not-sent` `BUDGET_EXHAUSTED` with `retryAfterMs`',
    action: 'nothing waits in a queue; what gets out of the market has room kept for it',
  },
  {
    name: 'P03 an order whose deadline passed or whose signal was aborted before its first byte is not sent',
    evidence: 'deadline or signal, before the write of whichever attempt',
    meaning: '`not-sent` `DEADLINE_PASSED` or `ABORTED`',
    action: 'nothing',
  },
  {
    name: 'P04 an attempt that wrote no byte is taken over by another executor',
    evidence: 'connection refused, DNS or TLS failure, no connection free: no byte was written',
    meaning: 'nothing can have arrived; with no executor left `not-sent` `UNREACHABLE`',
    action: 'the next executor delivers it at once, same id; the first one is marked',
  },
  {
    name: 'P05 a connection that died after its write leaves the order unknown',
    evidence:
      'an error after `write` was called; only a socket that had failed by the time `write` returned proves that nothing left',
    meaning: '`unknown`',
    action: 'looked up',
  },
  {
    name: 'P06 a connection that ended before the answer leaves the order unknown until the venue shows it',
    evidence: 'written, then reset or ended without a whole answer',
    meaning: '`unknown`',
    action: 'looked up',
  },
  {
    name: 'P07 no answer after the request was written is unknown',
    evidence: 'written, and nothing comes',
    meaning: '`unknown`; an answer that comes late counts like any other',
    action:
      'looked up from `lookupAfterMs` on; the connection takes nothing new and is reset at `answerTimeoutMs`, so that its kernel delivers nothing later; two lookups in vain allow one repeat inside the deadline',
  },
  {
    name: 'P08 an answer of success with an order id is accepted',
    evidence: '200, `success: true`, an order id',
    meaning: '`accepted`',
    action: 'nothing',
  },
  {
    name: 'P09 an answer of success without a usable order id is evidence of arrival, and the order is looked up',
    evidence: '200, `success: true`, no id that can name an order',
    meaning: '`unknown`, never absent',
    action: 'looked up',
  },
  {
    name: 'P10 a definite refusal is rejected with its name and the words of the venue',
    evidence: 'codes 1, 3, 4, 5, 8, 9, 10',
    meaning: '`rejected`',
    action: 'nothing is held against the executor',
  },
  {
    name: 'P11 a rejected order is rejected with its text and a hint',
    evidence: 'code 2',
    meaning: '`rejected`, with a hint for bracket mode, tick and a closed market',
    action: 'P16 and P17 where the text says that the id is in use',
  },
  {
    name: 'P12 pending, unknown error and codes nobody knows are unknown',
    evidence: 'codes 6, 7 and any that is not documented',
    meaning: '`unknown`; 6 shows that it arrived, so it is never called absent',
    action: 'looked up',
  },
  {
    name: 'P13 a request that the venue could not read is rejected as malformed',
    evidence: "400, 404, 405 or 415 with the venue's JSON; without it P18",
    meaning: '`rejected` `MALFORMED`: it was never bound to an order',
    action: 'an alarm: our defect, or a changed interface',
  },
  {
    name: 'P14 a token that is refused is renewed once and the order sent once more',
    evidence: '401',
    meaning: 'refused before anything ran; again 401, or no new token: `not-sent` `UNAUTHORIZED`',
    action: 'one renewal for all that wait, then one more delivery',
  },
  {
    name: 'P15 too many requests leaves the order unknown, and the budget learns',
    evidence: '429',
    meaning: '`unknown` `THROTTLED`; with `rateLimited: "refused"`: `rejected` `THROTTLED`',
    action: 'looked up as soon as the budget allows; until then places are P02',
  },
  {
    name: 'P16 an id in use that is our own is evidence of arrival, and the row decides',
    evidence:
      'the id is in use, and either we minted it or an earlier attempt under it was written',
    meaning:
      'the order is there: `rejected` when its row says so, otherwise `accepted`, `recovered`; not to be found: `unknown` `IN_USE_NOT_FOUND`, retry `no`',
    action: 'looked up; watched',
  },
  {
    name: "P17 an author's own id in use is adopted only when the order is the same",
    evidence:
      "the id is in use on the only written attempt of an author's own id; or a row with it shows before the answer",
    meaning:
      'same contract, side, size, type and price, at most `adoptWithinMs` old: as in P16; another order: `rejected` `CLIENT_ORDER_ID_IN_USE` with that order. A row that is not this order proves nothing but that the id is taken',
    action: 'nothing is ever taken for ours on its id alone',
  },
  {
    name: 'P18 any other status is unknown',
    evidence: '5xx, 403, redirects, 421, any other status',
    meaning: '`unknown`',
    action: 'looked up',
  },
  {
    name: 'P19 a body that is not what the venue documents is unknown',
    evidence:
      '2xx with a body that is empty, cut, foreign or wrongly typed, or that contradicts itself',
    meaning: '`unknown`',
    action: 'looked up',
  },
  {
    name: 'P20 an answer that names the order of another intent is unknown',
    evidence: 'an order id that is bound to another intent, or bytes behind an answer',
    meaning: '`unknown`',
    action: 'looked up; the connection is destroyed',
  },
  {
    name: 'P21 an event of the order settles it before the answer does',
    evidence: 'an event or a row with the id, before the answer',
    meaning:
      'working, filled, cancelled, expired, cancelling, suspended: `accepted`; rejected: `rejected`, after 250 ms in which the answer may bring the words; pending and unknown: it arrived, no more',
    action: 'an answer that contradicts it is looked up: the row stands, or `order.contradicted`',
  },
  {
    name: 'P22 two calls with one client order id are one order',
    evidence: 'a second call, same id and content, the first one open',
    meaning: 'one delivery, one outcome that both share',
    action: 'nothing',
  },
  {
    name: 'P23 one client order id with other content is not sent',
    evidence: 'a second call, same id, other content',
    meaning: '`not-sent` `CLIENT_ORDER_ID_IN_USE` with `existing`',
    action: 'nothing',
  },
  {
    name: 'P24 killed after the journal line, the order is looked for at the next start',
    evidence: 'an open line of an earlier process',
    meaning:
      '`unknown` until the venue has been asked; places meanwhile are `not-sent` `RECOVERING`, exits pass',
    action:
      'looked up; `broker.recovered`; a venue that can not be reached does not hold up the start. A modify and a cancel are looked up in the same way, told by `order.resolved`; the cancel is sent again while its order works',
  },
  {
    name: 'P25 an order that nothing shows stays unknown, as absent',
    evidence: 'absent, as above',
    meaning: '`unknown` `ABSENT`, retry `same-id`; `resolved` settles with it',
    action: 'watched for a day, over restarts',
  },
  {
    name: 'P26 an absent order that turns up is announced, and cancelled while it works',
    evidence: 'an event or a row of an order that was called absent',
    meaning: '`order.contradicted`; filled: taken into the state, `position.unexpected`',
    action:
      'one that works is cancelled, unless it reduces the position and no later order of ours does so',
  },
  {
    name: 'P27 while the venue can not be reached an order stays unknown, and is settled when it is back',
    evidence: 'every lookup fails',
    meaning: '`unknown`, not final',
    action: 'looked up for as long as it takes; its line stays open in the journal',
  },
];
