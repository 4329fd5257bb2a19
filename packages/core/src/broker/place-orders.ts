import type { Contract } from '../contract.ts';
import type { ValidatedOrder } from '../intent.ts';
import { clientOrderIdKey, toClientOrderId } from '../client-order-id.ts';
import type { OrderRequest } from '../order-request.ts';
import type { NotSent, Placed, PlaceOutcome } from '../outcome.ts';
import { defaultTimes } from '../outcomes/default-times.ts';
import { notSent } from '../outcomes/refusals.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import { deadlineIn } from '../router/deadline.ts';
import type { Deadline } from '../router/deadline.ts';
import type { DeliveryTask } from '../router/delivery-task.ts';
import { waitWithin } from '../router/wait-within.ts';
import type { FieldProblem } from '../validation/field-problem.ts';
import { orderShapeProblem, validateOrder } from '../validation/validate-order.ts';
import { AwaitedPlace } from './awaited-place.ts';
import { brokenCall } from './broken-call.ts';
import type { BrokerParts } from './broker-parts.ts';
import { cachedContract } from './cached-contract.ts';
import type { PlaceRecord } from './intent-book.ts';
import { namedSymbol } from './named-symbol.ts';
import { ofTheIntent } from './of-the-intent.ts';
import { sameContent } from './same-content.ts';
import type { SettlePlace } from './settle-place.ts';

/** Whether an order or a change is the broker's own, to get out of what is held. */
export interface GettingOut {
  readonly getsOut?: boolean | undefined;
  /** It takes off what is held now: neither a halt, a recovery nor a journal that fails stands against it. Default false. */
  readonly isExit?: boolean | undefined;
}

/** Places orders: one intent for one client order id, however often it is called. */
export class PlaceOrders<Key extends string> {
  readonly #parts: BrokerParts<Key>;
  readonly #settle: SettlePlace<Key>;
  /** Told what became of an order whose stop and target the broker keeps. */
  onProtected: ((outcome: PlaceOutcome<Key>) => void) | undefined;

  constructor(parts: BrokerParts<Key>, settle: SettlePlace<Key>) {
    this.#parts = parts;
    this.#settle = settle;
  }

  /**
   * Not an async function: with everything warm, the executor has the request when this returns. The request is kept: it must not change any more. Never throws.
   * `getsOut`: the broker's own order, to get out of what is held. No limit of the author stands against it, and it may spend what is kept for getting out.
   */
  place(request: OrderRequest, how: GettingOut = {}): Promise<PlaceOutcome<Key>> {
    const { router } = this.#parts;
    const { handedOver } = router;
    // safeguard: a place never throws
    try {
      return this.#begin(request, how);
    } catch (error) {
      return this.#broken(this.#call(request), undefined, error, handedOver);
    }
    // end of safeguard
  }

  /** For what the bot gave and that can't be an order. */
  refuse(problem: FieldProblem): Promise<PlaceOutcome<Key>> {
    return this.#refuse(this.#call({}), problem);
  }

  #begin(request: OrderRequest, how: GettingOut): Promise<PlaceOutcome<Key>> {
    const startedAt = this.#parts.clock.monotonic();
    // Only a bot calls with an id of long ago: the broker's own orders bear new ones.
    const given = how.getsOut === true ? undefined : idOf(request);
    // safeguard: ids of long ago are read from the journal
    const recalling =
      given === undefined || this.#parts.book.find(given) ? undefined : this.#parts.recall(given);
    // end of safeguard
    if (!recalling) return this.#place(request, how, startedAt, 0);
    const { handedOver } = this.#parts.router;
    return recalling
      .then(() => this.#place(request, how, startedAt, this.#parts.clock.monotonic() - startedAt))
      .catch((error: unknown) => this.#broken(this.#call(request), undefined, error, handedOver));
  }

  /** `record`: its intent, where there was one already. */
  #broken(
    call: Call,
    record: PlaceRecord<Key> | undefined,
    error: unknown,
    handedOver: number,
  ): Promise<PlaceOutcome<Key>> {
    const { book, exposure } = this.#parts;
    const outcome = brokenCall<Key, Placed<Key>>(this.#parts, call, error, handedOver);
    if (record) {
      record.outcome = outcome;
      exposure?.ended(record.clientOrderId, outcome);
      if (outcome.kind === 'not-sent') book.forget(record);
    }
    return Promise.resolve(outcome).then((same) => {
      this.#parts.announce(same);
      return same;
    });
  }

  #call(request: object): Call {
    const { adapter, clock } = this.#parts;
    return {
      operation: 'place',
      clientOrderId: toClientOrderId(idOf(request as OrderRequest) ?? ''),
      symbol: namedSymbol(request),
      mode: adapter.mode,
      startedAt: clock.monotonic(),
    };
  }

  /** `spentMs`: of the time that the order has until it leaves. */
  #place(
    request: OrderRequest,
    how: GettingOut,
    startedAt: number,
    spentMs: number,
  ): Promise<PlaceOutcome<Key>> {
    const { adapter, book, clock, mintId } = this.#parts;
    const given = idOf(request);
    const known = given === undefined ? undefined : book.find(given);
    // safeguard: one id, one intent
    if (known) {
      const answer = this.#answerFromKnown(known, request, startedAt);
      if (answer) return answer;
    }
    const absent = known?.outcome?.kind === 'unknown' ? known : undefined;
    const problem = orderShapeProblem(request, adapter.capabilities, this.#parts.oco !== undefined);
    const minted =
      problem || given !== undefined
        ? ''
        : mintId(
            how.getsOut === true,
            this.#parts.oco !== undefined && request.bracket !== undefined,
          );
    const clientOrderId = toClientOrderId(given ?? (typeof minted === 'string' ? minted : ''));
    const call: Call = {
      operation: 'place',
      clientOrderId,
      symbol: namedSymbol(request),
      mode: adapter.mode,
      startedAt,
    };
    if (problem) return this.#refuse(call, problem, absent);
    if (typeof minted !== 'string') return this.#refuse(call, minted);
    if (this.#parts.isRecovering() && how.isExit !== true) {
      return this.#told(
        notSent(told(call, clock), {
          code: 'RECOVERING',
          message:
            'What an earlier process left open is being asked for; nothing enters the market before the venue has answered.',
          hint: 'await broker.whenRecovered()',
        }),
        absent,
      );
    }
    const record = book.open(clientOrderId, request, given === undefined, undefined, absent);
    record.isExit = how.isExit === true;
    const deadlineMs =
      request.deadlineMs ??
      (request.type === 'market' ? defaultTimes.marketDeadlineMs.ms : defaultTimes.deadlineMs.ms);
    const deadline = deadlineIn(deadlineMs - spentMs, clock);
    // What gets out goes by what is known: a read that fails must not hold it up.
    // safeguard: a place waits where what its symbol stands for is in doubt
    const isDoubted = how.getsOut !== true && adapter.isDoubted?.(record.request.symbol) === true;
    const contract = isDoubted ? undefined : cachedContract(this.#parts, record.request.symbol);
    record.shared = contract
      ? this.#delivered(record, call, deadline, contract, how)
      : this.#prepareContract(record, call, deadline, how);
    return record.shared;
  }

  #delivered(
    record: PlaceRecord<Key>,
    call: Call,
    deadline: Deadline,
    contract: Contract,
    how: GettingOut,
  ): Promise<PlaceOutcome<Key>> {
    const { handedOver } = this.#parts.router;
    try {
      return this.#deliver(record, call, deadline, contract, how);
    } catch (error) {
      return this.#broken(call, record, error, handedOver);
    }
  }

  /** Undefined when the id may be used for a new attempt: its first call ended provably unsent. */
  #answerFromKnown(
    known: PlaceRecord<Key>,
    request: OrderRequest,
    startedAt: number,
  ): Promise<PlaceOutcome<Key>> | undefined {
    const same = sameContent(known.request, request, (symbol) =>
      cachedContract(this.#parts, symbol),
    );
    const { outcome: before } = known;
    // The venue's tag rule keeps a second attempt under the same id from becoming a second order.
    const retried =
      before?.kind === 'not-sent' ||
      (before?.kind === 'unknown' && before.final && before.code === 'ABSENT');
    if (same) return retried ? undefined : known.shared;
    const call: Call = {
      operation: 'place',
      clientOrderId: known.clientOrderId,
      symbol: namedSymbol(request),
      mode: this.#parts.adapter.mode,
      startedAt,
    };
    const outcome = notSent(told<Key>(call, this.#parts.clock), {
      code: 'CLIENT_ORDER_ID_IN_USE',
      message: `${clientOrderIdKey(known.clientOrderId)} is the id of another order of this bot.`,
      field: 'clientOrderId',
      hint: 'Give every order a client order id of its own, or none.',
      existing: known.outcome,
    });
    return this.#told(outcome);
  }

  #prepareContract(
    record: PlaceRecord<Key>,
    call: Call,
    deadline: Deadline,
    how: GettingOut,
  ): Promise<PlaceOutcome<Key>> {
    const { adapter, clock } = this.#parts;
    const { symbol, signal } = record.request;
    return waitWithin(
      () => adapter.prepare('contract', symbol, 'place'),
      deadline,
      signal,
      clock,
    ).then((waited) => {
      const contract = cachedContract(this.#parts, symbol);
      if (contract) return this.#delivered(record, call, deadline, contract, how);
      this.#parts.book.forget(record);
      if (waited.is === 'late')
        return this.#told(
          notSent(told(call, clock), {
            code: 'DEADLINE_PASSED',
            message: `The contract of ${symbol} was not there in time.`,
          }),
          record.absent,
        );
      if (waited.is === 'aborted')
        return this.#told(
          notSent(told(call, clock), {
            code: 'ABORTED',
            message: 'The signal was aborted before anything was written.',
          }),
          record.absent,
        );
      const reason =
        waited.is === 'failed' && waited.error instanceof Error ? `: ${waited.error.message}` : '';
      if (waited.is === 'failed')
        return this.#told(
          notSent(told(call, clock), {
            code: 'NOT_READY',
            message: `The contract of ${symbol} could not be read${reason}`,
          }),
          record.absent,
        );
      return this.#refuse(
        call,
        {
          code: 'UNKNOWN_CONTRACT',
          field: 'symbol',
          message: `symbol "${symbol}" is no contract of this broker`,
          hint: 'Use a root such as "MNQ", a contract name or a contract id; searchContracts() lists them.',
        },
        record.absent,
      );
    });
  }

  #deliver(
    record: PlaceRecord<Key>,
    call: Call,
    deadline: Deadline,
    contract: Contract,
    how: GettingOut,
  ): Promise<PlaceOutcome<Key>> {
    const validated = validateOrder(record.request, contract, record.clientOrderId);
    if ('field' in validated) {
      this.#parts.book.forget(record);
      return this.#refuse(call, validated, record.absent);
    }
    const heldForMs = this.#parts.latch.isSet ? 0 : this.#parts.closeGuard.heldForMs(contract.id);
    // safeguard: no entry behind an open close
    if (heldForMs > 0) {
      this.#parts.book.forget(record);
      return this.#refuse(
        call,
        {
          code: 'CLOSE_UNSETTLED',
          field: 'symbol',
          message: `A close of ${contract.name} was sent and never answered; for ${Math.ceil(heldForMs)} ms it may still run, and would close what is entered now.`,
          hint: 'Cancels, closes and reduces pass.',
        },
        record.absent,
      );
    }
    const limit =
      this.#parts.latch.isSet || how.getsOut === true
        ? undefined
        : this.#parts.limits?.admit(record.clientOrderId, record.request, contract);
    if (limit) {
      this.#parts.book.forget(record);
      return this.#refuse(call, limit, record.absent);
    }
    record.contract = contract;
    const isProtected =
      this.#parts.oco !== undefined &&
      validated.request.bracket !== undefined &&
      validated.request.dryRun !== true;
    if (isProtected) {
      const failure = this.#arm(record, validated);
      if (failure)
        return this.#told(
          notSent(told(call, this.#parts.clock), { code: 'JOURNAL_FAILED', message: failure }),
          record.absent,
        );
    }
    const awaited = new AwaitedPlace(this.#parts, this.#settle, record, call);
    const placed = awaited.start(this.#task(call, deadline, validated, awaited, how));
    if (isProtected) void placed.then((outcome) => this.onProtected?.(outcome));
    return placed;
  }

  /** Gives why its stop and target could not be written down, and has then forgotten the order. */
  #arm(record: PlaceRecord<Key>, { contract, request }: ValidatedOrder): string | undefined {
    const { oco, book, events, exposure } = this.#parts;
    const { clientOrderId } = record;
    try {
      oco?.arm(clientOrderId, request, contract);
      return undefined;
    } catch (cause) {
      book.forget(record);
      exposure?.forget(clientOrderId);
      queueMicrotask(() =>
        events.emit('journal.failed', { what: 'line', operation: 'place', clientOrderId, cause }),
      );
      return `Nothing leaves unrecorded: ${cause instanceof Error ? cause.message : String(cause)}`;
    }
  }

  #task(
    call: Call,
    deadline: Deadline,
    validated: ValidatedOrder,
    withdrawal: DeliveryTask<Key>['withdrawal'],
    { getsOut = false, isExit = false }: GettingOut,
  ): DeliveryTask<Key> {
    const { contract, request, clientOrderId } = validated;
    // What the broker protects by itself goes to the venue as a plain order.
    const intent =
      this.#parts.oco && request.bracket
        ? { ...validated, request: { ...request, bracket: undefined } }
        : validated;
    const { account } = this.#parts.adapter;
    return {
      operation: 'place',
      lane: getsOut ? 'close' : 'place',
      getsOut,
      intent,
      clientOrderId,
      orderId: undefined,
      symbol: request.symbol,
      content: journalContent(request, contract),
      goesUnjournaled: isExit,
      deadline,
      signal: request.signal,
      withdrawal,
      dryRun: request.dryRun ?? false,
      startedAt: call.startedAt,
      assign: (routing) =>
        routing.assign('place', {
          clientOrderId,
          account: account.id,
          accountName: account.name,
          strategy: request.strategy,
          symbol: contract.root,
          contractName: contract.name,
          contractId: contract.id,
        }),
    };
  }

  #refuse(
    call: Call,
    problem: FieldProblem,
    absent?: PlaceRecord<Key>,
  ): Promise<PlaceOutcome<Key>> {
    return this.#told(notSent(told(call, this.#parts.clock), problem), absent);
  }

  /** An outcome without any I/O is told in a later microtask all the same, so that listeners never run inside the call. */
  #told(outcome: NotSent<Key>, absent?: PlaceRecord<Key>): Promise<PlaceOutcome<Key>> {
    return Promise.resolve(absent ? ofTheIntent(outcome, absent) : outcome).then((same) => {
      this.#parts.announce(same);
      return same;
    });
  }
}

/** The id that a bot gives. */
function idOf(request: OrderRequest): string | undefined {
  return typeof request === 'object' &&
    request !== null &&
    typeof request.clientOrderId === 'string'
    ? request.clientOrderId
    : undefined;
}

/** Fields are named before the spread and emptied after it: adding fields to a copy takes as long as all the rest of a place. */
function journalContent(request: OrderRequest, contract: Contract): object {
  const content = {
    contractId: contract.id,
    clientOrderId: undefined,
    signal: undefined,
    ...request,
  };
  content.clientOrderId = undefined;
  content.signal = undefined;
  return content;
}
