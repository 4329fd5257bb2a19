import type { SparseWindow } from './ramp-windows.ts';

/** What the journal keeps of a ramp, so that a later process goes on where an earlier one was. */
export interface RampMemory {
  /** The step reached; at zero, the one that begins again. */
  readonly percent: number;
  /** Wall milliseconds. */
  readonly since: number;
  readonly setbacks: number;
  /** The highest step that a bad verdict ended. */
  readonly fellFrom: number;
  readonly zero: { readonly because: string; readonly reenterAt: number | undefined } | undefined;
  /** Deliveries of its executor on this step, in windows that have closed. */
  readonly samples: number;
  /** The last windows that closed on this step, oldest first. */
  readonly windows: readonly SparseWindow[];
}
