import { causesOf } from './causes-of.ts';

/** The longest that is waited because the venue named a time, in milliseconds. */
export const longestRetryAfterMs = 30_000;

/** Milliseconds after which the venue said it may be asked again; undefined when it named no time. */
export function retryAfterOf(error: unknown): number | undefined {
  for (const each of causesOf(error))
    if ('retryAfterMs' in each && typeof each.retryAfterMs === 'number') return each.retryAfterMs;
  return undefined;
}
