import type { Check, Mark, Seen } from './check.ts';
import { fieldNames, timeOf } from './facts.ts';
import type { Fields } from './gateway-http.ts';
import { isFields } from './gateway-http.ts';
import type { OrderTrial } from './order-trial.ts';
import { orderTrial } from './order-trial.ts';
import { said } from './said.ts';

/** Beyond 32 bits, as live ids are since 2026. */
const beyond32Bits = 2 ** 31;
const restFields =
  'accountId,contractId,creationTimestamp,customTag,fillVolume,filledPrice,id,limitPrice,side,size,status,stopPrice,symbolId,type,updateTimestamp';

type Look = (trial: OrderTrial) => Seen;

/** Looks at what the order has shown, once it has. */
function check(name: string, asks: string, expected: string, mark: Mark, look: Look): Check {
  return {
    name,
    part: 'orders',
    asks,
    expected,
    mark,
    async look(run) {
      const trial = await orderTrial(run);
      return 'because' in trial ? trial : look(trial);
    },
  };
}

/** One far limit order that rests, is moved and cancelled, and two that must be refused. */
export const orderChecks: readonly Check[] = [
  check(
    'place-answer',
    'answer to a place',
    'code 0, with an id',
    'O',
    ({ placed }) =>
      `${said(placed)}, ${typeof placed.fields['orderId'] === 'number' ? 'with an id' : 'without an id'}`,
  ),
  check('place-id', 'size of an order id', 'beyond 32 bits', 'L', ({ placed }) =>
    Number(placed.fields['orderId']) > beyond32Bits ? 'beyond 32 bits' : 'within 32 bits',
  ),
  check('place-events', 'statuses told of an order that rests', '1', 'L', ({ resting }) =>
    statuses(resting.events),
  ),
  check(
    'event-form',
    'rows of the user hub',
    'wrapped',
    'L',
    ({
      resting: {
        events: [event],
      },
    }) => (event ? (event.wrapped ? 'wrapped' : 'flat') : 'no event'),
  ),
  check(
    'event-action',
    'action of the event of an order that rests',
    '1',
    'L',
    ({
      resting: {
        events: [event],
      },
    }) => (event ? String(event.action ?? 'none') : 'no event'),
  ),
  check(
    'event-nulls',
    'a price that an order has not, on the hub',
    'left out',
    'L',
    ({
      resting: {
        events: [event],
      },
    }) => (event ? ('stopPrice' in event.row ? 'written' : 'left out') : 'no event'),
  ),
  check('open-row', 'fields of a resting order on REST', restFields, 'O', ({ resting: { open } }) =>
    open ? fieldNames(open) : 'not shown',
  ),
  check('open-nulls', 'a price that it has not, on REST', 'null', 'O', ({ resting: { open } }) =>
    open
      ? open['stopPrice'] === null
        ? 'null'
        : 'stopPrice' in open
          ? typeof open['stopPrice']
          : 'left out'
      : 'not shown',
  ),
  check('open-by-id', 'the same order by its id', 'found', 'O', ({ resting: { byId } }) =>
    byId.status === 200 && isFields(byId.fields['order']) ? 'found' : `not found, ${byId.status}`,
  ),
  check('move-answer', 'answer to a modify', 'code 0', 'O', ({ moved }) => said(moved.answer)),
  check(
    'move-time',
    'updateTimestamp after a modify',
    'as before',
    '?',
    ({ resting: { open }, moved: { row } }) =>
      open && row
        ? timeOf(row, 'updateTimestamp') > timeOf(open, 'updateTimestamp')
          ? 'later'
          : 'as before'
        : 'not shown',
  ),
  check(
    'tag-again',
    'a tag a second time',
    'code 2, Specified custom tag is already in use, without an id',
    'L',
    ({ duplicate }) =>
      `${said(duplicate)}, ${typeof duplicate.fields['orderId'] === 'number' ? 'with an id' : 'without an id'}`,
  ),
  check(
    'price-between',
    'a price between two ticks',
    'code 2, Invalid limit price. Price is not aligned to tick size.',
    'S',
    ({ misaligned }) => said(misaligned.answer),
  ),
  check(
    'price-between-id',
    'its id in the answer',
    'with an id',
    '?',
    ({ misaligned: { answer } }) =>
      typeof answer.fields['orderId'] === 'number' ? 'with an id' : 'without an id',
  ),
  check(
    'price-between-row',
    'whether it is an order all the same',
    'with status 5',
    '?',
    ({ misaligned: { row } }) => (row ? `with status ${String(row['status'])}` : 'no order'),
  ),
  check('cancel-answer', 'answer to a cancel', 'code 0', 'O', ({ cancelled }) =>
    said(cancelled.answer),
  ),
  check('cancel-events', 'statuses told of a cancel', '3', 'L', ({ cancelled }) =>
    statuses(cancelled.events),
  ),
  check('cancel-action', 'action of its event', '2', '?', ({ cancelled: { events } }) =>
    String(events.at(-1)?.action ?? 'none'),
  ),
  check('cancel-row', 'the order after it', 'status 3', 'O', ({ cancelled: { row } }) =>
    row ? `status ${String(row['status'])}` : 'not shown',
  ),
  check('cancel-again', 'a second cancel', 'code 2', 'I', ({ cancelled }) => said(cancelled.again)),
  check('cancel-moved', 'a modify after it', 'code 2', 'I', ({ cancelled }) =>
    said(cancelled.movedAfter),
  ),
  check('cancel-unknown', 'a cancel of an order that is none', 'code 2', 'O', ({ unknown }) =>
    said(unknown),
  ),
];

function statuses(events: readonly { readonly row: Fields }[]): string {
  return events.map(({ row }) => String(row['status'])).join(', ') || 'no event';
}
