import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gateway, ManualGatewayClock } from '@hotpath/gateway-sim';
import { manualGatewayClock, startGateway } from '@hotpath/gateway-sim';
import { seededChance } from '../faults/seeded-chance.ts';
import { mondayMorning } from '../world/simulated-world.ts';
import { checkClaims } from './check-claims.ts';
import { isFilling, protectionFaults, stateAtVenue } from './final-state.ts';
import { forgottenProtections } from './forgotten-protections.ts';
import { heldMb } from './heap.ts';
import { readNotedErrors } from './noted-errors.ts';
import { OrderLedger } from './order-ledger.ts';
import { practice, soakAccounts } from './soak-accounts.ts';
import { soakFiles } from './soak-files.ts';
import type { SoakReport } from './soak-report.ts';
import { Supervisor } from './supervisor.ts';
import type { PlannedTrouble, Trouble } from './trouble.ts';
import { planTroubles } from './trouble.ts';
import { TroubledVenue } from './troubled-venue.ts';
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
  const clock = manualGatewayClock(mondayMorning);
  let logins = 0;
  const gateway = await startGateway({
    clock,
    priceStepMs: 0,
    session: 'topstep',
    autoFlatten: true,
    accounts: soakAccounts.map(({ id, name, bracketMode }) => ({ id, name, bracketMode })),
    seed,
    keepHistory,
    largestFill: 2,
    // Shorter than a day, so that tokens end in processes that are killed twice a day.
    tokenLifetimeMs: 10 * hour,
    log: ({ path, status }) =>
      void (logins += /Auth\/(?:loginKey|validate)/.test(path) && status === 200 ? 1 : 0),
  });
  const soak = new Soak(gateway, clock, folder, { seed, days, progress, seconds });
  try {
    return await soak.run(() => logins, startedAt);
  } finally {
    await soak.end();
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  }
}

class Soak {
  readonly #gateway: Gateway;
  readonly #folder: string;
  readonly #run: SoakRun;
  readonly #supervisor: Supervisor;
  readonly #troubledVenue: TroubledVenue;
  readonly #venue = new VenueLedger();
  readonly #troubles: PlannedTrouble[];
  readonly #befallen: Record<Trouble, number> = {
    'hub-drop': 0,
    kill: 0,
    revoke: 0,
    'clock-step': 0,
    sleep: 0,
    throttle: 0,
    roll: 0,
  };
  readonly #heap: { readonly at: number; readonly mb: number }[] = [];
  #isClockWrong = false;

  constructor(gateway: Gateway, clock: ManualGatewayClock, folder: string, run: SoakRun) {
    this.#gateway = gateway;
    this.#folder = folder;
    this.#run = run;
    this.#supervisor = new Supervisor(
      gateway,
      clock,
      folder,
      run.seed,
      seededChance(run.seed, 'week'),
    );
    this.#troubledVenue = new TroubledVenue(gateway, run.seed);
    this.#troubles = planTroubles(run.seed, run.days);
  }

  async run(logins: () => number, startedAt: number): Promise<SoakReport> {
    const { days, progress } = this.#run;
    const supervisor = this.#supervisor;
    const end = days * day;
    const next = { price: 0, act: minute, read: readVenueEveryMs, heap: 6 * hour, hour };
    for (let passed = 0; passed < end; passed += stepMs) {
      await supervisor.pass(stepMs, stepMs);
      await supervisor.keepUp(passed);
      if (passed >= next.price) {
        next.price += priceEveryMs;
        this.#gateway.stepPrices();
        await supervisor.pass(second, fineStepMs);
      }
      if (passed >= next.act) {
        next.act += actEveryMs;
        await supervisor.process.order({ say: 'act' });
        await supervisor.pass(second, fineStepMs);
      }
      for (
        let trouble = this.#troubles[0];
        trouble && trouble.at <= passed;
        trouble = this.#troubles[0]
      ) {
        this.#troubles.shift();
        await this.#befall(trouble, passed);
        await supervisor.pass(second, fineStepMs);
      }
      if (passed >= next.read) {
        next.read += readVenueEveryMs;
        this.#venue.take(this.#gateway);
      }
      if (passed >= next.heap) {
        next.heap += 2 * hour;
        const mb = supervisor.process.isUp ? await supervisor.process.heapMb() : undefined;
        if (mb !== undefined) this.#heap.push({ at: passed / end, mb: mb + heldMb() });
      }
      if (passed >= next.hour) {
        next.hour += hour;
        progress?.(passed / hour);
      }
    }
    const { failures, ramps } = await this.#settle();
    await supervisor.close();
    return this.#report(failures, ramps, logins(), startedAt);
  }

  /** Whatever happened, no process is left. */
  end(): Promise<void> {
    return this.#supervisor.process.kill();
  }

  async #befall({ what, chance }: PlannedTrouble, passed: number): Promise<void> {
    this.#befallen[what] += 1;
    switch (what) {
      case 'hub-drop':
        return this.#troubledVenue.dropHubs(chance);
      case 'kill':
        return this.#supervisor.dieIn(1 + Math.floor(chance * 12), passed);
      case 'revoke':
        return this.#gateway.revokeTokens();
      case 'clock-step':
        // Set wrong by up to a minute, and set right the next time.
        this.#isClockWrong = !this.#isClockWrong;
        return this.#supervisor.setClockOffBy(
          this.#isClockWrong ? Math.round((chance - 0.5) * 2 * minute) : 0,
        );
      case 'sleep':
        return this.#supervisor.sleep(Math.round((3 + chance * 17) * minute));
      case 'throttle':
        return this.#troubledVenue.throttle();
      case 'roll':
        return void this.#gateway.rollContract('MNQ');
    }
  }

  /** Nothing goes wrong any more; what is open ends, and both sides are compared. */
  async #settle(): Promise<{ readonly failures: string[]; readonly ramps: readonly string[] }> {
    const gateway = this.#gateway;
    const supervisor = this.#supervisor;
    this.#troubledVenue.recover();
    // A death that was due still comes.
    await supervisor.keepUp(Infinity);
    const failures: string[] = [];
    for (let tries = 0; !supervisor.process.isUp && tries < 20; tries += 1) {
      await supervisor.start();
      await supervisor.pass(10 * second, stepMs);
    }
    await supervisor.pass(5 * minute, second);
    if (!(await this.#letFill())) failures.push('orders at the market do not come to fill');
    gateway.dropHubs('user');
    await supervisor.pass(2 * minute, second);
    const reports = await supervisor.reports();
    if (reports.length !== soakAccounts.length) failures.push('the process does not start');
    reports.forEach(({ state, open }, index) => {
      const { id, name } = soakAccounts[index] ?? practice;
      const venue = stateAtVenue(gateway, id);
      if (JSON.stringify(state) !== JSON.stringify(venue))
        failures.push(
          `${name}: the state is ${JSON.stringify(state)}, the venue has ${JSON.stringify(venue)}`,
        );
      if (open.length > 0)
        failures.push(`${name}: ${open.length} intents are open in the end: ${open.join(', ')}`);
    });
    failures.push(
      ...protectionFaults(gateway, practice.id),
      ...(await forgottenProtections(
        soakFiles.journal(this.#folder, practice),
        gateway,
        practice.id,
      )),
    );
    this.#venue.take(gateway);
    return { failures, ramps: reports.map(({ ramp }) => ramp) };
  }

  /** What goes at the market fills on as prices move, and what protects an entry rightly counts on it: nothing is at rest before. */
  async #letFill(): Promise<boolean> {
    const gateway = this.#gateway;
    for (let round = 0; round < 20; round += 1) {
      if (!isFilling(gateway)) return true;
      for (let step = 0; step < 60 && isFilling(gateway); step += 1) {
        gateway.stepPrices();
        await this.#supervisor.pass(second, fineStepMs);
      }
      // A fill may make a broker close or take back something.
      await this.#supervisor.pass(minute, second);
    }
    return false;
  }

  #report(
    failures: string[],
    ramps: readonly string[],
    logins: number,
    startedAt: number,
  ): SoakReport {
    const ledgers = soakAccounts.map(
      (account) => new OrderLedger(account.id, soakFiles.told(this.#folder, account)),
    );
    const claims = checkClaims(ledgers, this.#venue);
    failures.push(...claims.failures);
    const { duplicates } = this.#venue;
    if (duplicates > 0) failures.push(`${duplicates} tags have more than one order`);
    const { met, unhandledRejections } = readNotedErrors(soakFiles.errors(this.#folder));
    if (unhandledRejections.length > 0)
      failures.push(`unhandled rejections: ${unhandledRejections.slice(0, 3).join('; ')}`);
    if (met.length > 0) failures.push(`the bots met: ${met.slice(0, 3).join('; ')}`);
    const { counts, ends } = this.#supervisor.process;
    if (ends.length > 0) failures.push(`processes ended by themselves: ${ends.join('; ')}`);
    // Whatever died that nobody killed died of itself.
    if (counts.kills !== this.#befallen.kill)
      failures.push(`${counts.kills} processes were killed, not ${this.#befallen.kill}`);
    const [early, late] = [
      mean(this.#heap.filter(({ at }) => at >= 0.25 && at <= 0.5)),
      mean(this.#heap.filter(({ at }) => at >= 0.8)),
    ];
    if (this.#run.days >= leastDaysForHeap && late / early > 1.1)
      failures.push(`the heap grew from ${early.toFixed(1)} to ${late.toFixed(1)} MB`);
    return {
      seed: this.#run.seed,
      days: this.#run.days,
      wallSeconds: this.#run.seconds() - startedAt,
      placed: ledgers.reduce((sum, { count }) => sum + count, 0),
      venueOrders: this.#venue.count,
      outcomes: sums(ledgers.map(({ outcomes }) => outcomes)),
      executors: sums(ledgers.map(({ executors }) => executors)),
      kills: counts.kills,
      starts: counts.starts,
      failedStarts: counts.failedStarts,
      hubDrops: this.#befallen['hub-drop'],
      logins,
      revocations: this.#befallen.revoke,
      clockSteps: this.#befallen['clock-step'],
      sleeps: this.#befallen.sleep,
      rolls: this.#befallen.roll,
      faultsStruck: this.#troubledVenue.struck,
      events: Object.fromEntries(counts.events),
      ramps,
      duplicates,
      ...claims.totals,
      heapEarlyMb: early,
      heapLateMb: late,
      heapRatio: late / early,
      unhandledRejections: unhandledRejections.length,
      failures,
    };
  }
}

function mean(samples: readonly { readonly mb: number }[]): number {
  return samples.reduce((sum, { mb }) => sum + mb, 0) / samples.length;
}

function sums(counts: readonly ReadonlyMap<string, number>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const count of counts)
    for (const [name, number] of count) all[name] = (all[name] ?? 0) + number;
  return all;
}
