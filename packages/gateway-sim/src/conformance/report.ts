import type { Mark, Part } from './check.ts';
import { unanswered } from './unanswered.ts';

export type Verdict = 'same' | 'different' | 'unknown';

/** One line of the table. */
export interface CheckedLine {
  readonly name: string;
  readonly asks: string;
  /** What the simulator does. */
  readonly expected: string;
  /** How sure that was before this run. */
  readonly mark: Mark;
  /** What the gateway did; with `unknown`, why it showed nothing. */
  readonly seen: string;
  readonly verdict: Verdict;
}

/** What a run has shown; holds no secret, no name and no number of an account or an order. */
export interface ConformanceReport {
  readonly version: 1;
  /** The gateway's address, without a path. */
  readonly gateway: string;
  /** UTC, to the minute. */
  readonly at: string;
  readonly parts: readonly Part[];
  /** The root of the contract that was looked at. */
  readonly symbol: string;
  readonly checks: readonly CheckedLine[];
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly requests: number;
  /** Milliseconds. */
  readonly measured: Readonly<Record<string, number>>;
  /** A 429 that was met: whether it has a body, and which headers of its own. */
  readonly throttled: string | undefined;
  /** Why the run ended before its end. */
  readonly stopped: string | undefined;
  /** Begins the tags of what may still work at the gateway, though it was tried to cancel it. */
  readonly left: string | undefined;
  /** Contracts that an order of the run has bought, though it was far from the market. */
  readonly filled: number;
  readonly unanswered: typeof unanswered;
}

export function countsOf(checks: readonly CheckedLine[]): Record<Verdict, number> {
  const counts = { same: 0, different: 0, unknown: 0 };
  for (const { verdict } of checks) counts[verdict] += 1;
  return counts;
}

/** 0: nothing differs. 1: something does. 2: the run did not come to its end, or left an order or a position. */
export function exitCodeOf({
  stopped,
  left,
  filled,
  counts,
}: Pick<ConformanceReport, 'stopped' | 'left' | 'filled' | 'counts'>): 0 | 1 | 2 {
  if (stopped !== undefined || left !== undefined || filled > 0) return 2;
  return counts.different > 0 ? 1 : 0;
}

const widest = 46;

/** The table for a terminal; what differs is written out below it. */
export function tableOf(report: ConformanceReport): string {
  const { checks, counts, measured, throttled, stopped, left, filled, requests, symbol } = report;
  const rows = checks.map(({ name, asks, expected, mark, seen, verdict }) => [
    verdict === 'different' ? 'DIFFERENT' : verdict,
    name,
    asks,
    `${mark}  ${cut(expected)}`,
    cut(seen),
  ]);
  const head = ['', 'check', 'what', 'expected (how sure)', 'seen'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const differences = checks.filter(({ verdict }) => verdict === 'different');
  return [
    line(head),
    ...rows.map(line),
    '',
    ...differences.flatMap(({ name, asks, expected, mark, seen }) => [
      `${name}: ${asks}`,
      `  the simulator (${mark}): ${expected}`,
      `  the gateway:      ${seen}`,
    ]),
    ...(differences.length > 0 ? [''] : []),
    ...Object.entries(measured).map(([name, milliseconds]) => `${name}: ${milliseconds} ms`),
    ...(throttled === undefined ? [] : [`429: ${throttled}`]),
    ...(stopped === undefined ? [] : [`The run ended early: ${stopped}.`]),
    ...(left === undefined
      ? []
      : [
          `AN ORDER MAY STILL WORK: it could not be seen that none does. Look for tags that begin with ${left} on the platform, and cancel what has one.`,
        ]),
    ...(filled === 0
      ? []
      : [
          `AN ORDER HAS FILLED: ${filled} of ${symbol} bought, though it was 5 % below the market. Close what you do not want.`,
        ]),
    'Such calls do not tell:',
    ...report.unanswered.map(({ question, because }) => `  ${question} (${because})`),
    `${counts.same} same, ${counts.different} different, ${counts.unknown} unknown; ${requests} requests`,
  ].join('\n');
}

function cut(text: string): string {
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

export { unanswered };
