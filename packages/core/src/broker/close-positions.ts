import type { ContractId } from '../brand.ts';
import type { Contract } from '../contract.ts';
import type { CloseIntent, ReduceIntent } from '../intent.ts';
import type { CloseRequest, ReduceRequest } from '../order-request.ts';
import type { Closed, CloseOutcome, NotSent, Outcome } from '../outcome.ts';
import type { ReduceWith } from '../outcomes/reduce-with.ts';
import { notSent } from '../outcomes/refusals.ts';
import type { Call, Told } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import type { Position } from '../position.ts';
import type { Deadline } from '../router/deadline.ts';
import { deadlineIn, isPast } from '../router/deadline.ts';
import type { DeliveryEnd, DeliverySoFar, DeliveryTask } from '../router/delivery-task.ts';
import type { Waited } from '../router/wait-within.ts';
import { waitWithin } from '../router/wait-within.ts';
import { closeProblem } from '../validation/validate-close.ts';
import type { FieldProblem } from '../validation/field-problem.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { ChangeOrders } from './change-orders.ts';
import { cachedContract } from './cached-contract.ts';
import { ExitIds } from './exit-ids.ts';
import type { SentExit } from './exits.ts';
import { Exits } from './exits.ts';
import type { ExitWait, Rest } from './exits-at-work.ts';
import { restAfterExits } from './exits-at-work.ts';
import { namedSymbol } from './named-symbol.ts';
import type { PlaceOrders } from './place-orders.ts';
import { positionOf } from './position-of.ts';
import { reduceByOrder } from './reduce-by-order.ts';
import { settleClose } from './settle-close.ts';

/** Closes and reduces positions. Both begin with a read: what is closed is what the venue says is held, not what the bot believes. */
export class ClosePositions<Key extends string> {
  readonly #parts: BrokerParts<Key>;
  readonly #changing: ChangeOrders<Key>;
  readonly #exits: Exits;
  readonly #ids: ExitIds;
  readonly #placing: Pick<PlaceOrders<Key>, 'place'>;
  /** A second close of a contract joins the first until its end is known: two of them would turn the position round. */
  readonly #closing = new Map<string, Promise<CloseOutcome<Key>>>();
  /** The reduce of a contract that is under way; no other exit is sent beside it, as both would take off what each of them read. */
  readonly #reducing = new Map<string, Promise<CloseOutcome<Key>>>();
  /** Grows with each of them that ends: a read that was begun before may show what has been taken off since. */
  #endings = 0;

  /** Told that a contract was read flat after a close; the close's outcome waits for it. */
  onFlat: ((contractId: ContractId) => Promise<void>) | undefined;

  constructor(
    parts: BrokerParts<Key>,
    placing: Pick<PlaceOrders<Key>, 'place'>,
    changing: ChangeOrders<Key>,
  ) {
    this.#parts = parts;
    this.#placing = placing;
    this.#exits = new Exits(parts.clock, parts.state.orders);
    this.#ids = new ExitIds(parts.journal.prefix, parts.clock);
    this.#changing = changing;
  }

  async close(request: CloseRequest): Promise<CloseOutcome<Key>> {
    const call = this.#call('close', request);
    const prepared = await this.#prepare(
      call,
      request,
      this.#parts.adapter.capabilities.closePosition,
    );
    if ('kind' in prepared) return prepared;
    const { held, deadline } = prepared;
    if (held.length === 0) return this.#noneHeld(call, request);
    const outcomes = await Promise.all(
      held.map((one) => this.#closeOnce(one, request, call, deadline)),
    );
    return worst(outcomes);
  }

  reduce(request: ReduceRequest): Promise<CloseOutcome<Key>> {
    return this.#reduce(request, this.#call('reduce', request));
  }

  /** `until`: when its time is over, where it has begun to count. */
  async #reduce(request: ReduceRequest, call: Call, until?: Deadline): Promise<CloseOutcome<Key>> {
    const prepared = await this.#prepare(
      call,
      request,
      this.#parts.adapter.capabilities.reducePosition || this.#parts.reduceWith === 'tagged-order',
      until,
    );
    if ('kind' in prepared) return prepared;
    const { held, deadline } = prepared;
    const [only, another] = held;
    const ahead =
      only && !another
        ? (this.#closing.get(only.contract.id) ?? this.#reducing.get(only.contract.id))
        : undefined;
    if (ahead) return this.#reduceAfter(ahead, request, call, deadline);
    if (!only) return this.#noneHeld(call, request);
    if (another) {
      const names = held.map(({ contract }) => contract.name).join(', ');
      return this.#refuse(call, {
        code: 'AMBIGUOUS_CONTRACT',
        field: 'symbol',
        message: `symbol "${request.symbol}" has positions in ${names}`,
        hint: 'Name one of them.',
      });
    }
    if (request.quantity > only.position.quantity) {
      return this.#refuse(call, {
        code: 'INVALID_ORDER',
        field: 'quantity',
        message: `quantity is ${request.quantity}, and the position has ${only.position.quantity}`,
        hint: 'closePosition() takes all of it.',
      });
    }
    const reducing = this.#reduceRest(only, request, call, deadline);
    if (request.dryRun !== true) {
      // safeguard: exits of one contract wait for each other
      this.#reducing.set(only.contract.id, reducing);
      void this.#until(reducing, this.#reducing, only.contract.id);
    }
    return reducing;
  }

  async #reduceRest(
    { contract, position }: Held,
    request: ReduceRequest,
    call: Call,
    deadline: Deadline,
  ): Promise<CloseOutcome<Key>> {
    const { clock, reduceWith } = this.#parts;
    const rest =
      request.dryRun === true
        ? undefined
        : await restAfterExits(this.#parts, this.#exits, contract, position, {
            call,
            deadline,
            signal: request.signal,
          });
    const before = rest ? rest.position : position;
    if (!before) return this.#ended(contract, Promise.resolve(alreadyFlat(call, this.#parts)));
    if (rest && isPast(deadline, clock))
      return this.#announced(
        notSent(told(call, clock), {
          code: 'DEADLINE_PASSED',
          message: 'Another order was taking the position off and did not end in time.',
        }),
      );
    const problem = rest && restProblem(rest, before, position, request.quantity, reduceWith);
    if (problem) return this.#refuse(call, problem);
    if (reduceWith === 'tagged-order' && request.dryRun !== true)
      this.#exits.add({ ...this.#exitOf(before, call), isTagged: true });
    if (reduceWith === 'tagged-order')
      return this.#ended(
        contract,
        reduceByOrder(this.#parts, this.#placing, { contract, before, request, call, deadline }),
      );
    const intent: ReduceIntent = { operation: 'reduce', contract, quantity: request.quantity };
    return this.#deliver(intent, contract, request, call, deadline, before);
  }

  /** What is left after the exit under way is what there is to reduce; it is read anew. */
  async #reduceAfter(
    ahead: Promise<CloseOutcome<Key>>,
    request: ReduceRequest,
    call: Call,
    deadline: Deadline,
  ): Promise<CloseOutcome<Key>> {
    const { clock } = this.#parts;
    const waited = await waitWithin(() => settledEnd(ahead), deadline, request.signal, clock);
    if (waited.is === 'late')
      return this.#announced(
        notSent(told(call, clock), {
          code: 'DEADLINE_PASSED',
          message: 'Another exit of the position was under way and did not end in time.',
        }),
      );
    if (waited.is === 'aborted')
      return this.#announced(
        notSent(told(call, clock), {
          code: 'ABORTED',
          message: 'The signal was aborted before anything was written.',
        }),
      );
    // While it waited nothing about it was unknown, so that its times count from here; but for the time that its author gave.
    return this.#reduce(request, this.#call('reduce', request), deadline);
  }

  #closeOnce(
    { contract, position }: Held,
    request: CloseRequest,
    call: Call,
    deadline: Deadline,
  ): Promise<CloseOutcome<Key>> {
    const open = this.#closing.get(contract.id);
    // safeguard: a close that is open is joined
    if (open) return open;
    const intent: CloseIntent = { operation: 'close', contract };
    if (request.dryRun === true)
      return this.#deliver(intent, contract, request, call, deadline, position);
    const reducing = this.#reducing.get(contract.id);
    const bounds: ExitWait = { call, deadline, signal: request.signal };
    const rest = reducing
      ? this.#restAfterReduce(reducing, contract, position, bounds)
      : restAfterExits(this.#parts, this.#exits, contract, position, bounds);
    const closing = rest
      ? rest.then((after) => this.#closeRest(intent, after, request, call, deadline))
      : this.#deliver(intent, contract, request, call, deadline, position);
    this.#closing.set(contract.id, closing);
    void this.#until(closing, this.#closing, contract.id);
    return closing;
  }

  /** Under way until its end is known. */
  async #until(
    exit: Promise<CloseOutcome<Key>>,
    among: Map<string, Promise<CloseOutcome<Key>>>,
    contractId: ContractId,
  ): Promise<void> {
    await settledEnd(exit);
    among.delete(contractId);
    this.#endings += 1;
  }

  /** Waits until the bot is told of the reduce, and no longer: getting out comes before knowing how it ended. */
  async #restAfterReduce(
    reducing: Promise<CloseOutcome<Key>>,
    contract: Contract,
    position: Position,
    bounds: ExitWait,
  ): Promise<Rest> {
    const { adapter, clock } = this.#parts;
    await waitWithin(() => reducing, bounds.deadline, bounds.signal, clock);
    const look = await positionOf(adapter, contract);
    if (look.read && !look.position) return { is: 'clear', position: undefined };
    const left = (look.read ? look.position : undefined) ?? position;
    return (
      (await restAfterExits(this.#parts, this.#exits, contract, left, bounds)) ?? {
        is: 'clear',
        position: left,
      }
    );
  }

  /** What is at work does the rest, where it is enough to; nothing is sent beside it. */
  async #closeRest(
    intent: CloseIntent,
    rest: Rest,
    request: CloseRequest,
    call: Call,
    deadline: Deadline,
  ): Promise<CloseOutcome<Key>> {
    const { contract } = intent;
    if (rest.is === 'at-work' && rest.toCome < rest.position.quantity) {
      const { quantity } = rest.position;
      return this.#refuse(call, {
        code: 'CLOSE_UNSETTLED',
        field: 'symbol',
        message: `${contract.name}: an order at work takes off ${rest.toCome} of the ${quantity} held, and a close beside it would take off ${quantity} more`,
        hint: 'Cancel it or wait for its end; flatten() cancels it first.',
      });
    }
    if (rest.is === 'at-work')
      return this.#announced({
        kind: 'accepted',
        ...told<Key>(call, this.#parts.clock),
        operation: 'close',
        became: 'not-yet-flat',
        remainingQuantity: rest.position.quantity,
      });
    if (!rest.position)
      return this.#ended(contract, Promise.resolve(alreadyFlat(call, this.#parts)));
    return this.#deliver(intent, contract, request, call, deadline, rest.position);
  }

  #deliver(
    intent: CloseIntent | ReduceIntent,
    contract: Contract,
    request: CloseRequest,
    call: Call,
    deadline: Deadline,
    before: Position,
  ): Promise<CloseOutcome<Key>> {
    const { adapter, router } = this.#parts;
    const { operation } = intent;
    const task: DeliveryTask<Key> = {
      operation,
      lane: 'close',
      intent,
      clientOrderId: call.clientOrderId,
      orderId: undefined,
      symbol: contract.id,
      content: {
        contractId: contract.id,
        ...(intent.operation === 'reduce' && { quantity: intent.quantity }),
      },
      goesUnjournaled: true,
      deadline,
      signal: request.signal,
      withdrawal: undefined,
      dryRun: request.dryRun ?? false,
      startedAt: call.startedAt,
      assign: (routing) =>
        routing.assign(operation, {
          account: adapter.account.id,
          accountName: adapter.account.name,
          strategy: request.strategy,
          symbol: contract.root,
          contractName: contract.name,
          contractId: contract.id,
        }),
    };
    const exit = this.#exitOf(before, call);
    const { seenBefore, sentAt: startedAt } = exit;
    if (request.dryRun !== true) this.#exits.add(exit);
    const settle = (end: DeliveryEnd<Key>): Promise<CloseOutcome<Key>> => {
      const { result } = end;
      if (result.is === 'not-sent' || (result.is === 'answered' && result.verdict.is === 'refused'))
        this.#exits.cameToNothing(contract.id, startedAt);
      return settleClose(this.#parts, {
        contract,
        before,
        quantity: intent.operation === 'reduce' ? intent.quantity : undefined,
        call,
        end,
        seenBefore,
        again: () => {
          this.#exits.add(exit);
          return router.deliver(task);
        },
        isAlone: (since) => this.#exits.isAlone(contract.id, since, startedAt),
        claim: (orderId) => this.#exits.claim(orderId),
      });
    };
    let attempts: { soFar(): DeliverySoFar<Key> } | undefined;
    const delivered = new Promise<DeliveryEnd<Key>>(
      (resolve) => void (attempts = router.start(task, resolve)),
    );
    return this.#ended(
      contract,
      this.#inTime(delivered.then(settle), contract, () =>
        told(call, this.#parts.clock, attempts?.soFar()),
      ),
    );
  }

  #exitOf({ contractId, side }: Position, { startedAt }: Call): SentExit {
    return {
      contractId,
      sentAt: startedAt,
      seenBefore: this.#parts.state.orders.count,
      side: side === 'buy' ? 'sell' : 'buy',
    };
  }

  /** Told as unknown when the time in which a bot is told something is over; who settles it goes on. */
  #inTime(
    exit: Promise<CloseOutcome<Key>>,
    contract: Contract,
    soFar: () => Told<Key>,
  ): Promise<CloseOutcome<Key>> {
    const { awaited, unknowns, clock, closeGuard } = this.#parts;
    return new Promise((resolve, reject) => {
      let held: ReturnType<typeof unknowns.hold<Closed<Key>>> | undefined;
      const waiting = {
        countsFrom: clock.monotonic(),
        sentAt: undefined,
        concerns: () => false,
        seen: () => undefined,
        overdue() {
          if (held) return;
          const base = soFar();
          if (base.operation === 'close') closeGuard.hold(contract.id);
          held = unknowns.hold<Closed<Key>>(base, {
            code: 'NO_ANSWER',
            message: 'No answer has come so far that says what became of it.',
          });
          resolve(held.outcome);
        },
      };
      awaited.add(waiting);
      exit.then((outcome) => {
        awaited.delete(waiting);
        if (!held) return resolve(outcome);
        const { end } = held;
        // Who looks for it as for any other unknown tells of the end.
        if (outcome.kind === 'unknown' && !outcome.final)
          void outcome.resolved.then((ended) => end(ended, { announced: true }));
        else end(outcome);
      }, reject);
    });
  }

  async #ended(contract: Contract, exit: Promise<CloseOutcome<Key>>): Promise<CloseOutcome<Key>> {
    const outcome = await exit;
    await this.#leave(contract, outcome);
    this.#announced(outcome);
    if (outcome.kind !== 'unknown' || outcome.final) return outcome;
    // Whoever waits for the end of it waits for the legs as well: what is entered upon it must not meet them.
    const resolved = outcome.resolved.then(async (end) => {
      // safeguard: legs go behind every close
      await this.#leave(contract, end);
      return end;
    });
    return Object.defineProperty({ ...outcome }, 'resolved', {
      value: resolved,
      enumerable: false,
    });
  }

  /** The read in front of an exit shows nothing to take off. */
  #noneHeld(call: Call, { symbol }: CloseRequest): Closed<Key> {
    const contract = cachedContract(this.#parts, symbol);
    if (contract) this.#toldOf(contract, 0);
    return this.#announced(alreadyFlat(call, this.#parts));
  }

  /** A bot that reads the positions next is told no less. */
  #toldOf({ id }: Contract, quantity: number): void {
    const { clock, settleMs, state } = this.#parts;
    state.positions.toldOf(id, quantity, clock.monotonic() + settleMs);
  }

  /** What is to be done once the exit has ended, flat above all. */
  async #leave(contract: Contract, outcome: Outcome<Key>): Promise<void> {
    if (
      outcome.kind !== 'accepted' ||
      (outcome.operation !== 'close' && outcome.operation !== 'reduce')
    )
      return;
    this.#toldOf(contract, outcome.remainingQuantity);
    if (outcome.remainingQuantity !== 0) return;
    this.#parts.exposure?.flat(contract.id);
    await Promise.all([this.#sweep(contract), this.onFlat?.(contract.id)]);
  }

  /** The legs of what was closed would open a position of their own (several clients met that): they are cancelled before the bot is told. What fails here shows in the open orders. */
  async #sweep(contract: Contract): Promise<void> {
    const { adapter, state, log } = this.#parts;
    try {
      const open = state.isLive ? state.orders.open() : await adapter.reads.openOrders('cancel');
      const orphans = open.filter(
        ({ contractId, parentOrderId }) =>
          contractId === contract.id && parentOrderId !== undefined,
      );
      await Promise.all(orphans.map(({ orderId }) => this.#changing.cancel({ orderId })));
    } catch (error) {
      log.warn(
        { contractId: contract.id, error },
        'the legs of a closed position could not be looked for',
      );
    }
  }

  /** What there is to close, or why nothing is. */
  async #prepare(
    call: Call,
    request: CloseRequest | ReduceRequest,
    offered: boolean,
    until?: Deadline,
  ): Promise<{ readonly held: readonly Held[]; readonly deadline: Deadline } | NotSent<Key>> {
    const { adapter, router, clock } = this.#parts;
    const problem = closeProblem(request, call.operation === 'reduce');
    if (problem) return this.#refuse(call, problem);
    if (router.isClosed)
      return this.#announced(
        notSent(told(call, clock), { code: 'BROKER_CLOSED', message: 'The broker is closed.' }),
      );
    if (!offered)
      return this.#announced(
        notSent(told(call, clock), {
          code: 'UNSUPPORTED',
          message: `This broker offers no ${call.operation} of positions.`,
        }),
      );
    const deadline = until ?? deadlineIn(request.deadlineMs ?? Infinity, clock);
    let endings: number;
    let waited: Waited<readonly Position[]>;
    do {
      endings = this.#endings;
      waited = await waitWithin(
        () => adapter.reads.positions('close'),
        deadline,
        request.signal,
        clock,
      );
      // safeguard: no exit by a read from before another one ended
    } while (waited.is === 'done' && endings !== this.#endings);
    switch (waited.is) {
      case 'late':
        return this.#announced(
          notSent(told(call, clock), {
            code: 'DEADLINE_PASSED',
            message: 'The positions were not read in time.',
          }),
        );
      case 'aborted':
        return this.#announced(
          notSent(told(call, clock), {
            code: 'ABORTED',
            message: 'The signal was aborted before anything was written.',
          }),
        );
      case 'failed':
        return this.#announced(
          notSent(told(call, clock), {
            code: 'NOT_READY',
            message: `The positions could not be read: ${waited.error instanceof Error ? waited.error.message : 'no reason given'}`,
          }),
        );
      case 'done':
        return this.#held(call, request, waited.value, deadline);
    }
  }

  async #held(
    call: Call,
    { symbol }: CloseRequest,
    positions: readonly Position[],
    deadline: Deadline,
  ): Promise<{ readonly held: readonly Held[]; readonly deadline: Deadline } | NotSent<Key>> {
    const { adapter } = this.#parts;
    // A root stands for every month of it that is held, also for one that has expired from the cache.
    for (const { contractId } of positions)
      if (!cachedContract(this.#parts, contractId))
        await adapter.prepare('contract', contractId, 'close').catch(() => undefined);
    const held: Held[] = [];
    for (const position of positions) {
      const contract = cachedContract(this.#parts, position.contractId);
      if (contract && [contract.root, contract.name, contract.id].some((name) => name === symbol))
        held.push({ contract, position });
    }
    if (held.length > 0 || cachedContract(this.#parts, symbol)) return { held, deadline };
    await adapter.prepare('contract', symbol, 'close').catch(() => undefined);
    if (cachedContract(this.#parts, symbol)) return { held, deadline };
    return this.#refuse(call, {
      code: 'UNKNOWN_CONTRACT',
      field: 'symbol',
      message: `symbol "${symbol}" is no contract of this broker`,
    });
  }

  #call(operation: 'close' | 'reduce', request: CloseRequest): Call {
    return {
      operation,
      clientOrderId: this.#ids.next(),
      symbol: namedSymbol(request),
      mode: this.#parts.adapter.mode,
      startedAt: this.#parts.clock.monotonic(),
    };
  }

  #refuse(call: Call, problem: FieldProblem): NotSent<Key> {
    return this.#announced(notSent(told(call, this.#parts.clock), problem));
  }

  #announced<Result extends Outcome<Key>>(outcome: Result): Result {
    this.#parts.announce(outcome);
    return outcome;
  }
}

interface Held {
  readonly contract: Contract;
  readonly position: Position;
}

/** Why a reduce that was asked for of `asked` is not sent beside, or after, what took the position off meanwhile. */
function restProblem(
  rest: Rest,
  before: Position,
  asked: Position,
  quantity: number,
  reduceWith: ReduceWith,
): FieldProblem | undefined {
  if (before.side !== asked.side)
    return {
      code: 'CLOSE_UNSETTLED',
      field: 'symbol',
      message:
        'the position was turned round by an order at work, and what is held now was never asked to be reduced',
    };
  if (rest.is === 'unread') {
    // By the venue's own call it goes, since that knows the position and getting out waits for no reads.
    return reduceWith === 'tagged-order'
      ? {
          code: 'CLOSE_UNSETTLED',
          field: 'symbol',
          message:
            'an order that takes the position off was at work, and the venue does not say whether it still is',
        }
      : undefined;
  }
  const toCome = rest.is === 'at-work' ? rest.toCome : 0;
  if (toCome + quantity <= before.quantity) return undefined;
  return {
    code: 'CLOSE_UNSETTLED',
    field: 'quantity',
    message: `quantity is ${quantity}, and of the ${before.quantity} held ${toCome} are about to be taken off by an order at work`,
  };
}

function alreadyFlat<Key extends string>(call: Call, { clock }: BrokerParts<Key>): Closed<Key> {
  const operation = call.operation === 'reduce' ? 'reduce' : 'close';
  return {
    kind: 'accepted',
    ...told<Key>(call, clock),
    operation,
    became: 'already-flat',
    remainingQuantity: 0,
  };
}

/** Of several months closed by one root, the outcome that asks most of the bot. */
function worst<Key extends string>(outcomes: readonly CloseOutcome<Key>[]): CloseOutcome<Key> {
  const rank = { unknown: 0, rejected: 1, 'not-sent': 2, accepted: 3 } as const;
  const [first, ...others] = outcomes;
  if (!first) throw new RangeError('there is no outcome to choose from');
  return others.reduce(
    (worse, outcome) =>
      rank[outcome.kind] < rank[worse.kind] ||
      (outcome.kind === 'accepted' &&
        worse.kind === 'accepted' &&
        outcome.remainingQuantity > worse.remainingQuantity)
        ? outcome
        : worse,
    first,
  );
}

/** Resolves when the end of a close is known, however long that takes. Never rejects. */
async function settledEnd<Key extends string>(closing: Promise<CloseOutcome<Key>>): Promise<void> {
  try {
    const outcome = await closing;
    if (outcome.kind === 'unknown' && !outcome.final) await outcome.resolved;
  } catch {
    // Whoever called is told; nothing is open any more.
  }
}
