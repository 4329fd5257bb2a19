import { isAbortSignal } from '../abort-signal.ts';
import type { Contract } from '../contract.ts';
import { decimalText } from '../decimal-text.ts';
import { alignToTick, nearestTicks, priceOfTicks } from '../tick.ts';
import type { FieldProblem } from './field-problem.ts';
import { invalid, shown } from './field-problem.ts';

/** The largest quantity a venue's 32-bit field holds. */
const largestQuantity = 2_147_483_647;
/** No name of a contract or a strategy is longer: what is goes into requests and into the journal. */
const longestName = 100;

export function quantityProblem(value: unknown): FieldProblem | undefined {
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 1 &&
    value <= largestQuantity
  )
    return undefined;
  return invalid('quantity', `is ${shown(value)}, must be a whole number of contracts, 1 or more`);
}

/** What is wrong with the name of a contract. */
export function symbolProblem(value: unknown): FieldProblem | undefined {
  if (typeof value === 'string' && value !== '' && value.length <= longestName) return undefined;
  return invalid(
    'symbol',
    `is ${shown(value)}, must be a root such as "MNQ", a contract name or a contract id`,
  );
}

/** The exact price on the tick, or what is wrong. */
export function exactPrice(
  field: string,
  value: unknown,
  contract: Contract,
): number | FieldProblem {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return invalid(field, `is ${shown(value)}, must be a price as a number`);
  if (value <= 0) return invalid(field, `is ${shown(value)}, must be above 0`);
  const exact = alignToTick(value, contract.tickSize);
  if (exact !== undefined) return exact;
  const { tickSize, name } = contract;
  const nearest = nearestTicks(value, tickSize);
  const below = priceOfTicks(nearest, tickSize) > value ? nearest - 1 : nearest;
  const neighbours = `${decimalText(priceOfTicks(below, tickSize))} or ${decimalText(priceOfTicks(below + 1, tickSize))}`;
  return invalid(
    field,
    `is ${decimalText(value)}, between the ticks of ${name} (${decimalText(tickSize)})`,
    `Use ${neighbours}.`,
  );
}

/** What every mutation may carry beside its own fields. */
export function optionsProblem(options: {
  readonly strategy?: unknown;
  readonly deadlineMs?: unknown;
  readonly signal?: unknown;
  readonly dryRun?: unknown;
}): FieldProblem | undefined {
  const { strategy, deadlineMs, signal, dryRun } = options;
  if (
    strategy !== undefined &&
    (typeof strategy !== 'string' || strategy === '' || strategy.length > longestName)
  )
    return invalid(
      'strategy',
      `is ${shown(strategy)}, must be a name of 1 to ${longestName} characters`,
    );
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && deadlineMs > 0))
    return invalid('deadlineMs', `is ${shown(deadlineMs)}, must be milliseconds above 0`);
  // safeguard: what only looks like a signal is refused
  if (signal !== undefined && !isAbortSignal(signal))
    return invalid('signal', `is ${shown(signal)}, must be an AbortSignal`);
  // end of safeguard
  if (dryRun !== undefined && typeof dryRun !== 'boolean')
    return invalid('dryRun', `is ${shown(dryRun)}, must be true or false`);
  return undefined;
}

export const optionFields = ['strategy', 'deadlineMs', 'signal', 'dryRun'] as const;
