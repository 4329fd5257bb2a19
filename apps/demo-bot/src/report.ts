import type { ExecutorReport, OperationReport } from '@hotpath/core';
import type { Ledger } from './ledger.ts';
import type { ExecutorKey } from './rollout-steps.ts';
import type { VenueCheck } from './venue-check.ts';

const operations = ['place', 'modify', 'cancel'] as const;
const keys: readonly ExecutorKey[] = ['fast', 'fallback'];
type Executors = Record<ExecutorKey, ExecutorReport>;

interface Latency {
  readonly count: number;
  readonly p50Us: number | null;
  readonly p95Us: number | null;
  readonly p99Us: number | null;
}

function latencyOf(report: OperationReport | undefined): Latency {
  const { p50Us = null, p95Us = null, p99Us = null } = report?.latency ?? {};
  return { count: report?.count ?? 0, p50Us, p95Us, p99Us };
}

/** Median of the fallback over the median of the fast executor, each over its own orders of this run; null without orders on both. */
function ratioOf(executors: Executors, operation: (typeof operations)[number]): number | null {
  const [fast, fallback] = keys.map((key) => executors[key].operations[operation]?.latency?.p50Us);
  return fast === undefined || fallback === undefined
    ? null
    : Math.round((fallback / fast) * 100) / 100;
}

export function jsonReport(ledger: Ledger, executors: Executors, venue: VenueCheck): object {
  const { accepted, rejected, 'not-sent': notSent, unknown } = ledger.outcomes;
  const perOperation = <Value>(
    value: (operation: (typeof operations)[number]) => Value,
  ): Record<string, Value> =>
    Object.fromEntries(operations.map((operation) => [operation, value(operation)]));
  return {
    orders: ledger.orders,
    outcomes: { accepted, rejected, notSent, unknown },
    executors: Object.fromEntries(
      keys.map((key) => [
        key,
        perOperation((operation) => latencyOf(executors[key].operations[operation])),
      ]),
    ),
    ratio: perOperation((operation) => ratioOf(executors, operation)),
    venue,
  };
}

/** The table of executors and operations, as lines. */
export function tableLines(executors: Executors): string[] {
  const cells = (name: string, ...values: readonly (string | number | null)[]): string =>
    name.padEnd(20) + values.map((value) => String(value ?? '–').padStart(10)).join('');
  const lines = [cells('microseconds', 'count', 'p50', 'p95', 'p99', 'ratio')];
  for (const operation of operations) {
    for (const key of keys) {
      const { count, p50Us, p95Us, p99Us } = latencyOf(executors[key].operations[operation]);
      lines.push(
        cells(
          `${operation} ${key}`,
          count,
          p50Us,
          p95Us,
          p99Us,
          key === 'fallback' ? `${ratioOf(executors, operation) ?? '–'}×` : '',
        ),
      );
    }
  }
  return lines;
}

export function closingLines(ledger: Ledger, venue: VenueCheck): string[] {
  const { placed, modified, cancelled } = ledger.orders;
  const { accepted, rejected, 'not-sent': notSent, unknown } = ledger.outcomes;
  return [
    `orders    ${placed} placed, ${modified} modified, ${cancelled} cancelled`,
    `outcomes  ${accepted} accepted, ${rejected} rejected, ${notSent} not sent, ${unknown} unknown`,
    `venue     ${venue.orders} orders on record, ${venue.duplicates} duplicates, ${venue.missing} missing, ${venue.contradicted} contradicted`,
  ];
}
