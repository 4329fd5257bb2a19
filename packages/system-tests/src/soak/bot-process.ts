import { join } from 'node:path';
import { topstepx, topstepxLogin } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions } from '@hotpath/core';
import { fileJournal } from '@hotpath/core';
import type { Life } from '../world/life.ts';
import { createLife } from '../world/life.ts';
import { mortalBroker } from '../world/mortal-broker.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';

type SoakBroker = Broker<'fast' | 'fallback'>;

/** One account of the process, over all its lives. */
export interface SoakAccount {
  readonly name: string;
  readonly options: Partial<BrokerOptions<'fast' | 'fallback'>>;
  /** Told of each broker when it has started. */
  readonly started: (broker: SoakBroker) => void;
}

export interface ProcessCounts {
  starts: number;
  failedStarts: number;
  kills: number;
  readonly events: Map<string, number>;
}

const counted = ['session.failed', 'position.unprotected', 'position.reversed', 'order.contradicted', 'executor.tripped', 'executor.recovered', 'executor.fallback', 'contract.rolled', 'rollout.changed', 'journal.failed', 'broker.recovered', 'order.filled'] as const;

/** A bot's process with two accounts on one login: it is killed, and started again on the same journals. */
export class BotProcess {
  readonly counts: ProcessCounts = { starts: 0, failedStarts: 0, kills: 0, events: new Map() };
  readonly #world: SimulatedWorld;
  readonly #folder: string;
  readonly #accounts: readonly SoakAccount[];
  #life: Life | undefined;
  #brokers: SoakBroker[] = [];
  /** How many more instants the process lives through; undefined while nobody is after it. */
  #instantsLeft: number | undefined;

  constructor(world: SimulatedWorld, folder: string, accounts: readonly SoakAccount[]) {
    this.#world = world;
    this.#folder = folder;
    this.#accounts = accounts;
  }

  get isUp(): boolean {
    return this.#life?.isDead === false && this.#brokers.length === this.#accounts.length;
  }

  /** In the order of the accounts; empty while it is down. */
  get brokers(): readonly SoakBroker[] {
    return this.isUp ? this.#brokers : [];
  }

  /** False when it could not start; whoever looks after it tries again. */
  async start(): Promise<boolean> {
    this.#instantsLeft = undefined;
    this.#brokers = [];
    const life = createLife(() => this.#isLastInstant());
    this.#life = life;
    const login = topstepxLogin({ userName: 'demo', apiKey: 'demo-key' });
    try {
      for (const { name, options } of this.#accounts) {
        const adapter = topstepx({ login, account: name, baseUrl: this.#world.gateway.url });
        const { broker } = await mortalBroker(this.#world, { ...options, life, adapter, journal: fileJournal(join(this.#folder, `${name}.journal`)) });
        for (const event of counted) broker.on(event, () => void (life.isDead || this.#count(event)));
        broker.on('stream.gap', ({ stream }) => void (life.isDead || this.#count(`gap of ${stream}`)));
        this.#brokers.push(broker);
      }
    } catch {
      // A venue that answers a login with a 5xx keeps a process from starting; its supervisor starts it again.
      this.counts.failedStarts += 1;
      life.kill();
      return false;
    }
    this.counts.starts += 1;
    this.#accounts.forEach(({ started }, index) => {
      const broker = this.#brokers[index];
      if (broker) started(broker);
    });
    return true;
  }

  /** It ends at the instant of that number from now on. */
  killIn(instants: number): void {
    if (this.isUp) this.#instantsLeft = instants;
  }

  /** It ends now, if it has not: nothing may have happened in it since. */
  killNow(): void {
    if (this.#life?.isDead !== false) return;
    this.#life.kill();
    this.counts.kills += 1;
  }

  #isLastInstant(): boolean {
    if (this.#instantsLeft === undefined) return false;
    this.#instantsLeft -= 1;
    if (this.#instantsLeft > 0) return false;
    this.counts.kills += 1;
    return true;
  }

  #count(event: string): void {
    this.counts.events.set(event, (this.counts.events.get(event) ?? 0) + 1);
  }
}
