import type { ClientOrderId, ContractId, OrderId } from '../brand.ts';
import type { OrderRecord } from '../journal/journal.ts';
import type { OrderRequest } from '../order-request.ts';
import type { OutcomeKind, PlaceOutcome } from '../outcome.ts';
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

/** An order's story: every journal line that names it, oldest first, and what this process knows. */
export interface IntentStory<Key extends string = string> {
  readonly clientOrderId: string;
  /** Undefined when another process placed it, or it is too long ago. */
  readonly intent: IntentView<Key> | undefined;
  readonly records: readonly OrderRecord[];
}

export function viewOf<Key extends string>({ clientOrderId, request, contract, orderId, executor, calledAt, outcome }: PlaceRecord<Key>): IntentView<Key> {
  return { clientOrderId, state: outcome?.kind ?? 'open', request, contractId: contract?.id, orderId, executor, calledAt, outcome };
}
