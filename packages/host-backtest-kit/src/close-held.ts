import { resizeLegs } from './bracket-legs.ts';
import { concludeCommit } from './conclude-commit.ts';
import { isTerminal } from './engine-verdict.ts';
import type { HostParts } from './host-parts.ts';
import type { Ending } from './place-and-fill.ts';
import { findEnding, placeAndFill } from './place-and-fill.ts';
import { settle } from './settle.ts';
import { expectedNet, exitSide, netOf, signed } from './sides.ts';
import { laterOrderId } from './signal-order-id.ts';
import type { CommitRecord, SignalRecord } from './signal-record.ts';

export type CloseEnding =
  | { readonly is: 'flat' }
  | { readonly is: 'refused' | 'held'; readonly because: string };

/**
 * Closes what a signal holds. When nobody else holds anything in the contract, by the venue's own close, which can be repeated; otherwise by an order of its size under an id of its own,
 * so that other strategies keep theirs. Rejects when the venue can't be read.
 */
export async function closeHeld(parts: HostParts, record: SignalRecord): Promise<CloseEnding> {
  const closing = closeNow(parts, record);
  const marked = closing.catch(() => undefined);
  parts.closing.set(record.contractId, marked);
  try {
    return await closing;
  } finally {
    if (parts.closing.get(record.contractId) === marked) parts.closing.delete(record.contractId);
  }
}

async function closeNow(parts: HostParts, record: SignalRecord): Promise<CloseEnding> {
  const { broker, clock, settleWithinMs } = parts.settings;
  const net = netOf(await broker.getPositions({ fresh: true }), record.contractId);
  const holders = await parts.holders(record.contractId);
  // The venue's close takes all there is when it runs, so one whose entry may fill by then counts as well.
  const shared = [...holders, ...parts.resting(record.contractId)].some(
    (other) => other !== record,
  );
  const own = signed(net, record.position);
  const earlier = record.commits.findLast(({ kind }) => kind === 'close');
  if (!holders.some((other) => other !== record) && own <= 0) return { is: 'flat' };
  if (shared || own > record.held || earlier?.state === 'sent') {
    if (record.held === 0) return { is: 'flat' };
    const unsettled =
      earlier?.state === 'sent' ||
      holders.some(
        (other) =>
          other !== record &&
          (other.state === 'sent' || other.commits.some(({ state }) => state === 'sent')),
      );
    if (shared && !unsettled && net !== expectedNet(holders)) {
      const because = `${record.contractId}: the venue holds ${net}, the signals come to ${expectedNet(holders)}; whose the difference is can't be told.`;
      parts.tellDifference(record, because);
      return { is: 'held', because };
    }
    return closeBySize(parts, record, earlier);
  }
  const outcome = await settle(
    await broker.closePosition({
      symbol: record.contractId,
      strategy: record.context.strategyName,
    }),
    clock,
    settleWithinMs,
  );
  if (outcome.kind === 'accepted') {
    if (outcome.became === 'flat' || outcome.became === 'already-flat') return { is: 'flat' };
    return { is: 'held', because: `The close was taken, and the position is ${outcome.became}.` };
  }
  const after = signed(
    netOf(await broker.getPositions({ fresh: true }), record.contractId),
    record.position,
  );
  if (after <= 0) return { is: 'flat' };
  return {
    is: isRefusal(outcome) ? 'refused' : 'held',
    because: `${outcome.code}: ${outcome.message}`,
  };
}

/** Asking the same again changes nothing: by the venue's word, or because it is never sent. */
function isRefusal({ kind, code }: { readonly kind: string; readonly code: string }): boolean {
  return kind === 'rejected' || (kind === 'not-sent' && isTerminal(code));
}

async function closeBySize(
  parts: HostParts,
  record: SignalRecord,
  earlier: CommitRecord | undefined,
): Promise<CloseEnding> {
  const unprotected =
    parts.settings.brackets === 'native' ? await resizeLegs(parts, record, 0) : undefined;
  if (unprotected !== undefined) return { is: 'held', because: unprotected };
  const again = earlier?.state === 'sent';
  const commit = again ? earlier : nextClose(record);
  if (!again) record.commits.push(commit);
  parts.memory.save(record);
  const known = again ? await findEnding(parts, commit.clientOrderId, { fill: true }) : undefined;
  const ending: Ending = known ?? (await placeAndFill(parts, commit.request, { fill: true }));
  switch (ending.is) {
    case 'ended':
      concludeCommit(parts, record, commit, ending);
      return record.held <= 0 ? { is: 'flat' } : { is: 'refused', because: ending.because };
    case 'refused':
    case 'not-sent':
      commit.state = 'refused';
      parts.memory.save(record);
      return {
        is: ending.is === 'refused' || isTerminal(ending.code) ? 'refused' : 'held',
        because: ending.because,
      };
    case 'working':
      return { is: 'held', because: 'The closing order has not filled yet.' };
    case 'unknown':
      return { is: 'held', because: ending.because };
  }
}

function nextClose(record: SignalRecord): CommitRecord {
  const count = record.commits.filter(({ kind }) => kind === 'close').length + 1;
  const clientOrderId = laterOrderId(record.clientOrderId, 'close', count, 1);
  const request = {
    type: 'market',
    symbol: record.contractId,
    side: exitSide(record.position),
    quantity: record.held,
    clientOrderId,
    strategy: record.context.strategyName,
  } as const;
  return {
    kind: 'close',
    count,
    asked: 100,
    quantity: record.held,
    clientOrderId,
    request,
    state: 'sent',
  };
}
