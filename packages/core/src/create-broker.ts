import type { Adapter, AdapterContext } from './adapter.ts';
import { assembleBroker } from './broker/assemble-broker.ts';
import type { Broker } from './broker/broker.ts';
import type { BrokerOptions, ConfiguredBrokerOptions } from './broker/broker-options.ts';
import type { BrokerParts } from './broker/broker-parts.ts';
import { checkBrokerOptions } from './broker/check-broker-options.ts';
import { IntentBook } from './broker/intent-book.ts';
import type { HeldBudget } from './budget/rate-budgets.ts';
import { holdBudget } from './budget/rate-budgets.ts';
import type { Clock } from './clock.ts';
import { resolveConfig } from './config/resolve-config.ts';
import { tellOfCopies } from './core-copies.ts';
import { EventHub } from './events/event-hub.ts';
import type { GuardedLog } from './guarded-log.ts';
import { guardOptions } from './guests/guard-options.ts';
import { Latch } from './halt/latch.ts';
import { healthSettings } from './health/health-options.ts';
import { journalScope } from './journal/journal-scope.ts';
import { isThenable } from './is-thenable.ts';
import type { Journal, JournalContext } from './journal/journal.ts';
import { claimJournal, openJournal } from './journal/take-journal.ts';
import { accountLogger } from './log/account-logger.ts';
import type { Logger } from './logger.ts';
import { LoopWatch } from './loop-watch.ts';
import { modeLogger } from './mode-logger.ts';
import { OcoBook } from './oco/oco-book.ts';
import type { Random } from './random.ts';
import type { JournalHistory } from './recovery/read-journal.ts';
import { readJournal } from './recovery/read-journal.ts';
import { ExecutorRoster } from './router/executor-roster.ts';
import { ReadSender } from './router/read-sender.ts';
import { LiveRouting } from './routing/live-routing.ts';
import { keepAlive } from './start/keep-alive.ts';
import { NeededExecutors } from './start/needed-executors.ts';
import { reachVenue } from './start/reach-venue.ts';
import { refuseUnkeepable, refuseUnknownContracts } from './start/refuse-unkeepable.ts';
import { routingTables } from './start/routing-tables.ts';
import { setUpAdapter } from './start/set-up-adapter.ts';
import { setUpExecutors } from './start/set-up-executors.ts';
import { StartReads } from './start/start-reads.ts';
import { StartingBroker } from './start/starting-broker.ts';
import { UndoList } from './start/undo-list.ts';
import { isMintedUnder, isOurs } from './state/is-ours.ts';
import { VenueState } from './state/venue-state.ts';

/**
 * Connects one account: sets up the executors, logs in, and opens the journal. Tries for the venue again and again within `startWithinMs`, since an answer that is lost or a network that is not up yet ends no start.
 * Rejects with `InvalidOptionsError`, `AdapterError`, `ExecutorError` (a required executor, a certificate), `JournalError` or `StartError` (it was given up), and leaves nothing open when it does.
 */
export function createBroker<Key extends string>(options: BrokerOptions<Key>): Promise<Broker<Key>>;
/** The same from a config file and a registry. */
export function createBroker(options: ConfiguredBrokerOptions): Promise<Broker>;
export async function createBroker(
  options: BrokerOptions<string> | ConfiguredBrokerOptions,
): Promise<Broker> {
  return connectBroker(isConfigured(options) ? await resolveConfig(options) : options);
}

function isConfigured(
  options: BrokerOptions<string> | ConfiguredBrokerOptions,
): options is ConfiguredBrokerOptions {
  try {
    return typeof options === 'object' && options !== null && 'config' in options;
  } catch {
    // What can't be looked at is refused by name with the options.
    return false;
  }
}

/** `onParts` is given what the broker is made of, for tests of what has no door of its own. */
export async function connectBroker<Key extends string>(
  givenOptions: BrokerOptions<Key>,
  onParts?: (parts: BrokerParts<Key>) => void,
): Promise<Broker<Key>> {
  const { options, guardedLog } = guardOptions(checkBrokerOptions(givenOptions));
  const { clock, random, log } = options;
  tellOfCopies(log);
  const starting = new StartingBroker({ clock, log, signal: options.signal });
  const undo = new UndoList(clock);
  // safeguard: a process lives while its start waits
  const letEnd = keepAlive();
  try {
    const broker = await start({ options, starting, undo, clock, random, guardedLog }, onParts);
    starting.started(broker);
    return broker;
  } catch (error) {
    await undo.undo();
    starting.failed();
    throw error;
  } finally {
    letEnd();
  }
}

/** What a start works with. */
interface Start<Key extends string> {
  readonly options: BrokerOptions<Key>;
  readonly starting: StartingBroker;
  readonly undo: UndoList;
  readonly clock: Clock;
  readonly random: Random;
  readonly guardedLog: GuardedLog;
}

async function start<Key extends string>(
  { options, starting, undo, clock, random, guardedLog }: Start<Key>,
  onParts?: (parts: BrokerParts<Key>) => void,
): Promise<Broker<Key>> {
  starting.refuseWhenStopped();
  const { journal } = options;
  const { log: given, name: nameAccount } = accountLogger(guardedLog.log);
  undo.add(() => guardedLog.close());
  const keys = keysOf(options.executors);
  const { first, source } = await routingTables(options.routing, clock, given);
  undo.add(() => source?.close());
  const routing = new LiveRouting(first, keys, given);
  const adapter = await setUpAdapter(options.adapter, clock, given);
  undo.add(() => adapter.close());
  const log = modeLogger(given, adapter.mode);
  refuseUnkeepable(options, adapter);
  starting.seek(adapter.endpoint.origin.origin);
  const events = new EventHub<Key>(log);
  const journalContext: JournalContext = {
    log,
    clock,
    adapter: options.adapter.pluginName,
    baseUrl: adapter.endpoint.origin.origin,
    onTrouble: ({ what, cause }) =>
      events.emit('journal.failed', {
        what,
        operation: undefined,
        clientOrderId: undefined,
        cause,
      }),
  };
  const closeJournal = (): Promise<void> => journal.close();
  // safeguard: the journal is taken before the venue is asked
  const claimed = await claimJournal(journal, journalContext);
  // One that has rejected is left alone: somebody else may hold it.
  if (claimed) undo.add(closeJournal);
  // Before the venue is asked for anything, so that a halt can be written; a journal that has recorded nothing yet can't be written before its account is known.
  const early =
    claimed?.scope === undefined ? undefined : await takeUpJournal(journal, starting, clock);
  callOnStarting(options, starting, log);

  const roster = new ExecutorRoster(
    await setUpExecutors(options.executors, keys, {
      endpoint: adapter.endpoint,
      health: healthSettings(options.health),
      clock,
      log,
      stop: starting.stop,
    }),
    adapter.mode,
  );
  undo.add(() => roster.close());
  const { budget, bars } = await holdBudgets({ options, undo, clock, random }, adapter, log);
  const loop = new LoopWatch(clock);
  undo.add(() => loop.close());
  const sender = new ReadSender(
    roster,
    routing,
    { general: budget?.budget, bars: bars?.budget },
    clock,
    log,
    loop,
  );
  undo.add(() => sender.close());
  const reads = new StartReads(sender);
  // safeguard: reads of a start end with it
  undo.add(() => reads.cutOff());

  const book = new IntentBook<Key>(
    clock,
    (orderId) => state.orders.isOpen(orderId),
    (clientOrderId) => isMintedUnder(journal, clientOrderId),
  );
  let oco: OcoBook | undefined;
  const state: VenueState<Key> = new VenueState<Key>({
    adapter,
    events,
    clock,
    log,
    isOurs: (order) => isOurs(order, book, journal) || oco?.protectedBy(order) !== undefined,
    parentOf: (order) => oco?.parentOf(order),
  });
  undo.add(() => state.close());
  const context: AdapterContext = {
    send: (request, sendOptions) => reads.send(request, sendOptions),
    throttled: (retryAfterMs) => budget?.budget.throttled(retryAfterMs),
    evidence: (item) => state.evidence(item),
    clock,
    random,
    log,
  };
  const executors = new NeededExecutors({
    endpoint: adapter.endpoint,
    roster,
    routing,
    clock,
    log,
    stop: starting.stop,
  });
  await reachVenue({
    adapter,
    context,
    executors,
    starting,
    withinMs: options.startWithinMs,
    clock,
    random,
    log,
  });
  reads.over();
  sender.started();
  roster.resetHealth();
  nameAccount(adapter.account.name);
  refuseUnknownContracts(options, adapter);

  await openJournal(journal, journalScope(adapter), journalContext);
  undo.add(closeJournal);
  const { history, latch } = early ?? (await takeUpJournal(journal, starting, clock));
  oco = options.ownOco && new OcoBook(journal, clock, history.protectedEntries.list());
  starting.refuseWhenStopped();
  return assembleBroker(
    {
      options,
      adapter,
      roster,
      routing,
      source,
      sender,
      loop,
      budget,
      bars,
      events,
      book,
      state,
      oco,
      latch,
      history,
      guardedLog,
      clock,
      random,
      log,
    },
    onParts,
  );
}

/** What a start takes from a journal. */
interface TakenUp {
  readonly history: JournalHistory;
  readonly latch: Latch;
}

async function takeUpJournal(
  journal: Journal,
  starting: StartingBroker,
  clock: Clock,
): Promise<TakenUp> {
  const history = await readJournal(journal);
  const latch = new Latch(journal, clock, history.isHalted);
  starting.journalOpen(latch);
  return { history, latch };
}

/** The login's own, and that of bars where the venue counts those apart. */
async function holdBudgets<Key extends string>(
  { options, undo, clock, random }: Omit<Start<Key>, 'starting' | 'guardedLog'>,
  { login, capabilities: { rateLimit, barsRateLimit } }: Adapter,
  log: Logger,
): Promise<{ readonly budget: HeldBudget | undefined; readonly bars: HeldBudget | undefined }> {
  const share = options.shareBudget ?? 'process';
  const budget = rateLimit && (await holdBudget(login, rateLimit, share, clock, random, log));
  if (budget) undo.add(() => budget.release());
  const bars =
    barsRateLimit &&
    (await holdBudget(
      `${login} bars`,
      { ...barsRateLimit, reads: barsRateLimit.requests },
      share === 'machine' ? share : 'process',
      clock,
      random,
      log,
    ));
  if (bars) undo.add(() => bars.release());
  return { budget, bars };
}

/** An author's hook that throws is no reason not to start. */
function callOnStarting<Key extends string>(
  { onStarting }: BrokerOptions<Key>,
  starting: StartingBroker,
  log: Logger,
): void {
  const failed = (error: unknown): void =>
    log.error({ error }, 'onStarting failed; the start goes on');
  try {
    const result: unknown = onStarting?.(starting);
    if (isThenable(result)) Promise.resolve(result).then(undefined, failed);
  } catch (error) {
    failed(error);
  }
}

function keysOf<Key extends string>(executors: Readonly<Record<Key, unknown>>): Key[] {
  const keys: Key[] = [];
  for (const key in executors) keys.push(key);
  return keys;
}
