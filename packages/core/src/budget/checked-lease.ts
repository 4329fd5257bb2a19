import type { RateLimit } from '../capabilities.ts';
import { holdMs } from './hold-ms.ts';

/** A lease as a process may spend it. */
export interface CheckedLease {
  readonly general: number;
  readonly reserve: number;
  readonly validMs: number;
  readonly keeper: string;
  readonly heldForMs: number;
  readonly used: number | undefined;
  readonly processes: number | undefined;
  readonly keptBy: string | undefined;
}

/** Milliseconds for which a lease may be spent at the most: whoever lends is asked again before, and an account that has been lost is not spent from for ever. */
const longestValidMs = 10_000;
const mostProcesses = 1_000;
const longestName = 200;

/** A source is somebody else's code, or somebody else's process: what it lends is taken within bounds, and what it got wrong is named. `lease` is undefined when nothing of it can be used. */
export function checkedLease(
  given: unknown,
  wanted: { readonly general: number; readonly reserve: number },
  limit: RateLimit,
): { readonly lease: CheckedLease | undefined; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const fields =
    typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
  const number = (name: string): number | undefined => {
    const value = fields[name];
    if (typeof value === 'number' && value >= 0) return value;
    faults.push(`${name} is ${shown(value)}, must be a number of at least 0`);
    return undefined;
  };
  const lent = (name: 'general' | 'reserve'): number | undefined => {
    const value = number(name);
    if (value !== undefined && value > wanted[name])
      faults.push(`${name} is ${value}, and ${wanted[name]} were wanted`);
    // safeguard: no more is taken of a lease than was wanted
    return value === undefined ? undefined : Math.floor(Math.min(value, wanted[name]));
  };
  const [general, reserve, validMs] = [lent('general'), lent('reserve'), number('validMs')];
  const { keeper } = fields;
  if (typeof keeper !== 'string' || keeper.length > longestName)
    faults.push(`keeper is ${shown(keeper)}, must be a text of at most ${longestName} characters`);
  const heldForMs = number('heldForMs') ?? 0;
  if (validMs === Number.POSITIVE_INFINITY) faults.push('validMs is Infinity');
  if (
    general === undefined ||
    reserve === undefined ||
    validMs === undefined ||
    typeof keeper !== 'string' ||
    keeper.length > longestName
  )
    return { lease: undefined, faults };
  const { used, processes, keptBy } = fields;
  return {
    lease: {
      general,
      reserve,
      // safeguard: no lease is for ever
      validMs: Math.min(validMs, longestValidMs, limit.windowMs),
      keeper,
      heldForMs: holdMs(heldForMs, 0),
      used: typeof used === 'number' && used >= 0 ? Math.min(used, limit.requests) : undefined,
      processes:
        typeof processes === 'number' && processes >= 1
          ? Math.min(Math.floor(processes), mostProcesses)
          : undefined,
      keptBy: typeof keptBy === 'string' ? keptBy.slice(0, longestName) : undefined,
    },
    faults,
  };
}

function shown(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value.slice(0, 50))
    : typeof value === 'object' && value !== null
      ? 'an object'
      : String(value);
}
