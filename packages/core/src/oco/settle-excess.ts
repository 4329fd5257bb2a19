import type { OcoParts } from './oco-parts.ts';
import { opposite } from './leg-requests.ts';
import type { ProtectedEntry } from './protected-entry.ts';

const looks = 5;
const pauseMs = 500;

/**
 * Stop and target can both fill in the moment it takes to cancel one of them. What they took too much stands on the other side: it is told, and by choice bought or sold back, once.
 * Never rejects.
 */
export async function settleExcess<Key extends string>(
  parts: OcoParts<Key>,
  entry: ProtectedEntry,
  excess: number,
): Promise<void> {
  const { broker, book, closing, whenUnprotected } = parts;
  const { adapter, clock, events, latch, log } = broker;
  const mayReduce = whenUnprotected === 'close' && !entry.isExcessTold;
  // Written first: reducing is relative, so it is never done twice, whatever a restart finds.
  book.writeOrGoOn(entry, { step: 'excess', quantity: excess });
  for (let look = 0; look < looks; look += 1) {
    try {
      const position = (await adapter.reads.positions('close')).find(
        ({ contractId }) => contractId === entry.contractId,
      );
      if (position?.side === opposite(entry.side)) {
        events.emit('position.reversed', {
          contractId: entry.contractId,
          position,
          message: `Stop and target of ${entry.clientOrderId} both filled, by ${excess} contracts more than were held.`,
        });
        if (mayReduce && !latch.isSet)
          await closing.reduce({
            symbol: entry.contractId,
            quantity: Math.min(excess, position.quantity),
          });
        return;
      }
    } catch (error) {
      log.warn(
        { clientOrderId: entry.clientOrderId, error },
        'what both legs took too much could not be looked for',
      );
    }
    await new Promise<void>((resolve) => void clock.setTimer(pauseMs, resolve));
  }
}
