import type { ClientOrderId, ContractId, OrderId } from '../brand.ts';
import type { ArrivalRecord, OrderRecord, WithdrawalRecord } from '../journal/journal.ts';
import type { OcoRecord } from '../oco/oco-records.ts';
import type { OrderRequest } from '../order-request.ts';
import type { OutcomeKind, PlaceOutcome } from '../outcome.ts';
import type { StoryLine } from '../story/story-line.ts';
import type { PlaceRecord } from './intent-book.ts';

/** One place as this process knows it. */
export interface IntentView<Key extends string = string> {
  readonly clientOrderId: ClientOrderId;
  /** `open` until its outcome is told. */
  readonly state: 'open' | OutcomeKind;
  readonly request: OrderRequest;
  /** Undefined while a cold contract is being fetched. */
  readonly contractId: ContractId | undefined;
  readonly orderId: OrderId | undefined;
  /** Who delivered the attempt that decided. */
  readonly executor: Key | undefined;
  /** Wall milliseconds of the call. */
  readonly calledAt: number;
  readonly outcome: PlaceOutcome<Key> | undefined;
}

/** A journal line that tells of one order. */
export type StoryRecord = OrderRecord | WithdrawalRecord | ArrivalRecord | OcoRecord;

/** An order's story, each part oldest first: every journal line that names it, over restarts, and what this process did about it and saw of it. */
export interface IntentStory<Key extends string = string> {
  readonly clientOrderId: string;
  /** Undefined when another process placed it, or it is too long ago. */
  readonly intent: IntentView<Key> | undefined;
  /** What was asked for, each further attempt, the outcomes, a cancel before its end, and the steps of its protection by the broker's own stop and target. */
  readonly records: readonly StoryRecord[];
  /** Decisions and deliveries, lookups, rows, fills and outcomes; of the last 10,000 lines about all orders. */
  readonly lines: readonly StoryLine[];
}

export function viewOf<Key extends string>({
  clientOrderId,
  request,
  contract,
  orderId,
  executor,
  calledAt,
  outcome,
}: PlaceRecord<Key>): IntentView<Key> {
  return {
    clientOrderId,
    state: outcome?.kind ?? 'open',
    request,
    contractId: contract?.id,
    orderId,
    executor,
    calledAt,
    outcome,
  };
}
