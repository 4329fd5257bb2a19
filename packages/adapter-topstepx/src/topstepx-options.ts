import * as z from 'zod';
import type { RateLimit } from '@hotpath/core';
import { TopstepxLogin } from './topstepx-login.ts';

/** What `topstepx` takes. */
export interface TopstepxOptions {
  /** From `topstepxLogin()`, to share token and rate budget between several accounts; in place of `userName` and `apiKey`. */
  readonly login?: TopstepxLogin | undefined;
  /** The platform's user name, not the e-mail address. Default: the environment's `TOPSTEPX_USERNAME`. */
  readonly userName?: string | undefined;
  /** From the ProjectX dashboard. Default: the environment's `TOPSTEPX_API_KEY`. */
  readonly apiKey?: string | undefined;
  /** Name or id of the account to trade. Required: never "the first one". */
  readonly account: string | number;
  /** Where the gateway listens. Default `https://api.topstepx.com` (ProjectX documentation, 2026). */
  readonly baseUrl?: string | undefined;
  /** Where the hubs listen, without `/hubs/…`. Default: the base URL with `api` replaced by `rtc` (`https://rtc.topstepx.com`; ProjectX documentation, 2026), or the base URL itself when its host has no `api` in it. */
  readonly rtcUrl?: string | undefined;
  /**
   * Requests the login may send. Default 200 in 60 s, of which 60 are kept for getting out (ProjectX documentation: 200 requests a minute for everything but bars).
   * `off` sends without a budget, which only a simulator puts up with.
   */
  readonly rateLimit?: RateLimit | 'off' | undefined;
  /** Milliseconds a read may take. Default 10,000. */
  readonly readTimeoutMs?: number | undefined;
}

export interface CheckedTopstepxOptions {
  readonly login: TopstepxLogin | undefined;
  readonly userName: string | undefined;
  readonly apiKey: string | undefined;
  readonly account: string;
  readonly baseUrl: URL;
  readonly rtcUrl: URL | undefined;
  readonly rateLimit: RateLimit | 'off';
  readonly readTimeoutMs: number;
}

const positive = z.int().min(1);

export const topstepxOptionsSchema: z.ZodType<CheckedTopstepxOptions, TopstepxOptions> = z.strictObject({
  login: z.instanceof(TopstepxLogin, { error: 'must come from topstepxLogin()' }).optional().transform((value) => value),
  userName: z.string().min(1).optional().transform((value) => value),
  apiKey: z.string().min(1).optional().transform((value) => value),
  account: z
    .union([z.string().min(1), positive], { error: 'must be the name or the id of the account to trade' })
    .transform(String)
    .describe('Name or id of the account to trade'),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .default('https://api.topstepx.com')
    .transform((value) => new URL(value)),
  rtcUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .transform((value) => new URL(value))
    .optional()
    .transform((value) => value),
  rateLimit: z
    .union([z.literal('off'), z.strictObject({ requests: positive, windowMs: positive, reserve: z.int().min(0), window: z.enum(['sliding', 'fixed']).optional() }).refine(({ requests, reserve }) => reserve < requests, { error: 'reserve must be below requests' })])
    .default({ requests: 200, windowMs: 60_000, reserve: 60 }),
  readTimeoutMs: positive.default(10_000),
}).refine(({ login, userName, apiKey }) => login === undefined || (userName === undefined && apiKey === undefined), { path: ['login'], error: 'stands in place of userName and apiKey; give one or the other' });
