import type { Adapter } from '../adapter.ts';
import type { HeldBudget } from '../budget/rate-budgets.ts';
import { holdBudget } from '../budget/rate-budgets.ts';
import { healthSettings } from '../health/health-options.ts';
import type { Logger } from '../logger.ts';
import { LoopWatch } from '../loop-watch.ts';
import { ExecutorRoster } from '../router/executor-roster.ts';
import { ReadSender } from '../router/read-sender.ts';
import type { Ground } from './set-up-ground.ts';
import { setUpExecutors } from './set-up-executors.ts';
import type { StartInputs } from './start-inputs.ts';
import { StartReads } from './start-reads.ts';

/** What requests go through. */
export interface Transport<Key extends string> {
  readonly roster: ExecutorRoster<Key>;
  readonly budget: HeldBudget | undefined;
  readonly bars: HeldBudget | undefined;
  readonly loop: LoopWatch;
  readonly sender: ReadSender<Key>;
  /** What the adapter reads by until the start is over. */
  readonly reads: StartReads;
}

/** Sets up the executors and takes hold of the rate budgets. */
export async function setUpTransport<Key extends string>(
  inputs: StartInputs<Key>,
  { adapter, routing, keys, log }: Ground<Key>,
): Promise<Transport<Key>> {
  const { options, starting, undo, clock } = inputs;
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
  const { budget, bars } = await holdBudgets(inputs, adapter, log);
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
  return { roster, budget, bars, loop, sender, reads };
}

/** The login's own, and that of bars where the venue counts those apart. */
async function holdBudgets<Key extends string>(
  { options, undo, clock, random }: StartInputs<Key>,
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
