import type { Adapter } from '../adapter.ts';
import type { Clock } from '../clock.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { LoopWatch } from '../loop-watch.ts';
import type { RequestBudget } from '../budget/request-budget.ts';
import type { PreparedRequest } from '../request.ts';
import { deliverRead } from '../router/deliver-read.ts';
import type { ExecutorRoster, RosterEntry } from '../router/executor-roster.ts';
import type { ReadSender } from '../router/read-sender.ts';
import type { ProbeResult } from './prober.ts';
import { Prober } from './prober.ts';

/** Milliseconds a probe may take. */
const probeTimeoutMs = 2_000;

export interface HealthParts<Key extends string> {
  readonly adapter: Adapter;
  readonly roster: ExecutorRoster<Key>;
  readonly sender: ReadSender<Key>;
  readonly budget: RequestBudget | undefined;
  readonly events: EventHub<Key>;
  readonly clock: Clock;
  readonly loop: LoopWatch;
}

/** Announces what trips and what recovers, and has tripped executors tried with reads. Returns what ends that. */
export function watchHealth<Key extends string>(parts: HealthParts<Key>): () => void {
  const { roster, events, clock } = parts;
  const probers: Prober[] = [];
  for (const entry of roster.entries()) {
    const prober = new Prober(entry.health, clock, () => probe(entry, parts));
    probers.push(prober);
    entry.health.listen({
      tripped(operation, message) {
        prober.wake();
        events.emit('executor.tripped', { executor: entry.key, operation, message });
      },
      recovered: (operation, message) =>
        events.emit('executor.recovered', { executor: entry.key, operation, message }),
    });
  }
  return () => {
    for (const prober of probers) prober.close();
  };
}

async function probe<Key extends string>(
  { executor }: RosterEntry<Key>,
  { adapter, sender, budget, clock, loop }: HealthParts<Key>,
): Promise<ProbeResult> {
  const request: PreparedRequest | undefined =
    adapter.probe?.() ?? adapter.endpoint.keepWarm ?? sender.lastAnswered;
  if (!executor || !request || request.template.operation !== 'read') return 'not-tried';
  if (budget?.admit('read').admitted === false) return 'not-tried';
  const begunAt = clock.monotonic();
  loop.begun();
  try {
    const delivery = await deliverRead(
      executor,
      request,
      { deadline: begunAt + probeTimeoutMs, answerTimeoutMs: probeTimeoutMs, signal: undefined },
      clock,
    );
    if (delivery.stage === 'answered') return 'answered';
    // What nobody could write in time says nothing of the executor.
    return delivery.failure.code === 'DEADLINE' && loop.stoodStillMs(begunAt, clock.monotonic()) > 0
      ? 'not-tried'
      : 'failed';
  } finally {
    loop.ended();
  }
}
