import type { OrderTruth, Truth } from '@hotpath/gateway-sim';
import { entrySize, reachablePrice, restingPrice } from './identities.ts';

/** What the venue's record says of one account. */
export interface VenueRecord {
  /** Orders that the venue took, by the intent that their price or size belongs to. */
  readonly accepted: ReadonlyMap<string, readonly OrderTruth[]>;
  readonly byId: ReadonlyMap<string, OrderTruth>;
  readonly byTag: ReadonlyMap<string, OrderTruth>;
  /** Of the positions' contract: what each order made of the position each time it traded, oldest first. */
  readonly steps: readonly PositionStep[];
}
export interface PositionStep {
  readonly at: number;
  /** When the venue made the order. */
  readonly madeAt: number;
  readonly by: 'entry' | 'close' | 'reduce';
  readonly before: number;
  readonly after: number;
}

const refusedOrPending = new Set([0, 5, 6]);

/** True when the venue took the order, whatever became of it then. */
export function wasAccepted({ states }: OrderTruth): boolean {
  return states.some(({ status }) => !refusedOrPending.has(status));
}

/** What the venue's record is judged by; without fills an order counts as filled at once. */
export type Recorded = Pick<Truth, 'orders'> & Partial<Pick<Truth, 'fills'>>;

export function venueRecord(
  { orders, fills }: Recorded,
  account: number,
  intents: Iterable<string>,
): VenueRecord {
  const own = orders.filter(({ accountId }) => accountId === account);
  const owners = new Map(
    [...intents].flatMap((intent) =>
      identityOf(intent).map((identity): [string, string] => [identity, intent]),
    ),
  );
  const accepted = new Map<string, OrderTruth[]>();
  for (const order of own) {
    const intent = wasAccepted(order) ? owners.get(requestIdentity(order) ?? '') : undefined;
    if (intent !== undefined) accepted.set(intent, [...(accepted.get(intent) ?? []), order]);
  }
  return {
    accepted,
    byId: new Map(own.map((order) => [String(order.id), order])),
    byTag: new Map(
      own.flatMap((order): [string, OrderTruth][] =>
        order.customTag === null ? [] : [[order.customTag.toLowerCase(), order]],
      ),
    ),
    steps: positionSteps(own, fills),
  };
}

function identityOf(intent: string): string[] {
  const [kind, text] = intent.split(':');
  const number = Number(text);
  if (kind === 'rest') return [`place ${restingPrice(number)}`];
  if (kind === 'reach') return [`place ${reachablePrice(number)}`];
  if (kind === 'enter') return [`place size ${entrySize(number)}`];
  if (kind === 'reduce') return [`reduce ${number}`];
  return [];
}

/** By what was asked for first, whatever it was changed to since. */
function requestIdentity({ requests: [made] }: OrderTruth): string | undefined {
  if (!made) return undefined;
  const fields: unknown = JSON.parse(made.body);
  if (typeof fields !== 'object' || fields === null) return undefined;
  const asked = new Map<string, unknown>(Object.entries(fields));
  if (/\/partialCloseContract$/i.test(made.path)) return `reduce ${String(asked.get('size'))}`;
  if (!/\/Order\/place$/i.test(made.path)) return undefined;
  return asked.has('limitPrice')
    ? `place ${String(asked.get('limitPrice'))}`
    : `place size ${String(asked.get('size'))}`;
}

interface Traded {
  readonly order: OrderTruth;
  readonly at: number;
  readonly size: number;
}

function positionSteps(orders: readonly OrderTruth[], fills: Recorded['fills']): PositionStep[] {
  const filled = orders.filter(
    ({ contractId, fillVolume }) => fillVolume > 0 && contractId.includes('.MES.'),
  );
  const traded =
    fills === undefined
      ? filled.map((order) => ({
          order,
          at: order.states.find(({ status }) => status === 2)?.at ?? 0,
          size: order.fillVolume,
        }))
      : tradedBy(filled, fills);
  let held = 0;
  return traded
    .toSorted((one, other) => one.at - other.at || one.order.id - other.order.id)
    .map(({ order, at, size }) => {
      const before = held;
      held += order.side === 0 ? size : -size;
      const path = order.requests[0]?.path ?? '';
      return {
        at,
        madeAt: order.states[0]?.at ?? at,
        by: /\/closeContract$/i.test(path)
          ? 'close'
          : /\/partialCloseContract$/i.test(path)
            ? 'reduce'
            : 'entry',
        before,
        after: held,
      };
    });
}

/** What each order traded at one time is one step: levels of a book, and what closes and opens in a reversal. */
function tradedBy(orders: readonly OrderTruth[], fills: readonly object[]): readonly Traded[] {
  const byId = new Map(orders.map((order) => [order.id, order]));
  const traded = new Map<string, Traded>();
  for (const fill of fills as readonly {
    readonly orderId: number;
    readonly creationTimestamp: string;
    readonly size: number;
  }[]) {
    const order = byId.get(fill.orderId);
    if (!order) continue;
    const at = Date.parse(fill.creationTimestamp);
    const key = `${order.id} ${at}`;
    traded.set(key, { order, at, size: (traded.get(key)?.size ?? 0) + fill.size });
  }
  return [...traded.values()];
}

/** Whether the position was flat at some instant of a span. */
export function wasFlat(steps: readonly PositionStep[], from: number, to: number): boolean {
  const earlier = steps.filter(({ at }) => at < from);
  if ((earlier.at(-1)?.after ?? 0) === 0) return true;
  return steps.some(({ at, after }) => at >= from && at <= to && after === 0);
}
