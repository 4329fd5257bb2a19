import type { Broker } from '@hotpath/core';
import type { BotSettings } from './bot-settings.ts';
import { later } from './claimed-calls.ts';
import { appendClaim, readClaims } from './claims.ts';
import { intentHistories } from './intent-history.ts';

const atOnce = 6;
/** A venue that is busy with many bots may leave reads unanswered for long. */
const patienceMs = 300_000;

/** After the last restart, and with nothing going wrong any more: what does the broker know of each order, and what does it still hold open? */
export async function auditOrders(broker: Broker, settings: BotSettings): Promise<void> {
  await broker.whenRecovered().catch(() => undefined);
  const deadline = AbortSignal.timeout(settings.times.calmMs);
  while (!deadline.aborted && stillOpen(broker).length > 0) await later(50, undefined);
  const orderIds = orderIdsByClientOrderId(settings.claims);
  const asked = [...orderIds];
  const ask = async (): Promise<void> => {
    for (let next = asked.pop(); next; next = asked.pop()) {
      const [clientOrderId, orderId] = next;
      const order = await patiently(() =>
        broker.getOrder(orderId === undefined ? { clientOrderId } : { orderId }),
      );
      appendClaim(settings.claims, {
        kind: 'audit',
        clientOrderId,
        orderId: order?.orderId,
        status: order?.status,
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  appendClaim(settings.claims, { kind: 'open', clientOrderIds: stillOpen(broker) });
}

/** Absent is an end, though one that is watched. */
function stillOpen(broker: Broker): string[] {
  return broker
    .intents({ open: true })
    .flatMap(({ clientOrderId, outcome }) =>
      outcome?.kind === 'unknown' && outcome.final ? [] : [clientOrderId],
    );
}

/** A read that the rate limit refuses, or that a busy machine has no time for, is asked again. */
async function patiently<Value>(read: () => Promise<Value>): Promise<Value> {
  const over = AbortSignal.timeout(patienceMs);
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (over.aborted) throw error;
      await later(200, undefined);
    }
  }
}

/** By order id where the bot was told it, by its own id otherwise. */
function orderIdsByClientOrderId(path: string): Map<string, string | undefined> {
  const ids = new Map<string, string | undefined>();
  for (const { calls } of intentHistories(readClaims(path)).values()) {
    for (const { claim, words } of calls) {
      if (claim.clientOrderId === undefined) continue;
      const orderId = words.findLast((word) => word.orderId !== undefined)?.orderId;
      if (orderId !== undefined || !ids.has(claim.clientOrderId))
        ids.set(claim.clientOrderId, orderId);
    }
  }
  return ids;
}
