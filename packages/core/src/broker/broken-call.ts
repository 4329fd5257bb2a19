import type { NotSent, Unknown, Unsettled } from '../outcome.ts';
import { messageOf } from '../errors/message-of.ts';
import { notSent } from '../outcomes/refusals.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import type { BrokerParts } from './broker-parts.ts';

/**
 * The outcome of a mutation that failed by a fault of ours, or of what an author handed in: a mutation never throws.
 * `handedOver`: how many requests executors had been given before it. Where that has not changed, nothing of it left; otherwise nobody knows, and the bot is told just that.
 */
export function brokenCall<Key extends string, Done>(
  parts: Pick<BrokerParts<Key>, 'router' | 'unknowns' | 'clock' | 'log'>,
  call: Call,
  error: unknown,
  handedOver: number,
): NotSent<Key> | Unknown<Key, Done> | Unsettled<Key> {
  const { router, unknowns, clock, log } = parts;
  const { operation, clientOrderId } = call;
  log.error({ operation, clientOrderId, error }, 'a mutation failed by itself');
  const base = told<Key>(call, clock);
  const message = `The ${operation} failed by itself: ${messageOf(error)}`;
  if (router.handedOver === handedOver) return notSent(base, { code: 'NOT_READY', message });
  return unknowns.hold<Done>(base, { code: 'NOT_CONFIRMED', message }).outcome;
}
