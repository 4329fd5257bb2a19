import { Breaker } from '../health/breaker.ts';
import { healthSettings } from '../health/health-options.ts';
import type { RampSample } from './arm-tally.ts';
import { Ramp } from './ramp.ts';
import type { GuardName } from './guards.ts';
import type { RampMove, RolloutCause } from './ramp.ts';
import type { RampConfig } from './ramp-config.ts';
import { rampPlan } from './ramp-plan.ts';
import type { Random } from '../random.ts';
import type { RoutingSnapshot } from '../routing/routing-snapshot.ts';
import { compileRouting } from '../routing/routing-snapshot.ts';

/** How one executor behaves in a simulation. Each is asked once for every order it gets. */
export interface SimulatedArm {
  /** Microseconds of client overhead. */
  readonly overheadUs: (random: Random, at: number) => number;
  /** Microseconds from the call to the end of the answer. */
  readonly totalUs: (random: Random, at: number) => number;
  /** Part of orders, of 1, that are written and never answered. */
  readonly unknown: number;
  /** Part of orders, of 1, that bring hard evidence. Default 0. */
  readonly contradicted?: number | undefined;
}

/** One virtual rollout. */
export interface RampSimulation {
  readonly ramp: RampConfig<'fast'>;
  readonly fast: SimulatedArm;
  readonly fallback: SimulatedArm;
  /** Evenly spread. */
  readonly ordersPerDay: number;
  readonly random: Random;
  /** Names this run: the same name and random numbers give the same run. */
  readonly salt: string;
  /** Orders after which it ends undecided. */
  readonly mostOrders: number;
  /** `move`: when the share first falls. `top`: when it reaches its last step, or falls. */
  readonly until: 'move' | 'top';
}

/** What became of it. */
export interface SimulatedRamp {
  /** The fall that ended it; undefined when it did not fall. */
  readonly fall:
    | {
        readonly cause: RolloutCause;
        readonly because: string;
        readonly guard: GuardName | undefined;
      }
    | undefined;
  /** The highest step. */
  readonly reached: number;
  /** Orders of the bot until the end, and how many of them the ramp's executor got. */
  readonly orders: number;
  readonly exposed: number;
  readonly days: number;
}

const dayMs = 86_400_000;

/** Runs the routing, breaker and ramp that brokers use through virtual days, order by order, without a clock. For trying guards before a bot does. */
export function simulateRamp({
  ramp: config,
  fast,
  fallback,
  ordersPerDay,
  random,
  salt,
  mostOrders,
  until,
}: RampSimulation): SimulatedRamp {
  const table = { version: 1, salt, default: { fast: 100, fallback: 0 } } as const;
  const tableAt = (percent: number): RoutingSnapshot<'fast' | 'fallback'> =>
    compileRouting<'fast' | 'fallback'>(table, new Map([['fast', percent]]));
  const ramp = new Ramp(rampPlan(config), 0);
  const breaker = new Breaker(healthSettings(undefined));
  const last = config.steps.at(-1);
  let routing = tableAt(ramp.percent);
  let exposed = 0;
  for (let order = 1; order <= mostOrders; order += 1) {
    const now = (order * dayMs) / ordersPerDay;
    const isFast = routing.assign('place', { clientOrderId: `o${order}` }).executor === 'fast';
    if (isFast) exposed += 1;
    const sample = delivered(isFast ? fast : fallback, random, now);
    if (random() < ((isFast ? fast : undefined)?.contradicted ?? 0)) {
      const fall = ramp.latch('Hard evidence.', now);
      return {
        fall: fallOf(fall),
        reached: fall.fromPercent,
        orders: order,
        exposed,
        days: now / dayMs,
      };
    }
    const because = isFast ? breaker.record(sample.end !== 'answered', 'TIMEOUT', now) : undefined;
    const move =
      ramp.take(isFast ? 'ramp' : 'control', sample, now, 100).move ??
      (because === undefined ? undefined : ramp.tripped(because, now));
    if (!move) continue;
    const end = {
      reached: Math.max(move.fromPercent, move.toPercent),
      orders: order,
      exposed,
      days: now / dayMs,
    };
    if (move.toPercent < move.fromPercent) return { fall: fallOf(move), ...end };
    if (until === 'top' && move.toPercent === last) return { fall: undefined, ...end };
    routing = tableAt(ramp.percent);
  }
  return {
    fall: undefined,
    reached: ramp.percent,
    orders: mostOrders,
    exposed,
    days: mostOrders / ordersPerDay,
  };
}

function fallOf({ cause, because, verdict }: RampMove): SimulatedRamp['fall'] {
  return { cause, because, guard: verdict?.guard };
}

function delivered(arm: SimulatedArm, random: Random, at: number): RampSample {
  const overheadUs = arm.overheadUs(random, at);
  if (random() < arm.unknown) return { end: 'unknown', overheadUs, totalUs: undefined };
  return { end: 'answered', overheadUs, totalUs: arm.totalUs(random, at) };
}
