import type { ContractId } from '../brand.ts';
import type { Contract } from '../contract.ts';
import type { CloseIntent, ReduceIntent } from '../intent.ts';
import type { CloseRequest, ReduceRequest } from '../order-request.ts';
import type { CloseOutcome, NotSent, Outcome } from '../outcome.ts';
import { notSent } from '../outcomes/refusals.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import type { Position } from '../position.ts';
import type { Deadline } from '../router/deadline.ts';
import { isPast } from '../router/deadline.ts';
import { waitWithin } from '../router/wait-within.ts';
import type { FieldProblem } from '../validation/field-problem.ts';
import { alreadyFlat } from './already-flat.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { ChangeOrders } from './change-orders.ts';
import type { ExitToDeliver } from './deliver-exit.ts';
import { deliverExit, sentExit } from './deliver-exit.ts';
import { ExitEnds } from './exit-ends.ts';
import { ExitIds } from './exit-ids.ts';
import { Exits } from './exits.ts';
import type { ExitWait, Rest } from './exits-at-work.ts';
import { restAfterExits } from './exits-at-work.ts';
import { ExitsUnderWay } from './exits-under-way.ts';
import type { Held } from './held-positions.ts';
import { HeldPositions } from './held-positions.ts';
import { namedSymbol } from './named-symbol.ts';
import type { PlaceOrders } from './place-orders.ts';
import { positionOf } from './position-of.ts';
import { reduceByOrder } from './reduce-by-order.ts';
import { restProblem } from './rest-problem.ts';
import { settledEnd } from './settled-end.ts';
import { worstOutcome } from './worst-outcome.ts';

/** Closes and reduces positions. Both begin with a read: what is closed is what the venue says is held, not what the bot believes. */
export class ClosePositions<Key extends string> {
  readonly #parts: BrokerParts<Key>;
  readonly #exits: Exits;
  readonly #ids: ExitIds;
  readonly #placing: Pick<PlaceOrders<Key>, 'place'>;
  readonly #underWay = new ExitsUnderWay<Key>();
  readonly #positions: HeldPositions<Key>;
  readonly #ends: ExitEnds<Key>;

  constructor(
    parts: BrokerParts<Key>,
    placing: Pick<PlaceOrders<Key>, 'place'>,
    changing: ChangeOrders<Key>,
  ) {
    this.#parts = parts;
    this.#placing = placing;
    this.#exits = new Exits(parts.clock, parts.state.orders);
    this.#ids = new ExitIds(parts.journal.prefix, parts.clock);
    this.#positions = new HeldPositions(parts, this.#underWay);
    this.#ends = new ExitEnds(parts, changing);
  }

  /** Told that a contract was read flat after a close; the close's outcome waits for it. */
  set onFlat(flat: (contractId: ContractId) => Promise<void>) {
    this.#ends.onFlat = flat;
  }

  async close(request: CloseRequest): Promise<CloseOutcome<Key>> {
    const call = this.#call('close', request);
    const prepared = await this.#positions.read(
      call,
      request,
      this.#parts.adapter.capabilities.closePosition,
    );
    if ('kind' in prepared) return prepared;
    const { held, deadline } = prepared;
    if (held.length === 0) return this.#ends.noneHeld(call, request);
    const outcomes = await Promise.all(
      held.map((one) => this.#closeOnce(one, request, call, deadline)),
    );
    return worstOutcome(outcomes);
  }

  reduce(request: ReduceRequest): Promise<CloseOutcome<Key>> {
    return this.#reduce(request, this.#call('reduce', request));
  }

  /** `until`: when its time is over, where it has begun to count. */
  async #reduce(request: ReduceRequest, call: Call, until?: Deadline): Promise<CloseOutcome<Key>> {
    const prepared = await this.#positions.read(
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
        ? (this.#underWay.closeOf(only.contract.id) ?? this.#underWay.reduceOf(only.contract.id))
        : undefined;
    if (ahead) return this.#reduceAfter(ahead, request, call, deadline);
    if (!only) return this.#ends.noneHeld(call, request);
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
    if (request.dryRun !== true) this.#underWay.addReduce(only.contract.id, reducing);
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
    if (!before) return this.#ends.ended(contract, Promise.resolve(alreadyFlat(call, this.#parts)));
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
      this.#exits.add({
        ...sentExit(before, call, this.#parts.state.orders.count),
        isTagged: true,
      });
    if (reduceWith === 'tagged-order')
      return this.#ends.ended(
        contract,
        reduceByOrder(this.#parts, this.#placing, { contract, before, request, call, deadline }),
      );
    const intent: ReduceIntent = { operation: 'reduce', contract, quantity: request.quantity };
    return this.#deliver({ intent, request, call, deadline, before });
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
    const open = this.#underWay.closeOf(contract.id);
    // safeguard: a close that is open is joined
    if (open) return open;
    const intent: CloseIntent = { operation: 'close', contract };
    if (request.dryRun === true)
      return this.#deliver({ intent, request, call, deadline, before: position });
    const reducing = this.#underWay.reduceOf(contract.id);
    const bounds: ExitWait = { call, deadline, signal: request.signal };
    const rest = reducing
      ? this.#restAfterReduce(reducing, contract, position, bounds)
      : restAfterExits(this.#parts, this.#exits, contract, position, bounds);
    const closing = rest
      ? rest.then((after) => this.#closeRest(intent, after, request, call, deadline))
      : this.#deliver({ intent, request, call, deadline, before: position });
    this.#underWay.addClose(contract.id, closing);
    return closing;
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
      return this.#ends.ended(contract, Promise.resolve(alreadyFlat(call, this.#parts)));
    return this.#deliver({ intent, request, call, deadline, before: rest.position });
  }

  #deliver(exit: ExitToDeliver): Promise<CloseOutcome<Key>> {
    return this.#ends.ended(exit.intent.contract, deliverExit(this.#parts, this.#exits, exit));
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
