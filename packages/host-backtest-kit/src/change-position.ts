import type {
  BrokerAverageBuyPayload,
  BrokerPartialLossPayload,
  BrokerPartialProfitPayload,
} from 'backtest-kit';
import type { OrderRequest } from '@hotpath/core';
import { resizeLegs, restoreLegs } from './bracket-legs.ts';
import { concludeCommit } from './conclude-commit.ts';
import { rejected, transient, transientFrom } from './engine-verdict.ts';
import { entryContent } from './entry-content.ts';
import type { HostParts } from './host-parts.ts';
import type { Ending } from './place-and-fill.ts';
import { findEnding, placeAndFill } from './place-and-fill.ts';
import { exitSide } from './sides.ts';
import { laterOrderId } from './signal-order-id.ts';
import type { CommitRecord, SignalRecord } from './signal-record.ts';
import { contextOf } from './strategy-context.ts';
import { sweepVenue } from './sweep-legs.ts';

type Payload = BrokerPartialProfitPayload | BrokerPartialLossPayload | BrokerAverageBuyPayload;

/** Takes a part of the position off. Throws, and the engine's state stays, unless the venue did it. */
export async function takePart(
  parts: HostParts,
  payload: BrokerPartialProfitPayload | BrokerPartialLossPayload,
): Promise<void> {
  const record = await holding(parts, payload);
  return change(parts, record, 'part', payload.percentToClose, () => {
    const quantity = (record.held * payload.percentToClose) / 100;
    const whole = Math.round(quantity);
    // 33.3333 % of 3 contracts is 1 for everybody but a double.
    if (whole < 1 || Math.abs(quantity - whole) > 1e-3)
      throw rejected(
        `${payload.percentToClose} % of ${record.held} contracts is ${quantity}; only whole contracts can be closed.`,
      );
    return {
      type: 'market',
      symbol: record.contractId,
      side: exitSide(record.position),
      quantity: whole,
      strategy: record.context.strategyName,
    };
  });
}

/** Adds to the position. */
export async function addEntry(parts: HostParts, payload: BrokerAverageBuyPayload): Promise<void> {
  const record = await holding(parts, payload);
  const contract = await parts.settings.broker
    .getContract(record.contractId)
    .catch((error: unknown) => Promise.reject(transientFrom(error)));
  if (contract === undefined)
    throw rejected(`${record.contractId} is no contract of this broker any more.`);
  const { cost, currentPrice, position, priceStopLoss, priceTakeProfit } = payload;
  return change(parts, record, 'avg', cost, () => {
    const entry = {
      ...contextOf(payload),
      cost,
      position,
      priceOpen: currentPrice,
      priceStopLoss,
      priceTakeProfit,
    };
    try {
      return entryContent(parts, entry, contract, record.clientOrderId, false);
    } catch (error) {
      throw rejected(error instanceof Error ? error.message : String(error));
    }
  });
}

async function holding(parts: HostParts, payload: Payload): Promise<SignalRecord> {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record === undefined)
    throw rejected(`Signal ${payload.signalId} was not opened through this broker.`);
  if (record.state !== 'open')
    throw rejected(`Signal ${payload.signalId} holds nothing that could be changed.`);
  // A leg may have taken all of it, or a part, since the engine's last look.
  if (parts.settings.brackets === 'native')
    await sweepVenue(parts, record).catch((error: unknown) => Promise.reject(transientFrom(error)));
  if (record.exit !== undefined)
    throw rejected(
      `Signal ${payload.signalId} was closed at the venue by its ${record.exit}; the engine is told with its next tick.`,
    );
  return record;
}

async function change(
  parts: HostParts,
  record: SignalRecord,
  kind: 'part' | 'avg',
  asked: number,
  content: () => OrderRequest,
): Promise<void> {
  const counts = parts.counts.get(record.clientOrderId);
  if (counts === undefined)
    throw transient(
      'The engine has not checked this position since the start; its next tick does.',
    );
  // The number that the engine will give it: one whose end it was not told of is met again under the same.
  const count = (kind === 'part' ? counts.parts : counts.entries) + 1;
  const earlier = record.commits.findLast(
    (commit) => commit.kind === kind && commit.count === count && commit.state !== 'refused',
  );
  if (earlier && earlier.asked !== asked)
    throw rejected(
      `The venue has, or may have, a ${kind === 'part' ? 'partial close' : 'second entry'} of ${earlier.asked} that the engine does not know of; ask for just that once more, and the two agree again.`,
    );
  if (earlier?.state !== 'done')
    await carryOut(
      parts,
      record,
      earlier ?? remember(parts, record, kind, count, asked, content()),
      earlier !== undefined,
    );
  if (kind === 'part') counts.parts += 1;
  else counts.entries += 1;
}

function remember(
  parts: HostParts,
  record: SignalRecord,
  kind: 'part' | 'avg',
  count: number,
  asked: number,
  request: OrderRequest,
): CommitRecord {
  const attempt =
    record.commits.filter((commit) => commit.kind === kind && commit.count === count).length + 1;
  const clientOrderId = laterOrderId(record.clientOrderId, kind, count, attempt);
  const commit: CommitRecord = {
    kind,
    count,
    asked,
    quantity: request.quantity,
    clientOrderId,
    request: { ...request, clientOrderId },
    state: 'sent',
  };
  record.commits.push(commit);
  parts.memory.save(record);
  return commit;
}

async function carryOut(
  parts: HostParts,
  record: SignalRecord,
  commit: CommitRecord,
  again: boolean,
): Promise<void> {
  parts.changing.add(record.clientOrderId);
  try {
    await carryOutAlone(parts, record, commit, again);
  } finally {
    parts.changing.delete(record.clientOrderId);
  }
}

async function carryOutAlone(
  parts: HostParts,
  record: SignalRecord,
  commit: CommitRecord,
  again: boolean,
): Promise<void> {
  const shrinks = commit.kind === 'part' && parts.settings.brackets === 'native';
  const known = again
    ? await findEnding(parts, commit.clientOrderId, { fill: true }).catch((error: unknown) =>
        Promise.reject(transientFrom(error)),
      )
    : undefined;
  // The legs first: a stop that fills for more than is held would turn the position round.
  const problem =
    shrinks && known === undefined
      ? await resizeLegs(parts, record, record.held - commit.quantity).catch((error: unknown) =>
          String(error),
        )
      : undefined;
  // An earlier try that does not show goes out under the same id, which the venue takes once.
  const ending: Ending =
    known ??
    (problem === undefined
      ? await placeAndFill(parts, commit.request, { fill: true })
      : { is: 'not-sent', code: 'NOT_READY', because: problem });
  switch (ending.is) {
    case 'ended':
      concludeCommit(parts, record, commit, ending);
      if (ending.filled > 0) return;
      break;
    case 'working':
      throw unsettled(parts, record, commit, 'The venue has it, and it has not filled yet.');
    case 'unknown':
      throw unsettled(parts, record, commit, ending.because);
    case 'refused':
    case 'not-sent':
      commit.state = 'refused';
      parts.memory.save(record);
  }
  if (shrinks) await restoreLegs(parts, record).catch(() => undefined);
  throw rejected(ending.because);
}

function unsettled(
  parts: HostParts,
  record: SignalRecord,
  commit: CommitRecord,
  because: string,
): Error {
  parts.tell(
    'commit-unsettled',
    record,
    `Order ${commit.clientOrderId} of signal ${record.signalId} has no known end. ${because}`,
  );
  return transient(because);
}
