import { createHash } from 'node:crypto';
import { clientOrderIdProblem } from '@hotpath/core';
import type { StrategyContext } from './strategy-context.ts';

/** Longest id of a signal: it leaves room for the endings of its later orders, and for those of a bracket's legs. */
const longest = 36;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The client order id of a signal: the same in every retry and after every restart. The engine's own ids are taken as they are.
 * An author's own id may be used by two strategies, or not fit a venue's tag, and is one order all the same: it becomes a fingerprint of all that tells signals apart.
 */
export function signalOrderId(
  signalId: string,
  { strategyName, exchangeName, symbol }: StrategyContext,
): string {
  if (
    uuid.test(signalId) &&
    signalId.length <= longest &&
    clientOrderIdProblem(signalId, []) === undefined
  )
    return signalId;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([exchangeName, strategyName, symbol, signalId]))
    .digest('hex');
  return `bk-${fingerprint.slice(0, longest - 'bk-'.length)}`;
}

/** The client order id of a later order of a signal: the `count`th of its kind. A venue refuses an id for ever once it was used, so a try that was refused is followed by one with a number of its own. */
export function laterOrderId(
  signalOrder: string,
  kind: 'part' | 'avg' | 'close',
  count: number,
  attempt: number,
): string {
  const ending = `-${kind}-${count}`;
  return attempt === 1 ? `${signalOrder}${ending}` : `${signalOrder}${ending}${letterOf(attempt)}`;
}

/** 2 → b. Past z the venue has refused 25 times; that is no id's fault. */
function letterOf(attempt: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + Math.min(attempt - 1, 25));
}
