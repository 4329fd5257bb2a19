import type { AmbiguityCode, Mutation, RefusalCode } from '@hotpath/core';

/** What an error code of one endpoint means for the attempt. */
export type CodeMeaning =
  | { readonly is: 'refused'; readonly code: RefusalCode }
  /** Only a look at the order or the position explains it. */
  | { readonly is: 'disputed' }
  | { readonly is: 'ambiguous'; readonly code: AmbiguityCode; readonly arrived: boolean };

const refused = (code: RefusalCode): CodeMeaning => ({ is: 'refused', code });
const disputed: CodeMeaning = { is: 'disputed' };
const pending: CodeMeaning = { is: 'ambiguous', code: 'VENUE_PENDING', arrived: true };
const unknownError: CodeMeaning = { is: 'ambiguous', code: 'VENUE_UNKNOWN_ERROR', arrived: false };

/** Error codes by endpoint (ProjectX documentation, 2026): the same number means another thing at each. A number that is not here proves nothing. */
export const answerCodes: Readonly<Record<Mutation, ReadonlyMap<number, CodeMeaning>>> = {
  place: new Map([
    [1, refused('ACCOUNT_NOT_FOUND')],
    [2, refused('ORDER_REJECTED')],
    [3, refused('INSUFFICIENT_FUNDS')],
    [4, refused('ACCOUNT_VIOLATION')],
    [5, refused('OUTSIDE_TRADING_HOURS')],
    [6, pending],
    [7, unknownError],
    [8, refused('CONTRACT_NOT_FOUND')],
    [9, refused('CONTRACT_NOT_ACTIVE')],
    [10, refused('ACCOUNT_REJECTED')],
  ]),
  modify: new Map([
    [1, refused('ACCOUNT_NOT_FOUND')],
    [2, disputed],
    [3, refused('ORDER_REJECTED')],
    [4, pending],
    [5, unknownError],
    [6, refused('ACCOUNT_REJECTED')],
    [7, refused('CONTRACT_NOT_FOUND')],
  ]),
  cancel: new Map([
    [1, refused('ACCOUNT_NOT_FOUND')],
    [2, disputed],
    [3, disputed],
    [4, pending],
    [5, unknownError],
    [6, refused('ACCOUNT_REJECTED')],
  ]),
  close: new Map([
    [1, refused('ACCOUNT_NOT_FOUND')],
    [2, disputed],
    [3, refused('CONTRACT_NOT_FOUND')],
    [4, refused('CONTRACT_NOT_ACTIVE')],
    [5, refused('ORDER_REJECTED')],
    [6, pending],
    [7, unknownError],
    [8, refused('ACCOUNT_REJECTED')],
  ]),
  reduce: new Map([
    [1, refused('ACCOUNT_NOT_FOUND')],
    [2, refused('POSITION_NOT_FOUND')],
    [3, refused('CONTRACT_NOT_FOUND')],
    [4, refused('CONTRACT_NOT_ACTIVE')],
    [5, refused('INVALID_CLOSE_SIZE')],
    [6, refused('ORDER_REJECTED')],
    [7, pending],
    [8, unknownError],
    [9, refused('ACCOUNT_REJECTED')],
  ]),
};
