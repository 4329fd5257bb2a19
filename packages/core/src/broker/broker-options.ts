import type { ShareBudget } from '../budget/rate-budgets.ts';
import type { Clock } from '../clock.ts';
import type { GenerateId } from '../client-order-id.ts';
import type { HotpathConfig } from '../config/hotpath-config.ts';
import type { Registry } from '../config/registry.ts';
import type { HealthOptions, WhenAllTripped } from '../health/health-options.ts';
import type { Limits } from '../limits/limits.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '../logger.ts';
import type { OwnOcoOptions } from '../oco/own-oco-options.ts';
import type { RateLimited } from '../outcomes/rate-limited.ts';
import type { ReduceWith } from '../outcomes/reduce-with.ts';
import type { AdapterPlugin, ExecutorPlugin } from '../plugin.ts';
import type { Random } from '../random.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import type { Starting } from '../start/starting.ts';

/** An executor, and whether the broker may start without it. */
export interface ExecutorChoice {
  readonly use: ExecutorPlugin;
  /** `true`: `createBroker` rejects when it can't be set up or connected. Default `false`: its orders go to the next in order. */
  readonly required?: boolean | undefined;
}

/** What no file can hold. */
export interface RuntimeOptions {
  /** Default: silent. `consoleLogger()` and pino fit. */
  readonly log?: Logger | undefined;
  /** Default: the system's time. */
  readonly clock?: Clock | undefined;
  /** Default: the system's chance. */
  readonly random?: Random | undefined;
  /**
   * Mints client order ids, within the tick of the call; each must be new, and one that the venue takes. One that throws, gives something else or repeats itself makes the place `not-sent` `INVALID_ORDER`, of the field `generateId`.
   * Default: the journal's prefix, the time, a count and chance. Required where the adapter's `capabilities.clientOrderId` leaves those too little room: `createBroker` then rejects with `InvalidOptionsError`.
   */
  readonly generateId?: GenerateId | undefined;
  /** Gives the start up when it is aborted: `createBroker` rejects with `StartError` `START_ABORTED`, and nothing stays open. No effect once the broker is there. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the options have been checked and before the venue is asked for anything: a way to watch, halt or give up a start that waits for its venue. */
  readonly onStarting?: ((starting: Starting) => void) | undefined;
}

/** A broker by config alone: its plugins are named in a file and come from a registry. */
export interface ConfiguredBrokerOptions extends RuntimeOptions {
  readonly registry: Registry;
  /** The path of a JSON file, or what would stand in it; then paths are relative to the working folder. */
  readonly config: string | HotpathConfig;
}

/** What `createBroker` takes in code. */
export interface BrokerOptions<Key extends string> extends RuntimeOptions {
  readonly adapter: AdapterPlugin;
  /** Keys are the author's own and begin with a letter; weights refer to them. */
  readonly executors: Readonly<Record<Key, ExecutorPlugin | ExecutorChoice>>;
  /** A table, the path of a JSON file with one (watched: a change is in force from the next order on), or a source that gives one now and others while the broker runs. */
  readonly routing:
    | RoutingConfig<NoInfer<Key>>
    | string
    | AsyncIterable<RoutingConfig<NoInfer<Key>>>;
  /** Where intents are recorded before they leave. `memoryJournal()` says in its name that a crash forgets. */
  readonly journal: Journal;
  /**
   * Milliseconds for which the start tries for the venue: whatever a moment later may be mended, such as a lost answer, a 502, a 429 or a network that is not up yet, is tried again. 0: one try. `Infinity`: without end, for a service that is started at boot.
   * Default 60,000; 7,000 while this machine itself refuses the connection (a loopback address at which nothing listens).
   */
  readonly startWithinMs?: number | undefined;
  /** Milliseconds a written request may go without an answer before its connection is reset. Default 10,000. */
  readonly answerTimeoutMs?: number | undefined;
  /** Milliseconds after the call from which the venue is asked for an order whose answer has not come. Default 1,000. */
  readonly lookupAfterMs?: number | undefined;
  /** Milliseconds after the call in which a bot has an outcome, `unknown` if nothing is known by then; its `resolved` goes on. Default 12,000. */
  readonly outcomeWithinMs?: number | undefined;
  /** Milliseconds for which the venue must have shown nothing of it before a close that was answered without a word that decides is sent once more. Default 3,000. */
  readonly repeatAfterMs?: number | undefined;
  /** Milliseconds a lookup that settles an unknown may take. Default 2,000. */
  readonly lookupTimeoutMs?: number | undefined;
  /** Milliseconds an order is looked for before it is called absent; twice as long when the order stream had a gap. Default 15,000. */
  readonly settleMs?: number | undefined;
  /** How old an order of an author's own id may be and still count as the intent that repeats its id, in milliseconds. Default 3,600,000; 0 = never. */
  readonly adoptWithinMs?: number | undefined;
  /**
   * Keeps the stop and the target of a `bracket` as orders of the broker's own, for accounts that refuse the venue's brackets. Default: brackets go to the venue.
   * Needs an adapter with an order stream that modifies orders in place.
   */
  readonly ownOco?: OwnOcoOptions | undefined;
  /** What the bot is allowed. Default: everything. `setLimits` changes them while it runs, downwards only unless halted. */
  readonly limits?: Limits | undefined;
  /**
   * With whom the login's rate limit is shared. `process` (default): the brokers of this process. `machine`: those of every process of this machine and user that say so, over a local socket.
   * Anything else through a source of one's own. Slices are leased ahead in the background and spent in the tick of the call, so that no order waits; a process that has none left is refused with `BUDGET_EXHAUSTED`.
   * Exits depend on no lender: while nobody lends they spend a share of their own.
   */
  readonly shareBudget?: ShareBudget | undefined;
  /** When an executor is taken out of use for an operation, and how it comes back. */
  readonly health?: HealthOptions | undefined;
  /** What is done when every executor is tripped. */
  readonly whenAllTripped?: WhenAllTripped | undefined;
  /**
   * What a 429 to a place, modify, cancel, close or reduce means. Default `unknown`: it is asked for, as ProjectX's documentation does not say that nothing ran.
   * `refused`: `rejected` `THROTTLED` at once; a duplicate if that is wrong of your venue.
   */
  readonly rateLimited?: RateLimited | undefined;
  /** How `reducePosition` takes contracts off. Default `venue-call`, where the adapter has one. */
  readonly reduceWith?: ReduceWith | undefined;
  /** Milliseconds `close()` waits for answers. Default 5,000. */
  readonly closeWithinMs?: number | undefined;
}
