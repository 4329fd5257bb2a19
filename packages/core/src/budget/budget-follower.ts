import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Clock } from '../clock.ts';
import { answerWithin } from './answer-within.ts';
import type { BudgetQuestion } from './budget-account.ts';
import type { BudgetLease } from './budget-source.ts';
import type { ToKeeper } from './budget-wire.ts';
import { readFromKeeper, send } from './budget-wire.ts';

/** Milliseconds in which a keeper has to greet, and to answer. One that takes longer is left as if it were dead. */
export const keeperAnswersMs = 500;

/** The end that leases. */
export class BudgetFollower {
  /** The id of the keeper it speaks with. */
  readonly keeper: string;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, (lease: BudgetLease | undefined) => void>();
  #asked = 0;

  private constructor(socket: Socket, keeper: string, clock: Clock) {
    this.#socket = socket;
    this.keeper = keeper;
    this.#clock = clock;
  }

  /** Undefined when nobody is there, or it says nothing in time. `onGone` is told that the keeper has gone. */
  static async open(
    path: string,
    clock: Clock,
    onGone: () => void,
  ): Promise<BudgetFollower | undefined> {
    const socket = connect(path);
    const greeted = new Promise<BudgetFollower | undefined>((resolve) => {
      let follower: BudgetFollower | undefined;
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        resolve(undefined);
        follower?.gone();
        if (follower) onGone();
      });
      readFromKeeper(socket, (line) => {
        if ('lease' in line) return follower?.answered(line.id, line.lease);
        follower ??= new BudgetFollower(socket, line.keeper, clock);
        resolve(follower);
      });
    });
    const answer = await answerWithin(() => greeted, keeperAnswersMs, clock);
    const follower = answer.is === 'done' ? answer.value : undefined;
    if (!follower) socket.destroy();
    // Only what somebody waits for keeps the process alive.
    else socket.unref();
    return follower;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Undefined when the keeper is gone, or does not answer in time. */
  async ask(question: BudgetQuestion): Promise<BudgetLease | undefined> {
    if (!this.isOpen) return undefined;
    const id = (this.#asked += 1);
    const leased = new Promise<BudgetLease | undefined>(
      (resolve) => void this.#waiting.set(id, resolve),
    );
    this.#socket.ref();
    send(this.#socket, { id, question });
    // safeguard: a keeper that does not answer is left
    const answer = await answerWithin(() => leased, keeperAnswersMs, this.#clock);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#socket.unref();
    return answer.is === 'done' ? answer.value : undefined;
  }

  tell(line: ToKeeper): void {
    send(this.#socket, line);
  }

  close(): void {
    this.#socket.destroy();
  }

  answered(id: number, lease: BudgetLease): void {
    this.#waiting.get(id)?.(lease);
  }

  gone(): void {
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
