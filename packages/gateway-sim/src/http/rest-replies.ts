import type { AccountBook } from '../exchange/account-book.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { OrderRecord } from '../exchange/order-record.ts';
import type { Refusal } from '../exchange/refusal.ts';
import { isRefusal } from '../exchange/refusal.ts';
import type { Reply } from './reply.ts';
import { failure, success } from './reply.ts';

/** The envelope alone. */
export function done(result: OrderRecord | Refusal): Reply {
  return isRefusal(result) ? failure(result.errorCode, result.errorMessage) : success();
}

/** A list of one account's, or code 1 for an account there is not. */
export function ofAccount(
  exchange: Exchange,
  accountId: number,
  list: string,
  rows: (book: AccountBook) => object[],
): Reply {
  const book = exchange.accounts.get(accountId);
  return book ? success({ [list]: rows(book) }) : failure(1, null, { [list]: [] });
}
