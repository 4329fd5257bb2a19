import type { Operation } from '../operation.ts';
import { murmur3 } from './murmur3.ts';
import type { RoutingConfig, RoutingRule, StickyBy, Weights } from './routing-config.ts';
import type { Ceilings } from './weights-in-force.ts';
import { weightsInForce } from './weights-in-force.ts';

/** What is known of an intent when its executor is chosen. */
export interface RoutingKey {
  readonly clientOrderId?: string | undefined;
  readonly orderId?: string | undefined;
  /** The account's id. */
  readonly account?: string | undefined;
  readonly accountName?: string | undefined;
  readonly strategy?: string | undefined;
  /** The contract's root. */
  readonly symbol?: string | undefined;
  readonly contractName?: string | undefined;
  readonly contractId?: string | undefined;
}

/** A share that a ramp or a latch holds below the table's, and that took a request away from its executor. */
export interface ShareCut {
  /** Whose share it is. */
  readonly executor: string;
  /** Whom the table's own weights choose. */
  readonly from: string;
  readonly tablePercent: number;
  readonly inForcePercent: number;
  /** A ramp's step, or zero by a latch. */
  readonly by: 'ramp' | 'latch';
}

/** Who goes where, and why. */
export interface Assignment<Key extends string = string> {
  readonly executor: Key;
  /** 0 to 99,999; undefined where nothing was drawn. */
  readonly bucket: number | undefined;
  /**
   * A rule's index, or `default`; `forced` where the table forces one; `reads` for reads; `missing-key` when the unit is not known, which goes to the last executor;
   * `placed-by` when the order's own executor was kept.
   */
  readonly rule: number | 'default' | 'forced' | 'reads' | 'missing-key' | 'placed-by';
  /** Present where a share that is held below the table's decided: without it the request had gone to `from`. */
  readonly cut?: ShareCut | undefined;
}

/** A routing table made ready for use. Immutable: a new table replaces it whole, between orders. */
export interface RoutingSnapshot<Key extends string = string> {
  /** The executors in their order: the order of walking weights and of takeover. */
  readonly order: readonly Key[];
  readonly off: ReadonlySet<Key>;
  readonly reads: Key;
  /** The table it was made from. */
  readonly config: RoutingConfig<Key>;
  /** Percent in force by executor where no rule matches: the table's, after ceilings. */
  readonly weights: ReadonlyMap<Key, number>;
  assign(operation: Operation, key: RoutingKey): Assignment<Key>;
}

const bucketCount = 100_000;
const bucketsPerPercent = bucketCount / 100;

interface Shares<Key extends string> {
  readonly inForce: ReadonlyMap<Key, number>;
  readonly limits: readonly number[];
  /** As the table has them, where a ceiling holds one below that. */
  readonly table:
    | { readonly weights: Weights<Key>; readonly limits: readonly number[] }
    | undefined;
}

/** Makes a checked routing table ready for use. `ceilings`: what a ramp has reached, and zeros by evidence; `latched`: those whose zero is a latch's. */
export function compileRouting<Key extends string>(
  config: RoutingConfig<Key>,
  ceilings: Ceilings<Key> = new Map(),
  latched: ReadonlySet<Key> = new Set(),
): RoutingSnapshot<Key> {
  const order = keysOf(config.default);
  const last = order.at(-1);
  if (last === undefined) throw new RangeError('default: names no executor');
  const off = new Set(config.off);
  const sharesOf = (weights: Weights<Key>): Shares<Key> => {
    const inForce = weightsInForce(weights, order, off, ceilings);
    const isCut = order.some((key) => (inForce.get(key) ?? 0) < (weights[key] ?? 0));
    return {
      inForce,
      limits: bucketLimits(order, inForce),
      table: isCut
        ? {
            weights,
            limits: bucketLimits(order, new Map(order.map((key) => [key, weights[key] ?? 0]))),
          }
        : undefined,
    };
  };
  const rules = (config.rules ?? []).map((rule) => ({
    match: rule.match,
    shares: sharesOf(rule.weights),
  }));
  const defaultShares = sharesOf(config.default);
  const { stickyBy = 'order', reads = last, force } = config;
  const prefixes = prefixesOf(config.salt);

  return {
    config,
    order,
    off,
    reads,
    weights: defaultShares.inForce,
    assign(operation, key) {
      if (operation === 'read') return { executor: reads, bucket: undefined, rule: 'reads' };
      if (force !== undefined) return { executor: force, bucket: undefined, rule: 'forced' };
      const unit = unitOf(operation, key, stickyBy);
      if (unit === undefined) return { executor: last, bucket: undefined, rule: 'missing-key' };
      const bucket = Math.floor((murmur3(prefixes[operation] + unit) * bucketCount) / 2 ** 32);
      // Plain loops: this stands between every call and its write.
      let matching = 0;
      while (matching < rules.length && !matches(rules[matching]?.match, operation, key))
        matching += 1;
      const shares = rules[matching]?.shares ?? defaultShares;
      const executor = order[positionOf(bucket, shares.limits)] ?? last;
      const rule = matching < rules.length ? matching : 'default';
      if (shares.table === undefined) return { executor, bucket, rule };
      const from = order[positionOf(bucket, shares.table.limits)] ?? last;
      return from === executor
        ? { executor, bucket, rule }
        : {
            executor,
            bucket,
            rule,
            cut: cutOf(shares, shares.table.weights, from, order, latched),
          };
    },
  };
}

function positionOf(bucket: number, limits: readonly number[]): number {
  let position = 0;
  while (position < limits.length && bucket >= (limits[position] ?? 0)) position += 1;
  return position;
}

/** Whose share was held, so that a bucket of `from` went to another: its own, or one before it whose span shrank. */
function cutOf<Key extends string>(
  { inForce }: Shares<Key>,
  table: Weights<Key>,
  from: Key,
  order: readonly Key[],
  latched: ReadonlySet<Key>,
): ShareCut {
  const isHeld = (key: Key): boolean => (inForce.get(key) ?? 0) < (table[key] ?? 0);
  const executor = isHeld(from) ? from : (order.find(isHeld) ?? from);
  return {
    executor,
    from,
    tablePercent: table[executor] ?? 0,
    inForcePercent: inForce.get(executor) ?? 0,
    by: latched.has(executor) ? 'latch' : 'ramp',
  };
}

function prefixesOf(salt: string): Readonly<Record<Operation, string>> {
  return {
    place: `${salt}:place:`,
    modify: `${salt}:modify:`,
    cancel: `${salt}:cancel:`,
    close: `${salt}:close:`,
    reduce: `${salt}:reduce:`,
    read: `${salt}:read:`,
  };
}

function keysOf<Key extends string>(weights: Weights<Key>): Key[] {
  const keys: Key[] = [];
  for (const key in weights) keys.push(key);
  return keys;
}

/** The bucket below which each executor's share ends. Raising one share while no other rises only widens that one's span at both ends. */
function bucketLimits<Key extends string>(
  order: readonly Key[],
  weights: ReadonlyMap<Key, number>,
): number[] {
  let limit = 0;
  return order.map((key) => (limit += Math.round((weights.get(key) ?? 0) * bucketsPerPercent)));
}

function unitOf(operation: Operation, key: RoutingKey, stickyBy: StickyBy): string | undefined {
  switch (operation) {
    case 'modify':
    case 'cancel':
      return key.orderId;
    case 'close':
    case 'reduce':
      return joined(key.account, key.contractId);
    case 'place':
    case 'read':
      return placeUnit(key, stickyBy);
  }
}

function placeUnit(key: RoutingKey, stickyBy: StickyBy): string | undefined {
  switch (stickyBy) {
    case 'order':
      return key.clientOrderId;
    case 'account':
      return key.account;
    case 'strategy':
      return key.strategy;
    case 'account+strategy':
      return joined(key.account, key.strategy);
    case 'symbol':
      return key.symbol;
  }
}

function joined(first: string | undefined, second: string | undefined): string | undefined {
  return first === undefined || second === undefined ? undefined : `${first}+${second}`;
}

function matches(
  match: RoutingRule<string>['match'] | undefined,
  operation: Operation,
  key: RoutingKey,
): boolean {
  return (
    match !== undefined &&
    (match.operation === undefined || match.operation === operation) &&
    (match.strategy === undefined || match.strategy === key.strategy) &&
    (match.account === undefined ||
      match.account === key.account ||
      match.account === key.accountName) &&
    (match.symbol === undefined ||
      match.symbol === key.symbol ||
      match.symbol === key.contractName ||
      match.symbol === key.contractId)
  );
}
