import type { Adapter } from '../adapter.ts';
import type { ExecutorChoice } from '../broker/broker-options.ts';
import type { Journal } from '../journal/journal.ts';
import type { Limits } from '../limits/limits.ts';
import type { AdapterPlugin, ExecutorPlugin } from '../plugin.ts';
import type { RolloutReport } from '../rollout/rollout.ts';
import type { ExecutorReport } from '../router/executor-roster.ts';
import type { RoutingSnapshot } from '../routing/routing-snapshot.ts';
import { coreVersion } from '../version.ts';

/** What a broker starts with. */
export interface Started<Key extends string> {
  readonly adapter: Adapter;
  readonly plugin: AdapterPlugin;
  readonly executors: Readonly<Record<Key, ExecutorPlugin | ExecutorChoice>>;
  readonly reports: Readonly<Record<Key, ExecutorReport>>;
  readonly routing: RoutingSnapshot<Key>;
  readonly rollout: RolloutReport<Key>;
  readonly journal: Journal;
  readonly limits: Limits | undefined;
  readonly isHalted: boolean;
  /** Places that an earlier process left open. */
  readonly open: number;
}

/** The fields of a broker's first line: with whom, through what, at which shares and within which limits it trades. */
export function startFields<Key extends string>({
  adapter,
  plugin,
  executors,
  reports,
  routing,
  rollout,
  journal,
  limits,
  isHalted,
  open,
}: Started<Key>): object {
  const { account } = adapter;
  return {
    accountId: account.id,
    adapter: plugin.pluginName,
    adapterPackage: plugin.package,
    venue: adapter.endpoint.origin.origin,
    core: coreVersion,
    executors: routing.order.map((key) =>
      executorFields(key, pluginOf(executors[key]), reports[key], rollout.weights[key]),
    ),
    ...routingFields(routing),
    ramp: rollout.ramp && {
      executor: rollout.ramp.executor,
      ...(rollout.ramp.state.is === 'running'
        ? { percent: rollout.ramp.state.percent }
        : { percent: 0, because: rollout.ramp.state.because }),
    },
    latches:
      rollout.latches.length > 0
        ? rollout.latches.map(({ id, because }) => `${id}: ${because}`)
        : undefined,
    journal: journal.description ?? 'a journal that does not describe itself',
    limits: limits ?? 'none',
    halted: isHalted ? true : undefined,
    openPlaces: open > 0 ? open : undefined,
  };
}

/** What a table says beside its weights. */
export function routingFields<Key extends string>({
  config: { reads, off, force, rules },
}: RoutingSnapshot<Key>): object {
  return { reads, off: off && off.length > 0 ? off : undefined, force, rules: rules?.length };
}

function executorFields(
  key: string,
  plugin: ExecutorPlugin,
  { available, reason }: ExecutorReport,
  sharePercent: number,
): object {
  return {
    key,
    plugin: plugin.pluginName,
    package: plugin.package,
    sharePercent,
    available,
    reason,
  };
}

function pluginOf(choice: ExecutorPlugin | ExecutorChoice): ExecutorPlugin {
  return 'use' in choice ? choice.use : choice;
}
