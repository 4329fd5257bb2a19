import { parseArgs } from 'node:util';
import { simulateRamp } from '@hotpath/core';
import type { RolloutScenario } from './rollout-scenarios.ts';
import { rolloutScenarios } from './rollout-scenarios.ts';
import { seededChance } from './measure/seeded-chance.ts';

/** The most false rollbacks of ramps without a difference, as part of 1. */
const falseRollbacksAllowed = 0.01;

const { values } = parseArgs({
  options: {
    ramps: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const ramps = wholeNumber('ramps', values.ramps, 1);
const seed = wholeNumber('seed', values.seed, 0);

interface Result {
  readonly name: string;
  readonly rolledBackPercent: number;
  /** Orders of the bot until the rollback, over the runs that were rolled back. */
  readonly ordersP50: number | null;
  readonly ordersP95: number | null;
  /** Orders that the worse executor got until then. */
  readonly exposedP50: number | null;
  readonly exposedP95: number | null;
  readonly days: number;
  readonly claim: string;
  readonly holds: boolean;
}

const results = rolloutScenarios.flatMap((scenario, index) => {
  if (!scenario.name.includes(values.only)) return [];
  if (process.stderr.isTTY)
    process.stderr.write(`\r\u001B[K${index + 1} of ${rolloutScenarios.length}: ${scenario.name}`);
  return [resultOf(scenario, index)];
});
if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
if (values.json) console.log(JSON.stringify({ ramps, seed, results }));
else printTable(results);
if (results.some(({ holds }) => !holds)) process.exitCode = 1;

function resultOf(scenario: RolloutScenario, index: number): Result {
  const { name, kind, ramp, fast, fallback, ordersPerDay, mostOrders, within } = scenario;
  const runs = Array.from({ length: ramps }, (_, run) =>
    simulateRamp({
      ramp,
      fast,
      fallback,
      ordersPerDay,
      mostOrders,
      random: seededChance(seed + run * 7919 + index * 104_729),
      salt: `${seed} ${index} ${run}`,
      until: kind === 'same' ? 'top' : 'move',
    }),
  );
  const fallen = runs.filter(({ fall }) => fall !== undefined);
  const part = fallen.length / ramps;
  const orders = fallen.map((run) => run.orders);
  const exposed = fallen.map((run) => run.exposed);
  // What was not rolled back at all was not rolled back in time either.
  const inTime =
    runs.filter((run) => run.fall !== undefined && run.orders <= (within ?? Infinity)).length /
    ramps;
  return {
    name,
    rolledBackPercent: round(100 * part),
    ordersP50: quantile(orders, 0.5),
    ordersP95: quantile(orders, 0.95),
    exposedP50: quantile(exposed, 0.5),
    exposedP95: quantile(exposed, 0.95),
    days: Math.round(runs.reduce((sum, run) => sum + run.days, 0)),
    claim:
      kind === 'same'
        ? `false rollbacks < ${100 * falseRollbacksAllowed} %`
        : within === undefined
          ? ''
          : `95 % within ${within}`,
    holds: kind === 'same' ? part < falseRollbacksAllowed : within === undefined || inTime >= 0.95,
  };
}

function printTable(rows: readonly Result[]): void {
  const days = rows.reduce((sum, row) => sum + row.days, 0);
  console.log(
    `Default guards over ${ramps} virtual ramps a row, ${days.toLocaleString('en')} virtual days in all, seed ${seed}; 0.5 % of answers are lost in both executors. Worse ones begin at 25 %.`,
  );
  const line = (name: string, ...cells: readonly string[]): string =>
    `${name.padEnd(42)}${cells.map((cell) => cell.padStart(13)).join('')}`;
  console.log(
    line('fast executor', 'rolled back', 'orders p50', 'p95', 'exposed p50', 'p95', 'days'),
  );
  for (const row of rows) {
    const shown = (value: number | null): string =>
      value === null ? '–' : value.toLocaleString('en');
    const cells = [
      `${row.rolledBackPercent} %`,
      shown(row.ordersP50),
      shown(row.ordersP95),
      shown(row.exposedP50),
      shown(row.exposedP95),
      row.days.toLocaleString('en'),
    ];
    console.log(`${line(row.name, ...cells)}   ${row.claim}${row.holds ? '' : '  NOT MET'}`);
  }
}

function quantile(numbers: readonly number[], part: number): number | null {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  console.error(`--${name}: is "${text}", must be a whole number, ${least} or more`);
  process.exit(2);
}
