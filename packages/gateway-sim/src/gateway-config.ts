import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { FeedOptions } from './feed/feed-options.ts';
import { faultRuleSchema } from './faults/fault-rule-schema.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { productOfName } from './instruments/contracts.ts';
import { nearestName } from './nearest-name.ts';
import { gatewayDifferences } from './options/differences.ts';
import type { EventOptions } from './options/event-options.ts';
import { percentilesProblem } from './options/latency.ts';
import type { LatencyOptions } from './options/latency-options.ts';
import type { MatchingOptions } from './options/matching-options.ts';
import type { Unknowns } from './options/unknowns.ts';
import { manualGatewayClock } from './manual-gateway-clock.ts';

const whole = z.int().min(0);
const recording = z.enum(['bars', 'ticks']);
const window = z.union([
  z.literal('off'),
  z.strictObject({
    requests: z.int().min(1),
    windowMs: z.int().min(1),
    kind: z.enum(['sliding', 'fixed']).optional(),
    refused: z.enum(['free', 'counted']).optional(),
  }),
]);

/** Every option but code, which no file can hold; the type keeps the list whole. */
type FileFields = Record<
  Exclude<keyof GatewayOptions, 'clock' | 'log' | 'feed'> | '$schema' | 'manualClockFrom',
  z.ZodType
>;

type Fields<Options> = Record<keyof Options, z.ZodType>;
/** What a timer takes. */
const milliseconds = z
  .number()
  .min(0)
  .max(2 ** 31 - 1);
const latency = z
  .union([milliseconds, z.array(z.tuple([z.number().min(0).max(100), milliseconds])).min(1)])
  .superRefine((given, context) => {
    const message = percentilesProblem(given);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .optional();
const feesByProduct = z
  .record(z.string(), z.strictObject({ fees: z.number().min(0), commissions: z.number().min(0) }))
  .superRefine((given, context) => {
    for (const name of Object.keys(given))
      if (!productOfName(name))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'is no product, must be the name of one such as MNQ',
        });
  });
const unknownFields = {
  numbersAsText: z.enum(['refused', 'taken']).optional(),
  liveBars: z.enum(['none', 'simulated']).optional(),
  searchOrder: z.enum(['codes-first', 'names-first']).optional(),
  searchDescriptions: z.boolean().optional(),
  onlyActiveAccounts: z.enum(['nothing', 'locked']).optional(),
  emptyTag: z.enum(['no-tag', 'a-tag']).optional(),
  longestTag: whole.optional(),
  refusedOrders: z.enum(['all', 'recorded']).optional(),
  modifyMovesTime: z.boolean().optional(),
  suspendedLegs: z.enum(['refused', 'taken']).optional(),
  legSize: z.enum(['refused', 'taken']).optional(),
  leastTargetTicks: whole.optional(),
  legsOfClosed: z.enum(['works', 'refused', 'lost']).optional(),
  repeatedTradeId: z.enum(['same', 'new']).optional(),
  deletedOrders: z.enum(['unfilled', 'final', 'none']).optional(),
  pendingCloses: z.enum(['shown', 'hidden']).optional(),
  secondClose: z.enum(['acts', 'refused']).optional(),
  crossingLimits: z.enum(['limit', 'market']).optional(),
  queryContract: z.enum(['ignored', 'applied']).optional(),
  restCommissions: z.boolean().optional(),
  restLegLinks: z.boolean().optional(),
  ping: z.enum(['open', 'needs-token']).optional(),
  otherVersions: z.enum(['closed', 'taken']).optional(),
  volumeQuotes: z.boolean().optional(),
} satisfies Fields<Unknowns>;

/** What a configuration file can hold: the options, with a manual clock given as its start, and recorded prices by the path of a file (from the working folder) if they do not stand here. */
const configSchema = z.strictObject({
  $schema: z.string().optional(),
  port: whole.max(65_535).optional(),
  host: z.string().min(1).optional(),
  seed: whole.optional(),
  users: z
    .array(
      z.strictObject({
        userName: z.string().min(1),
        apiKey: z.string().min(1),
        password: z.string().min(1).optional(),
        loginRefusal: z
          .strictObject({ errorCode: z.int(), errorMessage: z.string().nullish() })
          .optional(),
      }),
    )
    .optional(),
  apps: z
    .array(
      z.strictObject({
        appId: z.string(),
        verifyKey: z.string(),
        deviceIds: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  auth: z
    .strictObject({
      validateKillsOldToken: z.boolean().optional(),
      logoutEnds: z.enum(['this-token', 'all-tokens']).optional(),
      badTokenOnValidate: z.enum(['401', 'envelope']).optional(),
    })
    .optional(),
  accounts: z
    .array(
      z.strictObject({
        id: z.int().positive(),
        name: z.string().min(1),
        balance: z.number().optional(),
        canTrade: z.boolean().optional(),
        simulated: z.boolean().optional(),
        bracketMode: z.enum(['position', 'auto-oco']).optional(),
        marginPerContract: z.number().min(0).optional(),
        restriction: z.enum(['violation', 'follower', 'live']).optional(),
      }),
    )
    .optional(),
  rateLimit: z
    .strictObject({
      everythingElse: window.optional(),
      bars: window.optional(),
      retryAfter: z.enum(['seconds', 'date']).optional(),
    })
    .optional(),
  tokenLifetimeMs: z.int().min(1).optional(),
  priceStepMs: whole.optional(),
  keepAliveTimeoutMs: z.int().min(1).optional(),
  tls: z.union([z.literal(true), z.strictObject({ key: z.string(), cert: z.string() })]).optional(),
  faults: z.array(faultRuleSchema).optional(),
  simPort: z.union([whole.max(65_535), z.enum(['same', 'off'])]).optional(),
  manualClockFrom: z.iso.datetime({ offset: true }).optional(),
  largestFill: whole.optional(),
  latency: z
    .strictObject({
      requestMs: latency,
      answerMs: latency,
      fillMs: latency,
      closeFillMs: latency,
      cancelMs: latency,
      eventMs: latency,
      positionEventMs: latency,
    } satisfies Fields<LatencyOptions>)
    .optional(),
  matching: z
    .strictObject({
      fills: z.enum(['whole', 'book']).optional(),
      bookSize: z.int().min(1).optional(),
      stopSlippageTicks: whole.optional(),
    } satisfies Fields<MatchingOptions>)
    .optional(),
  events: z
    .strictObject({
      answer: z.enum(['first', 'last', 'drawn']).optional(),
      order: z.enum(['recorded', 'drawn']).optional(),
      lostPositions: z.number().min(0).max(1).optional(),
      repeatAccountMs: milliseconds.optional(),
      repeatFilledMs: milliseconds.optional(),
    } satisfies Fields<EventOptions>)
    .optional(),
  unknowns: z.strictObject(unknownFields).optional(),
  differences: z.array(z.enum(gatewayDifferences)).optional(),
  fees: feesByProduct.optional(),
  bracketActivationMs: whole.optional(),
  closeCancelsOrders: z.boolean().optional(),
  session: z.enum(['always', 'topstep']).optional(),
  autoFlatten: z.boolean().optional(),
  keepHistory: whole.optional(),
  tagCase: z.enum(['ignored', 'counts']).optional(),
  stateFile: z.string().min(1).optional(),
  trailingRefusals: z.record(z.string(), z.enum(['no-last-price', 'unknown-symbol'])).optional(),
  replay: z
    .record(
      z.string(),
      z.union([
        z.strictObject({ kind: recording, csv: z.string().min(1) }),
        z.strictObject({ kind: recording, file: z.string().min(1) }),
      ]),
    )
    .optional(),
  historyDays: whole.optional(),
  hubTokenEnd: z.enum(['ignored', 'logout-event', 'closed']).optional(),
  hubPayloads: z.enum(['wrapped', 'flat']).optional(),
  hubKeepAliveMs: whole.optional(),
} satisfies FileFields);

/** Options from a file's text. Throws with one line for each field that is wrong, naming `source`. */
export function gatewayConfig(text: string, source: string): GatewayOptions {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (error) {
    throw new TypeError(
      `${source} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  const parsed = configSchema.safeParse(fields);
  if (!parsed.success)
    throw new TypeError(
      `${source}:\n${parsed.error.issues.map((issue) => `  ${sentence(issue, 'file')}`).join('\n')}`,
    );
  const { $schema: _, manualClockFrom, replay, ...options } = parsed.data;
  const recordings = Object.entries(replay ?? {}).map(([name, given]) => [
    name,
    'csv' in given ? given : { kind: given.kind, csv: readFileSync(given.file, 'utf8') },
  ]);
  return {
    ...options,
    ...(replay && { replay: Object.fromEntries(recordings) }),
    ...(manualClockFrom !== undefined && {
      clock: manualGatewayClock(Date.parse(manualClockFrom)),
    }),
  };
}

const called = (does: string) =>
  z.custom<() => void>((value) => typeof value === 'function', `must be a function that ${does}`);

/** What code can give. Rules of `faults` are bound where they are added. */
const optionsSchema = configSchema.omit({ $schema: true, manualClockFrom: true }).extend({
  faults: z.array(z.unknown()).optional(),
  replay: z
    .record(z.string(), z.strictObject({ kind: recording, csv: z.string().min(1) }))
    .optional(),
  clock: z
    .object({
      now: called('gives milliseconds since the epoch'),
      every: called('calls back again and again'),
    })
    .optional(),
  log: called('takes an entry').optional(),
  feed: z
    .strictObject({
      contracts: z.array(z.unknown()).optional(),
      quoteMaxAgeMs: z.number().min(0).optional(),
      quoteWaitMs: z.number().min(0).optional(),
      wanted: called('takes the id of a contract').optional(),
      unpriced: called('takes the id of a contract').optional(),
    } satisfies Record<keyof FeedOptions, z.ZodType>)
    .optional(),
} satisfies Record<
  'faults' | 'replay' | Exclude<keyof GatewayOptions, keyof FileFields>,
  z.ZodType
>);

/** Throws a `TypeError` with one line for each option that is wrong or that there is not. */
export function checkGatewayOptions(options: GatewayOptions): void {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success)
    throw new TypeError(
      `startGateway:\n${parsed.error.issues.map((issue) => `  ${sentence(issue)}`).join('\n')}`,
    );
}

function sentence(issue: z.core.$ZodIssue, all = 'options'): string {
  if (issue.code !== 'unrecognized_keys') return `${issue.path.join('.') || all}: ${issue.message}`;
  return issue.keys
    .map(
      (key) =>
        `${[...issue.path, key].join('.')}: is no option${issue.path.length === 0 ? nearestName(key, Object.keys(configSchema.shape)) : ''}`,
    )
    .join('\n  ');
}

/** JSON Schema of a configuration file, for editors. */
export function gatewayConfigJsonSchema(): object {
  return z.toJSONSchema(configSchema);
}
