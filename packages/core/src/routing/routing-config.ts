import type { Operation } from '../operation.ts';
import type { RampConfig } from '../rollout/ramp-config.ts';

/** Percent by executor key, with at most three decimals. Keys left out are 0; together they make 100. */
export type Weights<Key extends string> = Readonly<Partial<Record<Key, number>>>;

/** What a percentage is a percentage of. `order`: one bot's orders. The others: a fleet's accounts, strategies or symbols. */
export type StickyBy = 'order' | 'account' | 'strategy' | 'account+strategy' | 'symbol';

/** Weights of their own for what matches. */
export interface RoutingRule<Key extends string> {
  /** Every field given must match. `symbol` is a root, a contract name or a contract id, `account` an id or a name. */
  readonly match: {
    readonly symbol?: string | undefined;
    readonly operation?: Operation | undefined;
    readonly strategy?: string | undefined;
    readonly account?: string | undefined;
  };
  readonly weights: Weights<Key>;
}

/** A routing table: which executor takes which share first. */
export interface RoutingConfig<Key extends string = string> {
  readonly version: 1;
  /** Changing it deals every key anew. */
  readonly salt: string;
  /** Default `order`. */
  readonly stickyBy?: StickyBy | undefined;
  /** Names every executor; the order of its keys is the order of takeover. */
  readonly default: Weights<Key>;
  /** The first that matches decides. */
  readonly rules?: readonly RoutingRule<Key>[] | undefined;
  /** Executors not to be used at all, not even for takeover. */
  readonly off?: readonly Key[] | undefined;
  /** Takes every first attempt, above weights, rules and ramp. Operations on this bot's own orders stay with the executor that placed them. */
  readonly force?: Key | undefined;
  /** Raises one executor's share by steps as long as its numbers hold, up to the weights given here. Default: none. */
  readonly ramp?: RampConfig<Key> | undefined;
  /** Latches that a person has lifted, each by the `latch` that `rollout.changed` named. Default: none. */
  readonly released?: readonly string[] | undefined;
  /** Has every other executor encode each order without sending it, and compares. Default false. */
  readonly shadow?: boolean | undefined;
  /** For editors. */
  readonly $schema?: string | undefined;
  /** Who delivers reads and lookups. Default: the last key of `default`. */
  readonly reads?: Key | undefined;
}
