import type { Adapter, Lane, Sought } from '../adapter.ts';
import type { Finding } from '../finding.ts';
import type { BrokerParts } from './broker-parts.ts';

/** Asks the venue once; what it shows is taken into the state. An adapter that throws has shown nothing. */
export async function lookUp<Key extends string>(
  { adapter, state, story, clock }: Pick<BrokerParts<Key>, 'adapter' | 'state' | 'story' | 'clock'>,
  sought: Sought,
  options: { readonly lane: Lane; readonly timeoutMs: number },
): Promise<Finding> {
  const readSince = state.orders.count;
  const finding = await find(adapter, sought, options);
  const [clientOrderId, orderId] =
    sought.by === 'order-id' ? [undefined, sought.orderId] : [sought.clientOrderId, undefined];
  story.add({
    kind: 'lookup',
    at: clock.now(),
    clientOrderId,
    orderId,
    by: sought.by,
    is: finding.is,
  });
  if (finding.is === 'found') state.seen(finding.order, readSince);
  return finding;
}

async function find(
  adapter: Adapter,
  sought: Sought,
  options: { readonly lane: Lane; readonly timeoutMs: number },
): Promise<Finding> {
  try {
    // safeguard: lookup of an order
    return await adapter.find(sought, options);
  } catch (error) {
    return { is: 'unreachable', message: error instanceof Error ? error.message : String(error) };
  }
}
