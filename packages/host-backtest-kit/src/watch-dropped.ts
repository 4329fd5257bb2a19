import type { Order } from '@hotpath/core';
import type { HostParts } from './host-parts.ts';
import { takeBack } from './take-back.ts';

/** Longest that an order which was given up is looked for: as long as the broker itself does. */
const watchedMs = 24 * 60 * 60 * 1000;

/** Closes what fills of signals that the engine has given up: as it happens, and at a start what filled while nobody ran. Gives what ends it. */
export function watchDropped(parts: HostParts): () => void {
  const { broker } = parts.settings;
  const onFill = ({ order }: { readonly order: Order }): void => {
    const record =
      order.clientOrderId === undefined ? undefined : parts.memory.get(order.clientOrderId);
    if (record?.state === 'dropped')
      void takeBack(parts, record).catch((error: unknown) =>
        parts.tell(
          'position-left',
          record,
          `What filled of the dropped signal ${record.signalId} is not known to be closed: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
  };
  broker.on('order.filled', onFill);
  return () => broker.off('order.filled', onFill);
}

export async function sweepDropped(parts: HostParts): Promise<void> {
  const { broker, clock } = parts.settings;
  for (const record of parts.memory.all()) {
    if (record.state !== 'dropped' || record.firstAt < clock.now() - watchedMs) continue;
    // A read that fails proves nothing; the stream tells of a fill that comes from here on.
    const order = await broker
      .getOrder({ clientOrderId: record.clientOrderId }, { fresh: true })
      .catch(() => undefined);
    if (order !== undefined && order.filledQuantity > 0) await takeBack(parts, record);
  }
}
