import type { ClientOrderId, OrderId } from '../brand.ts';
import type { CancelRequest, IntentOptions, ModifyRequest, OrderRef } from '../order-request.ts';
import { isFinal } from '../order.ts';
import type {
  Cancelled,
  CancelOutcome,
  Modified,
  ModifyOutcome,
  NotSent,
  Outcome,
} from '../outcome.ts';
import { defaultTimes } from '../outcomes/default-times.ts';
import { notSent } from '../outcomes/refusals.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import { deadlineIn } from '../router/deadline.ts';
import type { Deadline } from '../router/deadline.ts';
import type { DeliveryEnd, DeliveryTask } from '../router/delivery-task.ts';
import { waitWithin } from '../router/wait-within.ts';
import type { FieldProblem } from '../validation/field-problem.ts';
import { cancelProblem, modifyProblem, validateChange } from '../validation/validate-change.ts';
import type { EarlierChange } from '../recovery/earlier-changes.ts';
import { AwaitedChange } from './awaited-change.ts';
import type { BrokerParts } from './broker-parts.ts';
import { changeTask } from './change-task.ts';
import { ModifyQueue } from './modify-queue.ts';
import type { Turn } from './modify-queue.ts';
import { noTurn } from './no-turn.ts';
import type { OrderTarget, TargetMissing } from './order-target.ts';
import type { PlaceRecord } from './intent-book.ts';
import type { GettingOut } from './place-orders.ts';
import { OrderTargets } from './order-target.ts';
import { resumeChange } from './resume-change.ts';
import { cancelled, settleCancel } from './settle-cancel.ts';
import { modified, settleModify, showsChange } from './settle-modify.ts';
import { UnplacedCancels } from './unplaced-cancels.ts';
import { watchModify } from './watch-modify.ts';

/** Modifies and cancels. Neither is an async function: for an order this process placed, the executor has the request when they return. */
export class ChangeOrders<Key extends string> {
  readonly #parts: BrokerParts<Key>;
  readonly #targets: OrderTargets<Key>;
  readonly #modifies: ModifyQueue<Key>;
  readonly #unplacedCancels: UnplacedCancels<Key>;

  constructor(parts: BrokerParts<Key>) {
    this.#parts = parts;
    this.#targets = new OrderTargets(parts);
    this.#modifies = new ModifyQueue(parts.clock, parts.settleMs);
    this.#unplacedCancels = new UnplacedCancels(parts, (request, target, call, deadline) =>
      this.#sendCancel(request, target, call, deadline),
    );
  }

  /** `getsOut`: the broker's own change, of what gets out of a position. */
  modify(
    request: ModifyRequest,
    { getsOut = false }: GettingOut = {},
  ): Promise<ModifyOutcome<Key>> {
    const call = this.#call('modify', request);
    const problem = modifyProblem(request, this.#parts.adapter.capabilities);
    if (problem) return this.#refuse(call, problem);
    const deadline = deadlineIn(
      request.deadlineMs ?? defaultTimes.deadlineMs.ms,
      this.#parts.clock,
    );
    const target = this.#targets.atHand(request, true);
    return target
      ? this.#modify(request, target, call, deadline, getsOut)
      : this.#cold(request, 'modify', call, deadline, (found) =>
          this.#modify(request, found, call, deadline, getsOut),
        );
  }

  cancel(request: CancelRequest): Promise<CancelOutcome<Key>> {
    const call = this.#call('cancel', request);
    const problem = cancelProblem(request, this.#parts.adapter.capabilities);
    if (problem) return this.#refuse(call, problem);
    const deadline = deadlineIn(request.deadlineMs ?? Infinity, this.#parts.clock);
    const unplaced = this.#unplaced(request);
    if (unplaced && request.dryRun !== true)
      return this.#concluded(this.#unplacedCancels.cancel(unplaced, request, call, deadline));
    const target = this.#targets.atHand(request, false);
    return target
      ? this.#cancel(request, target, call, deadline)
      : this.#cold(request, 'cancel', call, deadline, (found) =>
          this.#cancel(request, found, call, deadline),
        );
  }

  /** Takes up what an earlier process sent and never learnt the end of. */
  resume(earlier: EarlierChange): void {
    const { orderId } = earlier;
    const record = this.#parts.book.findByOrderId(orderId);
    const target: OrderTarget<Key> = {
      orderId,
      record,
      contract: record?.contract,
      type: record?.request.type ?? 'unknown',
    };
    resumeChange(this.#parts, target, earlier, async (call) => {
      await this.#parts.router.deliver(
        this.#cancelTask({}, target, call, deadlineIn(Infinity, this.#parts.clock)),
      );
      return undefined;
    });
  }

  /** No further attempt of a place that is not settled starts, and what shows of it later is cancelled. */
  withdrawUnplaced(): void {
    for (const record of this.#parts.book.unsettled())
      if (this.#unplacedCancels.isUnplaced(record)) this.#unplacedCancels.withdraw(record);
  }

  /** The place that the bot names, by its id or by an order that bears it, where that is not settled. */
  #unplaced({ orderId, clientOrderId }: OrderRef): PlaceRecord<Key> | undefined {
    const { book, state } = this.#parts;
    const named =
      orderId === undefined ? clientOrderId : state.orders.find(orderId as OrderId)?.clientOrderId;
    const record = named === undefined ? undefined : book.find(named);
    return this.#unplacedCancels.isUnplaced(record) ? record : undefined;
  }

  #modify(
    request: ModifyRequest,
    target: OrderTarget<Key>,
    call: Call,
    deadline: Deadline,
    getsOut: boolean,
  ): Promise<ModifyOutcome<Key>> {
    const { clock } = this.#parts;
    if (!target.contract)
      return this.#told(
        notSent(told(call, clock), {
          code: 'NOT_READY',
          message: `The contract of order ${target.orderId} could not be read.`,
        }),
      );
    const change = validateChange(request, target.contract, target.type);
    if ('field' in change) return this.#refuse(call, change);
    // A rehearsal stands in nobody's way.
    if (request.dryRun === true)
      return this.#sendModify(
        request,
        target,
        call,
        deadline,
        { is: 'now', change, unsettled: undefined },
        getsOut,
      );
    return this.#modifies.run(
      { orderId: target.orderId, change, deadline, signal: request.signal },
      (turn) => this.#sendModify(request, target, call, deadline, turn, getsOut),
    );
  }

  #sendModify(
    request: IntentOptions,
    target: OrderTarget<Key>,
    called: Call,
    deadline: Deadline,
    turn: Turn,
    getsOut: boolean,
  ): Promise<ModifyOutcome<Key>> {
    const { clock, router, changeWatch, state } = this.#parts;
    const { orderId } = target;
    // While it waited for its turn nothing about it was unknown.
    const call: Call = { ...called, countsFrom: clock.monotonic() };
    if (turn.is !== 'now') return this.#told(notSent(told(call, clock), noTurn(turn, orderId)));
    const { change, unsettled } = turn;
    const limit = getsOut ? undefined : this.#limitOnGrowth(target, change.quantity);
    if (limit) return this.#refuse(call, limit);
    const task = changeTask(this.#parts.adapter, {
      request,
      target,
      call,
      deadline,
      intent: { operation: 'modify', orderId, change },
      content: change,
      // What may raise the size waits for a working journal, as a place does; a change of price goes without one.
      goesUnjournaled: change.quantity === undefined,
      getsOut,
    });
    changeWatch.forget(orderId);
    const before = state.orders.find(orderId);
    const awaited = new AwaitedChange<Key, Modified<Key>>(this.#parts, call, {
      orderId,
      // One that has ended may have had the new values before it did.
      fromRow: (base, order) =>
        isFinal(order.status) || !showsChange(order, change, before)
          ? undefined
          : modified(base, target, true),
      settle: (end) =>
        settleModify(this.#parts, target, change, before, call, end, () => router.deliver(task)),
    });
    return awaited.start(task).then((outcome) => {
      if (outcome.kind === 'accepted' && (unsettled || !outcome.recovered))
        watchModify(this.#parts, outcome, { change, before, unsettled }, () => {
          void this.modify({ ...request, ...change, orderId }, { getsOut });
        });
      return this.#announced(outcome);
    });
  }

  /** A size that grows is an entry; one that is not known to grow is taken to. */
  #limitOnGrowth(
    { record, contract, orderId }: OrderTarget<Key>,
    quantity: number | undefined,
  ): FieldProblem | undefined {
    const { limits, state, latch } = this.#parts;
    if (!limits || !contract || quantity === undefined || latch.isSet) return undefined;
    const order = state.orders.find(orderId);
    const side = order?.side ?? record?.request.side;
    return (
      side &&
      limits.grow(contract, side, quantity - (order?.quantity ?? record?.request.quantity ?? 0))
    );
  }

  #cancel(
    request: CancelRequest,
    target: OrderTarget<Key>,
    call: Call,
    deadline: Deadline,
  ): Promise<CancelOutcome<Key>> {
    return this.#concluded(this.#sendCancel(request, target, call, deadline));
  }

  #concluded(outcome: Promise<CancelOutcome<Key>>): Promise<CancelOutcome<Key>> {
    return outcome.then((ended) => {
      if (ended.kind === 'accepted')
        this.#parts.exposure?.cancelled(ended.clientOrderId, ended.filledQuantity);
      return this.#announced(ended);
    });
  }

  #sendCancel(
    request: CancelRequest,
    target: OrderTarget<Key>,
    call: Call,
    deadline: Deadline,
  ): Promise<CancelOutcome<Key>> {
    const task = this.#cancelTask(request, target, call, deadline);
    const { changeWatch, router } = this.#parts;
    changeWatch.forget(target.orderId);
    const again = async (): Promise<undefined> => {
      await router.deliver(task);
      return undefined;
    };
    const awaited = new AwaitedChange<Key, Cancelled<Key>>(this.#parts, call, {
      orderId: target.orderId,
      fromRow: (base, order) => (isFinal(order.status) ? cancelled(base, order) : undefined),
      settle: (end) =>
        settleCancel(this.#parts, target, call, this.#watchCancel(target, end), again),
      ended: (outcome) => {
        if (outcome.kind === 'accepted')
          this.#parts.exposure?.cancelled(outcome.clientOrderId, outcome.filledQuantity);
      },
    });
    return awaited.start(task);
  }

  #cancelTask(
    request: IntentOptions,
    target: OrderTarget<Key>,
    call: Call,
    deadline: Deadline,
  ): DeliveryTask<Key> {
    return changeTask(this.#parts.adapter, {
      request,
      target,
      call,
      deadline,
      intent: { operation: 'cancel', orderId: target.orderId },
      content: {},
      goesUnjournaled: true,
      getsOut: false,
    });
  }

  #watchCancel({ orderId }: OrderTarget<Key>, end: DeliveryEnd<Key>): DeliveryEnd<Key> {
    const { result, executor } = end;
    if (result.is === 'answered' && result.verdict.is === 'accepted' && executor !== undefined) {
      const denied = (): void =>
        this.#parts.holdAgainst(executor, { of: 'denied-change', operation: 'cancel', orderId });
      this.#parts.changeWatch.watch({ orderId, change: undefined, before: undefined, denied });
    }
    return end;
  }

  /** The order has to be asked for first; that takes its time, but no longer than the deadline and the signal allow. */
  #cold<Result extends Outcome<Key>>(
    request: OrderRef & IntentOptions,
    lane: 'cancel' | 'modify',
    call: Call,
    deadline: Deadline,
    go: (target: OrderTarget<Key>) => Promise<Result>,
  ): Promise<Result | NotSent<Key>> {
    const { clock } = this.#parts;
    return waitWithin<OrderTarget<Key> | TargetMissing>(
      () => this.#targets.lookUp(request, lane),
      deadline,
      request.signal,
      clock,
    ).then((waited): Promise<Result | NotSent<Key>> => {
      if (waited.is === 'late')
        return this.#told(
          notSent(told(call, clock), {
            code: 'DEADLINE_PASSED',
            message: 'The order was not found in time.',
          }),
        );
      if (waited.is === 'aborted')
        return this.#told(
          notSent(told(call, clock), {
            code: 'ABORTED',
            message: 'The signal was aborted before anything was written.',
          }),
        );
      if (waited.is === 'failed')
        return this.#told(
          notSent(told(call, clock), {
            code: 'NOT_READY',
            message: 'The order could not be looked up.',
          }),
        );
      if ('is' in waited.value) return this.#told(notSent(told(call, clock), waited.value));
      return go(waited.value);
    });
  }

  #call(operation: 'modify' | 'cancel', request: OrderRef): Call {
    const { book, adapter, clock } = this.#parts;
    const { clientOrderId, orderId }: Partial<OrderRef> =
      typeof request === 'object' && request !== null ? request : {};
    const record =
      typeof clientOrderId === 'string'
        ? book.find(clientOrderId)
        : typeof orderId === 'string'
          ? book.findByOrderId(orderId as OrderId)
          : undefined;
    return {
      operation,
      clientOrderId:
        record?.clientOrderId ??
        (typeof clientOrderId === 'string' ? (clientOrderId as ClientOrderId) : undefined),
      symbol: record?.request.symbol,
      orderId: record?.orderId ?? (typeof orderId === 'string' ? (orderId as OrderId) : undefined),
      mode: adapter.mode,
      startedAt: clock.monotonic(),
    };
  }

  #refuse(call: Call, problem: FieldProblem): Promise<NotSent<Key>> {
    return this.#told(notSent(told(call, this.#parts.clock), problem));
  }

  #told(outcome: NotSent<Key>): Promise<NotSent<Key>> {
    return Promise.resolve(outcome).then((same) => this.#announced(same));
  }

  #announced<Result extends Outcome<Key>>(outcome: Result): Result {
    this.#parts.announce(outcome);
    return outcome;
  }
}
