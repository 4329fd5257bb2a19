import * as z from 'zod';
import type { HealthOptions, WhenAllTripped } from '../health/health-options.ts';
import { healthSchema, whenAllTrippedSchema } from '../health/health-options.ts';
import type { Limits } from '../limits/limits.ts';
import { limitsSchema } from '../limits/limits.ts';
import type { OwnOcoOptions } from '../oco/own-oco-options.ts';
import { ownOcoSchema } from '../oco/own-oco-options.ts';
import type { RateLimited } from '../outcomes/rate-limited.ts';
import { rateLimitedMeanings } from '../outcomes/rate-limited.ts';
import type { ReduceWith } from '../outcomes/reduce-with.ts';
import { reduceWays } from '../outcomes/reduce-with.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import { routingSchema } from '../routing/routing-schema.ts';

/** A plugin, named by its registered name or by the package that exports it. */
export interface PluginChoice {
  readonly use: string;
  readonly options?: unknown;
}

/** What stands in `hotpath.config.json`. Paths are relative to the file. No secret stands in it: adapters read theirs from the environment. */
export interface HotpathConfig {
  readonly version: 1;
  readonly adapter: PluginChoice;
  /** Keys are the author's own and begin with a letter; weights refer to them. */
  readonly executors: Readonly<
    Record<string, PluginChoice & { readonly required?: boolean | undefined }>
  >;
  /** A file, or the table itself. */
  readonly routing: string | RoutingConfig;
  readonly journal:
    | {
        readonly file: string;
        readonly fsync?: 'never' | 'each' | undefined;
        readonly rotateAtBytes?: number | undefined;
        readonly damagedLines?: 'refuse' | 'skip' | undefined;
        readonly lock?: 'folder' | 'machine' | undefined;
      }
    | { readonly memory: true };
  readonly limits?: Limits | undefined;
  /** See the option of `createBroker` of the same name. */
  readonly ownOco?: OwnOcoOptions | undefined;
  readonly shareBudget?: 'process' | 'machine' | undefined;
  /** Milliseconds for which the start tries for the venue, or `forever`. See the option of `createBroker` of the same name. */
  readonly startWithinMs?: number | 'forever' | undefined;
  /** See the options of `createBroker` of the same names; as are those below. */
  readonly answerTimeoutMs?: number | undefined;
  readonly lookupAfterMs?: number | undefined;
  readonly repeatAfterMs?: number | undefined;
  readonly outcomeWithinMs?: number | undefined;
  readonly lookupTimeoutMs?: number | undefined;
  readonly settleMs?: number | undefined;
  readonly adoptWithinMs?: number | undefined;
  readonly rateLimited?: RateLimited | undefined;
  readonly reduceWith?: ReduceWith | undefined;
  readonly closeWithinMs?: number | undefined;
  /** See the options of `createBroker` of the same names. */
  readonly health?: HealthOptions | undefined;
  readonly whenAllTripped?: WhenAllTripped | undefined;
  /** For editors. */
  readonly $schema?: string | undefined;
}

const use = z
  .string()
  .min(1)
  .describe('Name in the registry, or the package that exports the plugin');
const options = z.unknown().optional().describe("The plugin's own options");
const milliseconds = z.number().min(0);

export const configSchema: z.ZodType<HotpathConfig> = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  adapter: z.strictObject({ use, options }),
  executors: z
    .record(
      z.string(),
      z.strictObject({
        use,
        options,
        required: z.boolean().optional().describe('true: do not start without it; default false'),
      }),
    )
    .describe("By the author's own keys, which begin with a letter and which weights refer to"),
  routing: z.union([z.string().min(1), routingSchema]).describe('A file, or the table itself'),
  journal: z
    .union([
      z.strictObject({
        file: z.string().min(1),
        fsync: z
          .enum(['never', 'each'])
          .optional()
          .describe(
            'each: every line is forced to the disk before its order leaves; default never',
          ),
        rotateAtBytes: z
          .int()
          .min(0)
          .optional()
          .describe(
            'Bytes from which a new file is begun with what is still needed; 0 = never, default 67108864',
          ),
        damagedLines: z
          .enum(['refuse', 'skip'])
          .optional()
          .describe(
            'Whether a line that is not what was written stops the start, or is passed over; default refuse',
          ),
        lock: z
          .enum(['folder', 'machine'])
          .optional()
          .describe(
            'Whether the lock lies beside the file, or is seen by this user and network alone; default folder',
          ),
      }),
      z.strictObject({ memory: z.literal(true).describe('Forgets open orders in a crash') }),
    ])
    .describe('Where intents are recorded before they leave'),
  shareBudget: z
    .enum(['process', 'machine'])
    .optional()
    .describe("With whom the login's rate limit is shared; default process"),
  limits: limitsSchema.optional().describe('What the bot is allowed; default everything'),
  ownOco: ownOcoSchema
    .optional()
    .describe("Stop and target of a bracket as orders of the broker's own"),
  health: healthSchema
    .optional()
    .describe('When an executor is taken out of use, and how it comes back'),
  whenAllTripped: whenAllTrippedSchema
    .optional()
    .describe('What is done when every executor is tripped'),
  startWithinMs: z
    .union([milliseconds, z.literal('forever')])
    .optional()
    .describe(
      'Milliseconds for which the start tries for the venue, or forever; default 60000, and 7000 while this machine itself refuses the connection',
    ),
  answerTimeoutMs: milliseconds
    .optional()
    .describe('Milliseconds a written request may go without an answer; default 10000'),
  lookupAfterMs: milliseconds
    .optional()
    .describe(
      'Milliseconds after which the venue is asked for an order whose answer has not come; default 1000',
    ),
  repeatAfterMs: milliseconds
    .optional()
    .describe(
      'Milliseconds of looking in vain after which what harms nothing twice may be sent again; default 3000',
    ),
  outcomeWithinMs: milliseconds
    .optional()
    .describe(
      'Milliseconds after which a call is answered as unknown, if nothing is known; default 12000',
    ),
  lookupTimeoutMs: milliseconds
    .optional()
    .describe('Milliseconds a lookup that settles an unknown may take; default 2000'),
  settleMs: milliseconds
    .optional()
    .describe('Milliseconds an order is looked for before it is called absent; default 15000'),
  adoptWithinMs: milliseconds
    .optional()
    .describe(
      "How old an order of an author's own id may be and still count as its repeat; default 3600000",
    ),
  rateLimited: z
    .enum(rateLimitedMeanings)
    .optional()
    .describe('What a 429 to an order means; default unknown: the venue is asked'),
  reduceWith: z
    .enum(reduceWays)
    .optional()
    .describe('How reducePosition takes contracts off; default venue-call'),
  closeWithinMs: milliseconds
    .optional()
    .describe('Milliseconds close() waits for answers; default 5000'),
});
