import type { Gateway, ManualGatewayClock } from '@hotpath/gateway-sim';
import { loopTurns } from '../world/loop-turns.ts';
import type { AccountReport } from './bot-messages.ts';
import { BotProcess } from './bot-process.ts';

const second = 1_000;
const minute = 60 * second;
/** Between two steps of time while something is waited for. */
const waitingStepMs = 50;
/** A process that has not come to the instant at which it was to die is killed wherever it is. */
const diesWithinMs = 3 * minute;

/** Keeps the process of the bots running beside its venue: moves the clocks of both, and starts it again when it has died. */
export class Supervisor {
  readonly process: BotProcess = new BotProcess();
  readonly #gateway: Gateway;
  readonly #clock: ManualGatewayClock;
  readonly #folder: string;
  readonly #seed: number;
  readonly #chance: () => number;
  #lives = 0;
  #killsAsked = 0;
  /** In milliseconds from the begin. */
  #killAt = 0;
  /** When the process is started next; undefined while it is there. */
  #startAt: number | undefined = 0;
  /** How far the bots' wall clock is from the venue's. */
  #clockOffBy = 0;

  constructor(
    gateway: Gateway,
    clock: ManualGatewayClock,
    folder: string,
    seed: number,
    chance: () => number,
  ) {
    this.#gateway = gateway;
    this.#clock = clock;
    this.#folder = folder;
    this.#seed = seed;
    this.#chance = chance;
  }

  /** Lets time pass on both sides, in steps; after each, what is on the wire arrives. */
  async pass(milliseconds: number, stepMs: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= stepMs) {
      this.#clock.advance(Math.min(stepMs, left));
      await this.process.pass(Math.min(stepMs, left));
      await loopTurns();
    }
  }

  /** To be called now and then. A process that died is started within two minutes. */
  async keepUp(passed: number): Promise<void> {
    if (this.process.counts.kills < this.#killsAsked && this.process.isUp && passed >= this.#killAt)
      await this.process.kill();
    if (this.process.isThere) return;
    this.#startAt ??= passed + this.#chance() * 2 * minute;
    if (passed < this.#startAt) return;
    this.#startAt = (await this.start()) ? undefined : passed + 10 * second;
  }

  /** False when it could not start. */
  async start(): Promise<boolean> {
    this.#lives += 1;
    await this.process.start({
      url: this.#gateway.url,
      folder: this.#folder,
      seed: this.#seed,
      life: this.#lives,
      startsAt: this.#wall,
    });
    while (this.process.isThere && !this.process.isUp)
      await this.pass(waitingStepMs, waitingStepMs);
    return this.process.isUp;
  }

  /** The process dies at the instant of that number from now on. */
  dieIn(instants: number, passed: number): Promise<void> {
    this.#killsAsked += 1;
    this.#killAt = passed + diesWithinMs;
    return this.process.order({ say: 'die-in', instants });
  }

  /** The bots' wall clock is set. */
  setClockOffBy(milliseconds: number): Promise<void> {
    this.#clockOffBy = milliseconds;
    return this.process.order({ say: 'set-wall', at: this.#wall });
  }

  /** The machine sleeps: the venue's time goes on, and the wall clock with it; the monotonic one and every timer stand still. */
  sleep(milliseconds: number): Promise<void> {
    this.#clock.advance(milliseconds);
    return this.setClockOffBy(this.#clockOffBy);
  }

  /** What the brokers say in the end. Reads take their time. */
  async reports(): Promise<readonly AccountReport[]> {
    const read: (readonly AccountReport[])[] = [];
    const reading = this.process.report().then((reports) => void read.push(reports));
    while (read.length === 0) await this.pass(waitingStepMs, waitingStepMs);
    await reading;
    return read[0] ?? [];
  }

  close(): Promise<void> {
    return this.process.close(() => this.pass(second, waitingStepMs));
  }

  get #wall(): number {
    return this.#clock.now() + this.#clockOffBy;
  }
}
