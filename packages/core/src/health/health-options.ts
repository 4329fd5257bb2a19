import * as z from 'zod';
import type { TrippedPolicy } from '../router/executor-roster.ts';

/** What is done when every executor that could deliver is tripped. */
export interface WhenAllTripped {
  /** Places, and modifies that may raise a size. Default `refuse`: they are `not-sent` `EXECUTORS_TRIPPED`. */
  readonly entries?: TrippedPolicy | undefined;
  /** Cancels, closes, reduces, and modifies that leave the size. Default `use-last`: the last executor in order delivers them all the same. */
  readonly exits?: TrippedPolicy | undefined;
}

/** When an executor is taken out of use for an operation, and how it comes back. */
export interface HealthOptions {
  /** Failures in a row that trip. Default 5; 0 = never. */
  readonly failuresInRow?: number | undefined;
  /** Percent of failures in the window that trips. Default 50; 0 = never. */
  readonly failurePercent?: number | undefined;
  /** Deliveries the window must hold before its share counts, and the most it looks at. Default 20. */
  readonly minimumDeliveries?: number | undefined;
  /** Milliseconds a delivery counts. Default 60,000. */
  readonly windowMs?: number | undefined;
  /** Milliseconds an executor may hold a request before its write; a delivery held longer counts as failed. Default 1,000; 0 = no limit. */
  readonly slowestWriteMs?: number | undefined;
  /** Milliseconds until the first probe; doubled each time it fails. Default 5,000. */
  readonly probeAfterMs?: number | undefined;
  /** Longest time between two tries, in milliseconds. Default 300,000. */
  readonly probeAtMostEveryMs?: number | undefined;
  /** Reads in a row that must be answered before orders come back. Default 2. */
  readonly goodProbes?: number | undefined;
}

export type HealthSettings = { readonly [Name in keyof HealthOptions]-?: number };

export const defaultHealth: HealthSettings = {
  failuresInRow: 5,
  failurePercent: 50,
  minimumDeliveries: 20,
  windowMs: 60_000,
  slowestWriteMs: 1_000,
  probeAfterMs: 5_000,
  probeAtMostEveryMs: 300_000,
  goodProbes: 2,
};

const count = (least: number): z.ZodOptional<z.ZodNumber> => z.number().int().min(least).optional();

export const healthSchema: z.ZodType<HealthOptions> = z.strictObject({
  failuresInRow: count(0).describe('Failures in a row that trip; default 5, 0 = never'),
  failurePercent: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe('Percent of failures in the window that trips; default 50, 0 = never'),
  minimumDeliveries: count(1).describe('Deliveries before the share counts; default 20'),
  windowMs: count(1).describe('Milliseconds a delivery counts; default 60000'),
  slowestWriteMs: count(0).describe(
    'Milliseconds an executor may hold a request before its write; default 1000, 0 = no limit',
  ),
  probeAfterMs: count(1).describe(
    'Milliseconds until the first probe, doubled each time it fails; default 5000',
  ),
  probeAtMostEveryMs: count(1).describe(
    'Longest time between two tries in milliseconds; default 300000',
  ),
  goodProbes: count(1).describe(
    'Reads in a row that must be answered before orders come back; default 2',
  ),
});

export function healthSettings(options: HealthOptions | undefined): HealthSettings {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return { ...defaultHealth, ...Object.fromEntries(given) };
}

const policy = z.enum(['refuse', 'use-last']).optional();

export const whenAllTrippedSchema: z.ZodType<WhenAllTripped> = z.strictObject({
  entries: policy.describe('Places, and modifies that may raise a size; default refuse'),
  exits: policy.describe('Cancels, closes, reduces and other modifies; default use-last'),
});
