import * as z from 'zod';
import { durationMs } from './duration.ts';
import type { RampConfig } from './ramp-config.ts';
import { windowCount } from './ramp-plan.ts';

const isDuration = (text: string): boolean => durationMs(text) !== undefined;
const duration = z
  .string()
  .refine(isDuration, { error: 'must be a time such as 500ms, 90s, 30m, 4h or 2d' });
const excess = z.strictObject({
  min: z.number().int().min(1),
  confidence: z.number().min(0.5).max(0.999999),
});
const ratio = z.number().refine((value) => value === 0 || value >= 1, {
  error: 'must be 1 or more, or 0 for not looked at',
});

/** The shape of a ramp; `rampProblems` adds the rules a shape can't state. */
export const rampSchema: z.ZodType<RampConfig> = z.strictObject({
  executor: z.string().describe('Whose share rises; not the last of default'),
  steps: z.array(z.number().gt(0).max(100)).min(1).describe('Percents, rising'),
  minDwell: duration.optional().describe('Least time on a step; default 30m'),
  minSamples: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Fewest deliveries on a step; default 59'),
  onBad: z
    .enum(['step-back', 'zero'])
    .optional()
    .describe('Where a bad verdict leads; default step-back'),
  reenterAfter: z
    .string()
    .refine((text) => text === 'never' || isDuration(text), {
      error: 'must be "never" or a time such as 30m or 4h',
    })
    .optional()
    .describe('When a ramp at zero begins again; default 4h, never = when a person lets it'),
  guards: z
    .strictObject({
      p95Ratio: ratio
        .optional()
        .describe(
          "Bad when the p95 is this many times the other executor's; default 1.3, 0 = not looked at",
        ),
      p99Ratio: ratio.optional().describe('The same for p99; default 1.5, 0 = not looked at'),
      latencyConfidence: z
        .number()
        .min(0.5)
        .max(0.999999)
        .optional()
        .describe('How sure a comparison of latencies must be; default 0.999'),
      minExcess: duration
        .optional()
        .describe('Differences smaller than this are not held against an executor; default 250us'),
      totalCeiling: duration
        .optional()
        .describe('Bad when the p95 of total is beyond this; default none'),
      unknownExcess: excess
        .optional()
        .describe('Deliveries without a readable answer; default min 3, confidence 0.999'),
      failureExcess: excess
        .optional()
        .describe(
          'Deliveries that failed before their first byte; default min 3, confidence 0.999',
        ),
      windows: z
        .string()
        .refine((text) => windowCount(text) !== undefined, {
          error: 'must be like "2 of 3", the first no greater than the second',
        })
        .optional()
        .describe('How many windows must be bad; default 2 of 3'),
    })
    .optional(),
});
