import type { IntentBook } from '../broker/intent-book.ts';
import type { Clock } from '../clock.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Order } from '../order.ts';
import type { VenueState } from '../state/venue-state.ts';
import type { StoryLog } from './story-log.ts';

interface StoryParts<Key extends string> {
  readonly story: StoryLog;
  readonly state: VenueState<Key>;
  readonly book: IntentBook<Key>;
  readonly events: EventHub<Key>;
  readonly clock: Clock;
}

/** Takes down what is seen of this bot's orders. Of others' nobody asks. */
export function watchStory<Key extends string>({
  story,
  state,
  book,
  events,
  clock,
}: StoryParts<Key>): void {
  const isOwn = ({ orderId, clientOrderId }: Order): boolean =>
    book.findByOrderId(orderId) !== undefined ||
    (clientOrderId !== undefined && book.find(clientOrderId) !== undefined);
  state.orders.onChange((order) => {
    if (isOwn(order))
      story.add({
        kind: 'row',
        at: clock.now(),
        clientOrderId: order.clientOrderId,
        orderId: order.orderId,
        order,
      });
  });
  events.on('order.filled', ({ order, trade }) => {
    if (isOwn(order))
      story.add({
        kind: 'fill',
        at: clock.now(),
        clientOrderId: order.clientOrderId,
        orderId: order.orderId,
        trade,
      });
  });
  events.on('order.contradicted', ({ order }) =>
    story.add({
      kind: 'contradicted',
      at: clock.now(),
      clientOrderId: order.clientOrderId,
      orderId: order.orderId,
      order,
    }),
  );
}
