import type { BrokerOrderOpenPayload } from 'backtest-kit';
import type { Contract } from '@hotpath/core';
import { activateResting } from './activate-resting.ts';
import { isLastOpen, isTerminal, rejected, transient } from './engine-verdict.ts';
import { entryContent } from './entry-content.ts';
import type { HostParts } from './host-parts.ts';
import { earlierLeft } from './left-positions.ts';
import type { Ending } from './place-and-fill.ts';
import { endingOf, findEnding, placeAndFill } from './place-and-fill.ts';
import { settle } from './settle.ts';
import { signalOrderId } from './signal-order-id.ts';
import type { SignalRecord } from './signal-record.ts';
import { contextOf } from './strategy-context.ts';

/** The engine looks once a minute: a signal this old is not sent for the first time. */
const tickMs = 60_000;

/** The open gate: returns when the venue has the entry, throws the engine's own errors otherwise. */
export async function openSignal(
  parts: HostParts,
  payload: BrokerOrderOpenPayload,
  calledAt: number,
): Promise<void> {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record === undefined) return openNew(parts, payload, calledAt);
  switch (record.state) {
    case 'resting':
      return payload.type === 'active' ? activateResting(parts, record) : undefined;
    case 'open':
      return;
    case 'sent':
      return openAgain(parts, record, payload);
    case 'closed':
    case 'dropped':
    case 'left':
      throw rejected(`Signal ${payload.signalId} is over; a new entry needs a signal of its own.`);
  }
}

async function openNew(
  parts: HostParts,
  payload: BrokerOrderOpenPayload,
  calledAt: number,
): Promise<void> {
  const context = contextOf(payload);
  const clientOrderId = signalOrderId(payload.signalId, context);
  const contract = await contractOf(parts, context.symbol);
  const left = await earlierLeft(parts, context);
  if (left !== undefined) throw rejected(left);
  // A try of which this memory has nothing: its file was lost, or the process ended before it was written.
  const earlier =
    payload.attempt === 0
      ? undefined
      : await findEnding(parts, clientOrderId, { fill: payload.type === 'active' }).catch(
          (error: unknown): Ending => ({ is: 'unknown', because: String(error) }),
        );
  const request = contentOf(parts, payload, contract, clientOrderId);
  await parts.closing.get(contract.id);
  const { clock, openRetryMs } = parts.settings;
  const waitedMs = clock.monotonic() - calledAt;
  // A broker that was still recovering, or a close that took its time: the engine has waited with us.
  if (earlier === undefined && waitedMs >= Math.max(openRetryMs, tickMs))
    throw rejected(
      `The entry could not be sent for ${Math.round(waitedMs / 1000)} s, and the signal is stale by now.`,
    );
  const record: SignalRecord = {
    clientOrderId,
    signalId: payload.signalId,
    context,
    position: payload.position,
    contractId: contract.id,
    tickSize: contract.tickSize,
    request,
    firstAt: parts.settings.clock.now(),
    state: 'sent',
    held: 0,
    entries: [],
    commits: [],
    byLegs: 0,
    exit: undefined,
  };
  // On the disk before anything of it can leave: every retry, after a crash too, sends just this.
  parts.memory.save(record);
  parts.counts.set(clientOrderId, { entries: 1, parts: 0 });
  if (payload.attempt > 0 && earlier === undefined && openRetryMs === 0)
    throw giveUp(
      parts,
      record,
      'The venue shows no order of the earlier try, and the signal is stale by now.',
    );
  return decide(
    parts,
    record,
    payload,
    earlier ?? (await placeAndFill(parts, request, { fill: request.type === 'market' })),
  );
}

/** An earlier try may have sent it, so it is looked for first. */
async function openAgain(
  parts: HostParts,
  record: SignalRecord,
  payload: BrokerOrderOpenPayload,
): Promise<void> {
  const { broker, clock, settleWithinMs } = parts.settings;
  const fill = { fill: record.request.type === 'market' };
  const known = broker.getIntent(record.clientOrderId);
  if (known !== undefined && known.state === 'open')
    return decide(parts, record, payload, await placeAndFill(parts, record.request, fill));
  if (known?.outcome && known.outcome.kind !== 'not-sent') {
    const ending = await endingOf(parts, await settle(known.outcome, clock, settleWithinMs), fill);
    if (ending.is !== 'unknown') return decide(parts, record, payload, ending);
  }
  const found = await findEnding(parts, record.clientOrderId, fill).catch(
    (error: unknown): Ending => ({
      is: 'unknown',
      because: error instanceof Error ? error.message : String(error),
    }),
  );
  if (found !== undefined) return decide(parts, record, payload, found);
  // The same id and the same content: where the venue has it after all, it refuses the second.
  if (!isStale(parts, record))
    return decide(parts, record, payload, await placeAndFill(parts, record.request, fill));
  if (known?.outcome?.kind === 'not-sent')
    return decide(parts, record, payload, {
      is: 'not-sent',
      code: known.outcome.code,
      because: known.outcome.message,
    });
  return decide(parts, record, payload, {
    is: 'unknown',
    because: 'The venue does not show the order, which is no proof that it never comes.',
  });
}

function decide(
  parts: HostParts,
  record: SignalRecord,
  { attempt }: BrokerOrderOpenPayload,
  ending: Ending,
): void {
  switch (ending.is) {
    case 'ended':
      if (ending.filled === 0) throw drop(parts, record, ending.because);
      return keep(parts, record, ending, 'open', ending.filled);
    case 'working':
      // A resting order is held once it fills; one at the market will, and the checks see it.
      return keep(
        parts,
        record,
        ending,
        record.request.type === 'limit' ? 'resting' : 'open',
        record.request.type === 'limit' ? 0 : record.request.quantity,
      );
    case 'refused':
      throw drop(parts, record, ending.because);
    case 'not-sent':
      if (isTerminal(ending.code) || isStale(parts, record) || isLastOpen(attempt))
        throw drop(parts, record, ending.because);
      throw transient(ending.because);
    case 'unknown':
      if (!isLastOpen(attempt)) throw transient(ending.because);
      throw giveUp(parts, record, ending.because);
  }
}

function keep(
  parts: HostParts,
  record: SignalRecord,
  { is, orderId }: Extract<Ending, { readonly is: 'ended' | 'working' }>,
  state: 'open' | 'resting',
  held: number,
): void {
  record.entries = [orderId];
  if (is === 'ended') record.hasFilled = true;
  record.state = state;
  record.held = held;
  parts.memory.save(record);
}

function drop(parts: HostParts, record: SignalRecord, because: string): Error {
  record.state = 'dropped';
  parts.memory.save(record);
  return rejected(because);
}

/** The engine's last try: it drops the signal, and what may still come of it is taken back. */
function giveUp(parts: HostParts, record: SignalRecord, because: string): Error {
  const error = drop(parts, record, because);
  parts.tell(
    'open-dropped',
    record,
    `Signal ${record.signalId} is given up, and its order may still come; then it is cancelled or closed. ${because}`,
  );
  // Takes the place back: no attempt of it starts any more, and what shows of it within a day is cancelled.
  void parts.settings.broker.cancelOrder({ clientOrderId: record.clientOrderId });
  return error;
}

function isStale({ settings }: HostParts, { firstAt }: SignalRecord): boolean {
  return settings.clock.now() - firstAt >= settings.openRetryMs;
}

async function contractOf({ settings }: HostParts, symbol: string): Promise<Contract> {
  let contract: Contract | undefined;
  try {
    contract = await settings.broker.getContract(symbol);
  } catch (error) {
    // Nothing was sent: the engine's next tick finds the signal a minute old.
    throw rejected(
      `The contract of ${symbol} can't be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (contract === undefined)
    throw rejected(
      `${symbol} is no contract of this broker. Start the engine with a root such as "MNQ", a contract name or a contract id.`,
    );
  return contract;
}

function contentOf(
  parts: HostParts,
  payload: BrokerOrderOpenPayload,
  contract: Contract,
  clientOrderId: string,
): SignalRecord['request'] {
  const { cost, position, priceOpen, priceStopLoss, priceTakeProfit } = payload;
  try {
    return entryContent(
      parts,
      { ...contextOf(payload), cost, position, priceOpen, priceStopLoss, priceTakeProfit },
      contract,
      clientOrderId,
      payload.type === 'schedule',
    );
  } catch (error) {
    throw rejected(error instanceof Error ? error.message : String(error));
  }
}
