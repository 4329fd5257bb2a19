import type { OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import type { Rejected } from '../outcome.ts';
import type { EndOfCall } from '../outcomes/awaited-call.ts';
import { AwaitedCall } from '../outcomes/awaited-call.ts';
import type { Call, Told } from '../outcomes/told.ts';
import type { DeliveryEnd } from '../router/delivery-task.ts';
import type { BrokerParts } from './broker-parts.ts';

/** What makes a modify a modify, and a cancel a cancel. */
export interface Change<Key extends string, Done extends { readonly kind: 'accepted' }> {
  readonly orderId: OrderId;
  /** What a row from after the request proves. */
  fromRow(base: Told<Key>, order: Order): Done | Rejected<Key> | undefined;
  settle(end: DeliveryEnd<Key>): Promise<EndOfCall<Key, Done>>;
  /** Called with the end of what the bot was told is unknown. */
  ended?(outcome: EndOfCall<Key, Done>): void;
}

/** A modify or cancel between its delivery and its outcome. Whoever started it tells of the outcome. */
export class AwaitedChange<
  Key extends string,
  Done extends { readonly kind: 'accepted' },
> extends AwaitedCall<Key, Done> {
  readonly #change: Change<Key, Done>;

  constructor(broker: BrokerParts<Key>, call: Call, change: Change<Key, Done>) {
    super(broker, call);
    this.#change = change;
  }

  concerns({ orderId }: Order): boolean {
    return orderId === this.#change.orderId;
  }

  protected fromRow(base: Told<Key>, order: Order): Done | Rejected<Key> | undefined {
    // A row from before the request proves nothing of it.
    return this.sentAt !== undefined && order.asOf >= this.sentAt
      ? this.#change.fromRow(base, order)
      : undefined;
  }

  protected settle(end: DeliveryEnd<Key>): Promise<EndOfCall<Key, Done>> {
    return this.#change.settle(end);
  }

  protected conclude(): void {
    // Told by whoever started it.
  }

  protected ended(outcome: EndOfCall<Key, Done>): void {
    this.#change.ended?.(outcome);
  }

  protected deliveredLate(): void {
    // The row stands: a cancelled order is cancelled, and values are what they are, whatever the answer says.
  }
}
