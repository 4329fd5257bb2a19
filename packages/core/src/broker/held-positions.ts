import type { Contract } from '../contract.ts';
import type { CloseRequest, ReduceRequest } from '../order-request.ts';
import type { NotSent } from '../outcome.ts';
import { notSent } from '../outcomes/refusals.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import type { Position } from '../position.ts';
import type { Deadline } from '../router/deadline.ts';
import { deadlineIn } from '../router/deadline.ts';
import type { Waited } from '../router/wait-within.ts';
import { waitWithin } from '../router/wait-within.ts';
import type { FieldProblem } from '../validation/field-problem.ts';
import { closeProblem } from '../validation/validate-close.ts';
import type { BrokerParts } from './broker-parts.ts';
import { cachedContract } from './cached-contract.ts';
import type { ExitsUnderWay } from './exits-under-way.ts';

/** A position that a request means, with its contract. */
export interface Held {
  readonly contract: Contract;
  readonly position: Position;
}

/** What an exit begins with. */
export interface ToTakeOff {
  readonly held: readonly Held[];
  readonly deadline: Deadline;
}

/** The read in front of every exit: what is closed is what the venue says is held. */
export class HeldPositions<Key extends string> {
  readonly #parts: BrokerParts<Key>;
  readonly #underWay: Pick<ExitsUnderWay<Key>, 'endings'>;

  constructor(parts: BrokerParts<Key>, underWay: Pick<ExitsUnderWay<Key>, 'endings'>) {
    this.#parts = parts;
    this.#underWay = underWay;
  }

  /** What there is to close, or why nothing is, which has been announced then. `until`: when its time is over, where it has begun to count. */
  async read(
    call: Call,
    request: CloseRequest | ReduceRequest,
    offered: boolean,
    until?: Deadline,
  ): Promise<ToTakeOff | NotSent<Key>> {
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
      endings = this.#underWay.endings;
      waited = await waitWithin(
        () => adapter.reads.positions('close'),
        deadline,
        request.signal,
        clock,
      );
      // safeguard: no exit by a read from before another one ended
    } while (waited.is === 'done' && endings !== this.#underWay.endings);
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
  ): Promise<ToTakeOff | NotSent<Key>> {
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

  #refuse(call: Call, problem: FieldProblem): NotSent<Key> {
    return this.#announced(notSent(told(call, this.#parts.clock), problem));
  }

  #announced(outcome: NotSent<Key>): NotSent<Key> {
    this.#parts.announce(outcome);
    return outcome;
  }
}
