import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Broker, RoutingConfig } from '@hotpath/core';
import type { FaultRule } from '@hotpath/gateway-sim';
import { seededChance } from '../faults/seeded-chance.ts';
import type { SimulatedWorld } from '../world/simulated-world.ts';
import { simulatedWorld } from '../world/simulated-world.ts';
import { BotProcess } from './bot-process.ts';
import { forgottenProtections } from './forgotten-protections.ts';
import { isFilling, protectionFaults, stateAtVenue, stateOfBroker } from './final-state.ts';
import { heldMb } from './heap.ts';
import { OrderLedger } from './order-ledger.ts';
import { SoakBot } from './soak-bot.ts';
import type { SoakReport } from './soak-report.ts';
import type { PlannedTrouble, Trouble } from './trouble.ts';
import { planTroubles } from './trouble.ts';
import { VenueLedger } from './venue-ledger.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const stepMs = 5 * second;
/** After anything happens, so that what follows has its time. */
const fineStepMs = 50;
const priceEveryMs = 5 * minute;
const actEveryMs = 3 * minute;
/** The venue's record of what is over is read before it forgets it. */
const readVenueEveryMs = hour;
const keepHistory = 400;
/** What a broker keeps of a day by design is there only after two of them. */
const leastDaysForHeap = 4;

const practice = { id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'position' } as const;
const combine = { id: 700_002, name: '50KTC-V2-1002', bracketMode: 'auto-oco' } as const;
const routing: RoutingConfig<'fast' | 'fallback'> = {
  version: 1,
  salt: 'soak',
  default: { fast: 100, fallback: 0 },
  ramp: { executor: 'fast', steps: [10, 25, 50, 75, 100], minDwell: '2h', minSamples: 20 },
};

const faults: Readonly<Record<string, FaultRule>> = {
  '503 before': { endpoint: 'Order/*', probability: 0.02, fault: { kind: 'status', status: 503 } },
  '500 after': { endpoint: 'Order/*', probability: 0.02, fault: { kind: 'status', status: 500, at: 'after-accepting' } },
  '502 on positions': { endpoint: 'Position/*', probability: 0.02, fault: { kind: 'status', status: 502 } },
  'reset after': { endpoint: 'Order/place', probability: 0.02, fault: { kind: 'reset', at: 'after-accepting' } },
  'no answer': { endpoint: 'Order/place', probability: 0.01, fault: { kind: 'stall', at: 'after-accepting' } },
  'empty answer': { endpoint: 'Order/*', probability: 0.005, fault: { kind: 'body', form: 'empty' } },
  '429': { probability: 0.003, fault: { kind: 'status', status: 429, retryAfter: 5 } },
};

export interface SoakRun {
  readonly seed: number;
  readonly days: number;
  /** Told after each simulated hour. */
  readonly progress?: ((hours: number) => void) | undefined;
  /** Seconds from an arbitrary start, for the report alone. */
  readonly seconds: () => number;
}

/** So many days of two bots that nobody looks after, and everything that can befall them. */
export async function runSoak({ seed, days, progress, seconds }: SoakRun): Promise<SoakReport> {
  const startedAt = seconds();
  const folder = await mkdtemp(join(tmpdir(), 'hotpath-soak-'));
  const unhandled: unknown[] = [];
  const keep = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', keep);
  let logins = 0;
  const world = await simulatedWorld({
    session: 'topstep',
    autoFlatten: true,
    accounts: [practice, combine],
    seed,
    keepHistory,
    largestFill: 2,
    // Shorter than a day, so that tokens end in processes that are killed twice a day.
    tokenLifetimeMs: 10 * hour,
    log: ({ path, status }) => void (logins += /Auth\/(?:loginKey|validate)/.test(path) && status === 200 ? 1 : 0),
  });
  try {
    return await new Soak(world, folder, { seed, days, progress, seconds }).run(unhandled, () => logins, startedAt);
  } finally {
    await world.close();
    process.off('unhandledRejection', keep);
    await rm(folder, { recursive: true, force: true });
  }
}

class Soak {
  readonly #world: SimulatedWorld;
  readonly #folder: string;
  readonly #run: SoakRun;
  readonly #bots: readonly SoakBot[];
  readonly #process: BotProcess;
  readonly #venue = new VenueLedger();
  readonly #troubles: PlannedTrouble[];
  readonly #struck: Record<Trouble, number> = { 'hub-drop': 0, kill: 0, revoke: 0, 'clock-step': 0, sleep: 0, throttle: 0, roll: 0 };
  /** Rules by name; hubs that are away are one of them. */
  readonly #faults = new Map<string, string>();
  readonly #faultsStruck: Record<string, number> = {};
  readonly #heap: { readonly at: number; readonly mb: number }[] = [];
  /** When the process is started next, in milliseconds from the begin; undefined while it is up. */
  #startAt: number | undefined = 0;
  /** When the process is killed wherever it is, if it has not come to the instant at which it was to die. */
  #killAt = Infinity;
  /** How far the bots' wall clock is from the venue's. */
  #clockOffBy = 0;

  constructor(world: SimulatedWorld, folder: string, run: SoakRun) {
    this.#world = world;
    this.#folder = folder;
    this.#run = run;
    this.#troubles = planTroubles(run.seed, run.days);
    const now = (): number => world.clock.now();
    this.#bots = [practice, combine].map(({ id, name }) => new SoakBot(new OrderLedger(id), name.toLowerCase().slice(0, 5).replaceAll(/[^a-z]/g, ''), seededChance(run.seed, name), now));
    const started = (index: number) => (broker: Broker<'fast' | 'fallback'>) => this.#started(index, broker);
    this.#process = new BotProcess(world, folder, [
      { name: practice.name, options: { routing, ownOco: { whenUnprotected: 'close' } }, started: started(0) },
      { name: combine.name, options: { routing }, started: started(1) },
    ]);
  }

  async run(unhandled: readonly unknown[], logins: () => number, startedAt: number): Promise<SoakReport> {
    const { gateway } = this.#world;
    const { seed, days, progress } = this.#run;
    Object.entries(faults).forEach(([name, rule], index) => this.#faults.set(name, gateway.faults.add({ ...rule, seed: seed * 100 + index })));
    const chance = seededChance(seed, 'week');
    const end = days * day;
    const next = { price: 0, act: minute, read: readVenueEveryMs, heap: 6 * hour, hour };
    for (let passed = 0; passed < end; passed += stepMs) {
      await this.#world.pass(stepMs, stepMs);
      await this.#keepUp(passed, chance);
      if (passed >= next.price) {
        next.price += priceEveryMs;
        gateway.stepPrices();
        await this.#world.pass(second, fineStepMs);
      }
      if (passed >= next.act) {
        next.act += actEveryMs;
        this.#process.brokers.forEach((broker, index) => void this.#bots[index]?.act(broker));
        await this.#world.pass(second, fineStepMs);
      }
      for (let trouble = this.#troubles[0]; trouble && trouble.at <= passed; trouble = this.#troubles[0]) {
        this.#troubles.shift();
        this.#befall(trouble, passed);
        await this.#world.pass(second, fineStepMs);
      }
      if (passed >= next.read) {
        next.read += readVenueEveryMs;
        this.#venue.take(gateway);
      }
      if (passed >= next.heap) {
        next.heap += 2 * hour;
        this.#heap.push({ at: passed / end, mb: heldMb() });
      }
      if (passed >= next.hour) {
        next.hour += hour;
        progress?.(passed / hour);
      }
    }
    const failures = await this.#settle();
    return this.#report(failures, unhandled, logins(), startedAt);
  }

  /** The supervisor of the process. */
  async #keepUp(passed: number, chance: () => number): Promise<void> {
    if (passed >= this.#killAt) {
      this.#killAt = Infinity;
      this.#process.killNow();
    }
    if (this.#process.isUp) return;
    this.#startAt ??= passed + chance() * 2 * minute;
    if (passed < this.#startAt) return;
    this.#killAt = Infinity;
    if (await this.#process.start()) this.#startAt = undefined;
    else this.#startAt = passed + 10 * second;
  }

  #started(index: number, broker: Broker<'fast' | 'fallback'>): void {
    const bot = this.#bots[index];
    if (!bot) return;
    const watch = (): void => void bot.watch(broker).catch((error: unknown) => void bot.errors.push(error));
    watch();
    broker.on('contract.rolled', watch);
    void broker.whenRecovered().then(() => bot.ledger.askAgain(broker));
  }

  /** Takes the place of the rule of that name. */
  #strike(name: string, rule: FaultRule): void {
    const { faults: book } = this.#world.gateway;
    this.#countStruck(name);
    this.#faults.set(name, book.add(rule));
  }

  #countStruck(name: string): void {
    const { faults: book } = this.#world.gateway;
    const id = this.#faults.get(name);
    if (id === undefined) return;
    this.#faultsStruck[name] = (this.#faultsStruck[name] ?? 0) + (book.counts()[id]?.struck ?? 0);
    book.remove(id);
    this.#faults.delete(name);
  }

  #befall({ what, chance }: PlannedTrouble, passed: number): void {
    const { gateway, gatewayClock, clock } = this.#world;
    this.#struck[what] += 1;
    switch (what) {
      case 'hub-drop':
        // Every third time the hub is away for a while, and the market goes on without it.
        if (chance < 1 / 3) this.#strike('hub away', { endpoint: 'hubs/*', count: 1 + Math.floor(chance * 18), fault: { kind: 'status', status: 503 } });
        gateway.dropHubs(chance < 0.8 ? 'user' : undefined);
        for (let step = 0; step < 6; step += 1) gateway.stepPrices();
        return;
      case 'kill':
        // Somewhere within its next steps; at the latest in three minutes, wherever it is.
        this.#process.killIn(1 + Math.floor(chance * 12));
        this.#killAt = passed + 3 * minute;
        return;
      case 'revoke':
        return gateway.revokeTokens();
      case 'clock-step':
        // Set wrong by up to a minute, and set right the next time.
        this.#clockOffBy = this.#clockOffBy === 0 ? Math.round((chance - 0.5) * 2 * minute) : 0;
        return clock.setWall(gatewayClock.now() + this.#clockOffBy);
      case 'sleep': {
        // The machine sleeps: the venue's time goes on, and the wall clock with it; the monotonic one and every timer stand still.
        const sleptMs = Math.round((3 + chance * 17) * minute);
        gatewayClock.advance(sleptMs);
        clock.setWall(gatewayClock.now() + this.#clockOffBy);
        return;
      }
      case 'throttle':
        return this.#strike('burst of 429', { count: 20, fault: { kind: 'status', status: 429 } });
      case 'roll':
        return void gateway.rollContract('MNQ');
    }
  }

  /** Nothing goes wrong any more; what is open ends, and both sides are compared. */
  async #settle(): Promise<string[]> {
    const { gateway } = this.#world;
    for (const name of this.#faults.keys()) this.#countStruck(name);
    const failures: string[] = [];
    for (let tries = 0; !this.#process.isUp && tries < 20; tries += 1) {
      if (await this.#process.start()) this.#startAt = undefined;
      await this.#world.pass(10 * second, stepMs);
    }
    await this.#world.pass(5 * minute, second);
    if (!(await this.#letFill())) failures.push('orders at the market do not come to fill');
    gateway.dropHubs('user');
    await this.#world.pass(2 * minute, second);
    for (const [index, broker] of this.#process.brokers.entries()) {
      const account = [practice, combine][index] ?? practice;
      this.#bots[index]?.ledger.askAgain(broker);
      const venue = stateAtVenue(gateway, account.id);
      const own = await this.#world.during(stateOfBroker(broker)).catch((error: unknown) => String(error));
      if (JSON.stringify(own) !== JSON.stringify(venue)) failures.push(`${account.name}: the state is ${JSON.stringify(own)}, the venue has ${JSON.stringify(venue)}`);
      const open = broker.intents({ open: true }).filter(({ outcome }) => !(outcome?.kind === 'unknown' && outcome.final));
      if (open.length > 0) failures.push(`${account.name}: ${open.length} intents are open in the end: ${open.map(({ clientOrderId }) => clientOrderId).join(', ')}`);
    }
    if (this.#process.brokers.length !== 2) failures.push('the process does not start');
    failures.push(...protectionFaults(gateway, practice.id), ...(await forgottenProtections(this.#folder, gateway, practice)));
    this.#venue.take(gateway);
    return failures;
  }

  /** What goes at the market fills on as prices move, and what protects an entry rightly counts on it: nothing is at rest before. */
  async #letFill(): Promise<boolean> {
    const { gateway } = this.#world;
    for (let round = 0; round < 20; round += 1) {
      if (!isFilling(gateway)) return true;
      for (let step = 0; step < 60 && isFilling(gateway); step += 1) {
        gateway.stepPrices();
        await this.#world.pass(second, fineStepMs);
      }
      // A fill may make a broker close or take back something.
      await this.#world.pass(minute, second);
    }
    return false;
  }

  #report(failures: string[], unhandled: readonly unknown[], logins: number, startedAt: number): SoakReport {
    const claims = this.#bots.map(({ ledger }) => ledger.faults(this.#venue));
    const total = (of: 'lost' | 'falseFailures' | 'unsettled'): number => claims.reduce((sum, fault) => sum + fault[of].length, 0);
    for (const of of ['lost', 'falseFailures', 'unsettled'] as const) if (total(of) > 0) failures.push(`${of}: ${claims.flatMap((fault) => fault[of]).slice(0, 5).join(', ')}`);
    // A leg's tag is made from its entry's; what else is there was never called for.
    const known = new Set(this.#bots.map(({ ledger }) => ledger));
    const strays = [...this.#venue.tags()].filter((key) => {
      const [account = '', tag = ''] = key.split(' ');
      const entry = tag.replace(/(?:_[st]\d+|-(?:sl|tp))$/, '');
      return ![...known].some((ledger) => String(ledger.accountId) === account && ledger.has(entry));
    });
    if (strays.length > 0) failures.push(`orders that nobody called for: ${strays.slice(0, 5).join(', ')}`);
    const { duplicates } = this.#venue;
    if (duplicates > 0) failures.push(`${duplicates} tags have more than one order`);
    if (unhandled.length > 0) failures.push(`unhandled rejections: ${unhandled.slice(0, 3).map(String).join('; ')}`);
    const errors = this.#bots.flatMap((bot) => bot.errors);
    if (errors.length > 0) failures.push(`the bots met: ${errors.slice(0, 3).map(String).join('; ')}`);
    const [early, late] = [mean(this.#heap.filter(({ at }) => at >= 0.25 && at <= 0.5)), mean(this.#heap.filter(({ at }) => at >= 0.8))];
    if (this.#run.days >= leastDaysForHeap && late / early > 1.1) failures.push(`the heap grew from ${early.toFixed(1)} to ${late.toFixed(1)} MB`);
    const { counts } = this.#process;
    return {
      seed: this.#run.seed,
      days: this.#run.days,
      wallSeconds: this.#run.seconds() - startedAt,
      placed: this.#bots.reduce((sum, { ledger }) => sum + ledger.count, 0),
      venueOrders: this.#venue.count,
      outcomes: sums(this.#bots.map(({ ledger }) => ledger.outcomes)),
      executors: sums(this.#bots.map(({ ledger }) => ledger.executors)),
      kills: counts.kills,
      starts: counts.starts,
      failedStarts: counts.failedStarts,
      hubDrops: this.#struck['hub-drop'],
      logins,
      revocations: this.#struck.revoke,
      clockSteps: this.#struck['clock-step'],
      sleeps: this.#struck.sleep,
      rolls: this.#struck.roll,
      faultsStruck: this.#faultsStruck,
      events: Object.fromEntries(counts.events),
      ramps: this.#process.brokers.map((broker) => rampText(broker)),
      duplicates,
      lost: total('lost'),
      falseFailures: total('falseFailures'),
      unsettled: total('unsettled'),
      heapEarlyMb: early,
      heapLateMb: late,
      heapRatio: late / early,
      unhandledRejections: unhandled.length,
      failures,
    };
  }
}

function rampText(broker: Broker<'fast' | 'fallback'>): string {
  const { weights, ramp, latches } = broker.metrics().rollout;
  const { state } = ramp ?? {};
  return `fast ${weights.fast} %${state?.is === 'running' ? `, running at ${state.percent} % after ${state.setbacks} setbacks` : ''}${latches.length > 0 ? `, ${latches.length} latches` : ''}`;
}

function mean(samples: readonly { readonly mb: number }[]): number {
  return samples.reduce((sum, { mb }) => sum + mb, 0) / samples.length;
}

function sums(counts: readonly ReadonlyMap<string, number>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const count of counts) for (const [name, number] of count) all[name] = (all[name] ?? 0) + number;
  return all;
}
