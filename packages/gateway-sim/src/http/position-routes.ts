import { instant, int32, model, optional, text } from '../binding/fields.ts';
import { positionOf } from '../instant.ts';
import { positionRow, tradeRow } from '../rest-rows.ts';
import { positionAt } from '../timestamps.ts';
import { done, ofAccount } from './rest-replies.ts';
import type { RouteParts } from './rest-rules.ts';
import type { Route } from './route.ts';
import { route } from './route.ts';

const openBody = model('SearchPositionRequest', { accountId: int32 });
const closeBody = model('CloseContractPositionRequest', { accountId: int32, contractId: text });
const partialBody = model('PartialCloseContractPositionRequest', {
  accountId: int32,
  contractId: text,
  size: int32,
});
/** The documentation calls the start required, the Swagger file does not. */
const tradesBody = model('SearchTradeRequest', {
  accountId: int32,
  startTimestamp: optional(instant),
  endTimestamp: optional(instant),
});
const strictTradesBody = model('SearchTradeRequest', {
  accountId: int32,
  startTimestamp: instant,
  endTimestamp: optional(instant),
});

export function positionRoutes({ exchange, rules }: RouteParts): Route[] {
  return [
    route('Position/searchOpen', openBody, rules, ({ accountId }) =>
      ofAccount(exchange, accountId, 'positions', (book) =>
        [...book.positions.values()].map((position) => positionRow(accountId, position, rules)),
      ),
    ),
    route('Position/closeContract', closeBody, rules, ({ accountId, contractId }, { raw }) =>
      done(exchange.close(accountId, contractId, undefined, raw)),
    ),
    route(
      'Position/partialCloseContract',
      partialBody,
      rules,
      ({ accountId, contractId, size }, { raw }) =>
        done(exchange.close(accountId, contractId, size, raw)),
    ),
    route(
      'Trade/search',
      rules.tradeSearchNeedsStart ? strictTradesBody : tradesBody,
      rules,
      ({ accountId, startTimestamp, endTimestamp }) => {
        const from = startTimestamp ? positionOf(startTimestamp) : Number.NEGATIVE_INFINITY;
        const to = endTimestamp ? positionOf(endTimestamp) : Number.POSITIVE_INFINITY;
        return ofAccount(exchange, accountId, 'trades', (book) =>
          book.fills
            .filter(({ at }) => positionAt(at) >= from && positionAt(at) <= to)
            .toReversed()
            .map((fill) => tradeRow(fill, rules)),
        );
      },
    ),
  ];
}
