import type { Contract } from '../contract.ts';
import { decimalText } from '../decimal-text.ts';
import { alignToTick, nearestTicks, priceOfTicks } from '../tick.ts';
import type { FieldProblem } from './field-problem.ts';
import { invalid, shown } from './field-problem.ts';

/** The largest quantity a venue's 32-bit field holds. */
const largestQuantity = 2_147_483_647;

export function quantityProblem(value: unknown): FieldProblem | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= largestQuantity) return undefined;
  return invalid('quantity', `is ${shown(value)}, must be a whole number of contracts, 1 or more`);
}

/** The exact price on the tick, or what is wrong. */
export function exactPrice(field: string, value: unknown, contract: Contract): number | FieldProblem {
  if (typeof value !== 'number' || !Number.isFinite(value)) return invalid(field, `is ${shown(value)}, must be a price as a number`);
  if (value <= 0) return invalid(field, `is ${shown(value)}, must be above 0`);
  const exact = alignToTick(value, contract.tickSize);
  if (exact !== undefined) return exact;
  const { tickSize, name } = contract;
  const nearest = nearestTicks(value, tickSize);
  const below = priceOfTicks(nearest, tickSize) > value ? nearest - 1 : nearest;
  const neighbours = `${decimalText(priceOfTicks(below, tickSize))} or ${decimalText(priceOfTicks(below + 1, tickSize))}`;
  return invalid(field, `is ${decimalText(value)}, between the ticks of ${name} (${decimalText(tickSize)})`, `Use ${neighbours}.`);
}

/** What every mutation may carry beside its own fields. */
export function optionsProblem(options: { readonly strategy?: unknown; readonly deadlineMs?: unknown; readonly signal?: unknown; readonly dryRun?: unknown }): FieldProblem | undefined {
  const { strategy, deadlineMs, signal, dryRun } = options;
  if (strategy !== undefined && (typeof strategy !== 'string' || strategy === '')) return invalid('strategy', `is ${shown(strategy)}, must be a name`);
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && deadlineMs > 0)) return invalid('deadlineMs', `is ${shown(deadlineMs)}, must be milliseconds above 0`);
  if (signal !== undefined && !(signal instanceof AbortSignal)) return invalid('signal', `is ${shown(signal)}, must be an AbortSignal`);
  if (dryRun !== undefined && typeof dryRun !== 'boolean') return invalid('dryRun', `is ${shown(dryRun)}, must be true or false`);
  return undefined;
}

export const optionFields = ['strategy', 'deadlineMs', 'signal', 'dryRun'] as const;
