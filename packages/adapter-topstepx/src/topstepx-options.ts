import * as z from 'zod';
import type { RateLimit } from '@hotpath/core';
import type { FirmCapabilities, FirmName } from './firms.ts';
import { firmNames, firmProblem, firms } from './firms.ts';
import { addressProblem } from './gateway-address.ts';
import type { CheckedPaperOptions, PaperOptions } from './paper/paper-options.ts';
import { paperOptionsSchema } from './paper/paper-options.ts';
import { rtcUrlBeside } from './rtc-url.ts';
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
  /** The firm whose gateway it is; sets the addresses and what the firm is known to do otherwise. Default `topstepx`. ProjectX ended all other firms on 2026-02-28 (seven independent notes of 2026, no official page). */
  readonly firm?: FirmName | undefined;
  /** Where the gateway listens: scheme, host and port. Default: the firm's address, `https://api.topstepx.com` for TopstepX (ProjectX documentation, 2026). `http:` only to this machine, unless `allowKeyInClear` is set. */
  readonly baseUrl?: string | undefined;
  /**
   * Where the hubs listen, without `/hubs/…`. Default: the firm's address, `https://rtc.topstepx.com` for TopstepX (ProjectX documentation, 2026);
   * with a `baseUrl`, that one with `rtc` in place of `api` in its host, or as it is when there is no `api` in it. A path is kept, for a proxy that has the hubs below one.
   */
  readonly rtcUrl?: string | undefined;
  /**
   * `true` lets the API key and the session's token travel unencrypted, over `http:` to a host that is not this machine: whoever is on the way can read them and trade the account.
   * For a gateway in a private network of containers. Default `false`: such an address is refused.
   */
  readonly allowKeyInClear?: boolean | undefined;
  /**
   * Requests the login may send. Default 200 in 60 s, of which 60 are kept for getting out and reads may fill 100 (ProjectX documentation: 200 requests a minute for everything but bars).
   * `off` sends without a budget, which only a simulator puts up with.
   */
  readonly rateLimit?: RateLimit | 'off' | undefined;
  /** For the hubs: `ca` is trusted in place of the system's certificates, in PEM form. Executors have an option of their own. Default: the system's. */
  readonly tls?: { readonly ca?: string | undefined } | undefined;
  /** What your account does otherwise than its firm: `{ "brackets": "none" }` refuses brackets before they are sent, for an account in Position Brackets mode. Default: as the firm. */
  readonly capabilities?:
    | { readonly [Name in keyof FirmCapabilities]?: FirmCapabilities[Name] | undefined }
    | undefined;
  /** Milliseconds a read may take. Default 10,000. */
  readonly readTimeoutMs?: number | undefined;
  /**
   * `paper`: login, contracts, quotes and bars are the gateway's, and orders go to a simulator inside this process that fills them on those quotes. Needs the package `@hotpath/gateway-sim`.
   * Default `live`.
   */
  readonly mode?: 'live' | 'paper' | undefined;
  /** The account on paper; only in paper mode. */
  readonly paper?: PaperOptions | undefined;
}

export interface CheckedTopstepxOptions {
  readonly login: TopstepxLogin | undefined;
  readonly userName: string | undefined;
  readonly apiKey: string | undefined;
  readonly account: string;
  readonly baseUrl: URL;
  readonly rtcUrl: URL;
  readonly tls: { readonly ca?: string | undefined };
  readonly capabilities: FirmCapabilities;
  readonly rateLimit: RateLimit | 'off';
  readonly readTimeoutMs: number;
  readonly mode: 'live' | 'paper';
  readonly paper: CheckedPaperOptions;
}

const positive = z.int().min(1);

export const topstepxOptionsSchema: z.ZodType<CheckedTopstepxOptions, TopstepxOptions> = z
  .strictObject({
    login: z
      .instanceof(TopstepxLogin, { error: 'must come from topstepxLogin()' })
      .optional()
      .transform((value) => value),
    userName: z
      .string()
      .min(1)
      .optional()
      .transform((value) => value),
    apiKey: z
      .string()
      .min(1)
      .optional()
      .transform((value) => value),
    account: z
      .union([z.string().min(1), positive], {
        error: 'must be the name or the id of the account to trade',
      })
      .transform(String)
      .describe('Name or id of the account to trade'),
    firm: z.enum(firmNames, { error: ({ input }) => firmProblem(input) }).default('topstepx'),
    baseUrl: z.string().optional(),
    rtcUrl: z.string().optional(),
    allowKeyInClear: z.boolean().default(false),
    rateLimit: z
      .union([
        z.literal('off'),
        z
          .strictObject({
            requests: positive,
            windowMs: positive,
            reserve: z.int().min(0),
            reads: positive.optional(),
            window: z.enum(['sliding', 'fixed']).optional(),
          })
          .refine(({ requests, reserve }) => reserve < requests, {
            error: 'reserve must be below requests',
          }),
      ])
      .default({ requests: 200, windowMs: 60_000, reserve: 60 }),
    tls: z.strictObject({ ca: z.string().min(1).optional() }).default({}),
    capabilities: z
      .strictObject({
        orderTypes: z
          .array(z.enum(['market', 'limit', 'stop', 'trailing-stop', 'join-bid', 'join-ask']))
          .optional(),
        modify: z.enum(['in-place', 'none']).optional(),
        closePosition: z.boolean().optional(),
        reducePosition: z.boolean().optional(),
        brackets: z.enum(['ticks', 'none']).optional(),
      })
      .default({}),
    readTimeoutMs: positive.default(10_000),
    mode: z.enum(['live', 'paper']).default('live'),
    paper: paperOptionsSchema,
  })
  .refine(
    ({ login, userName, apiKey }) =>
      login === undefined || (userName === undefined && apiKey === undefined),
    { path: ['login'], error: 'stands in place of userName and apiKey; give one or the other' },
  )
  .superRefine(({ baseUrl, rtcUrl, allowKeyInClear }, context) => {
    for (const [option, text] of [
      ['baseUrl', baseUrl],
      ['rtcUrl', rtcUrl],
    ] as const) {
      const problem =
        text === undefined ? undefined : addressProblem(option, text, allowKeyInClear);
      if (problem !== undefined)
        context.addIssue({ code: 'custom', path: [option], message: problem });
    }
  })
  .transform(({ firm, baseUrl, rtcUrl, capabilities, allowKeyInClear: _allowed, ...rest }) => {
    const base = new URL(baseUrl ?? firms[firm].baseUrl);
    const known = firms[firm].capabilities;
    return {
      ...rest,
      baseUrl: base,
      rtcUrl:
        rtcUrl !== undefined
          ? new URL(rtcUrl)
          : baseUrl === undefined
            ? new URL(firms[firm].rtcUrl)
            : rtcUrlBeside(base),
      capabilities: {
        orderTypes: capabilities.orderTypes ?? known.orderTypes,
        modify: capabilities.modify ?? known.modify,
        closePosition: capabilities.closePosition ?? known.closePosition,
        reducePosition: capabilities.reducePosition ?? known.reducePosition,
        brackets: capabilities.brackets ?? known.brackets,
      },
    };
  });
