import type { OrderId } from './brand.ts';

/** What the venue's own words mean for one attempt. Core turns it into an outcome; executors never see it. */
export type Verdict =
  /** Done. A place without a usable order id is `ambiguous` instead. */
  | { readonly is: 'accepted'; readonly orderId: OrderId | undefined }
  /** A definite refusal. `code` is stable, `message` the venue's text. */
  | {
      readonly is: 'refused';
      readonly code: RefusalCode;
      readonly venueCode: number | undefined;
      readonly message: string;
      readonly orderId: OrderId | undefined;
      readonly hint?: string | undefined;
      /** What a bot calls the field that the venue complains of. */
      readonly field?: string | undefined;
    }
  /** A refusal that only a look at the order explains: it may have filled meanwhile. */
  | { readonly is: 'disputed'; readonly venueCode: number; readonly message: string }
  /** Refused before execution for lack of a valid token. */
  | {
      readonly is: 'unauthorized';
      /** The venue's text. */
      readonly message?: string | undefined;
    }
  | { readonly is: 'client-order-id-in-use'; readonly message: string }
  | {
      readonly is: 'throttled';
      readonly retryAfterMs: number | undefined;
      /** The venue's text. */
      readonly message?: string | undefined;
    }
  /** Anything that proves neither acceptance nor refusal. `arrived` when it shows that the venue has the request. */
  | {
      readonly is: 'ambiguous';
      readonly code: AmbiguityCode;
      readonly message: string;
      readonly arrived: boolean;
    };

/** Why a venue refused, in words that hold for every venue. */
export const refusalCodes = [
  'ORDER_REJECTED',
  'ACCOUNT_NOT_FOUND',
  'INSUFFICIENT_FUNDS',
  'ACCOUNT_VIOLATION',
  'OUTSIDE_TRADING_HOURS',
  'CONTRACT_NOT_FOUND',
  'CONTRACT_NOT_ACTIVE',
  'ACCOUNT_REJECTED',
  'ORDER_NOT_FOUND',
  'POSITION_NOT_FOUND',
  'INVALID_CLOSE_SIZE',
  'MALFORMED',
  'THROTTLED',
] as const;
/** Why a venue refused, in words that hold for every venue. */
export type RefusalCode = (typeof refusalCodes)[number];

/** Why an answer proves nothing. */
export const ambiguityCodes = [
  'VENUE_PENDING',
  'VENUE_UNKNOWN_ERROR',
  'VENUE_STATUS',
  'ANSWER_UNREADABLE',
] as const;
/** Why an answer proves nothing. */
export type AmbiguityCode = (typeof ambiguityCodes)[number];
