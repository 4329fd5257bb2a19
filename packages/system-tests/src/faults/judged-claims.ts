import type { OrderTruth } from '@hotpath/gateway-sim';
import type { CallClaim, Claim, OutcomeClaim } from './claims.ts';
import type { Counts } from './counts.ts';
import { restingPrice } from './identities.ts';
import { judge } from './verdict.ts';

export const zeros: Counts = {
  duplicates: 0,
  lost: 0,
  falseFailures: 0,
  falseSuccesses: 0,
  contradicted: 0,
  unannounced: 0,
  crossed: 0,
  unresolved: 0,
  recovered: 0,
};
let calls = 0;
/** How late the venue may carry a request out. */
export const lateMs = 1_000;

export const call = (fields: Partial<CallClaim> = {}): CallClaim => ({
  kind: 'call',
  at: 100,
  call: String((calls += 1)),
  intent: 'rest:1',
  operation: 'place',
  clientOrderId: 'a',
  ...fields,
});
/** What a bot was told of a call. */
export const word = (to: CallClaim, fields: Partial<OutcomeClaim>): OutcomeClaim => ({
  kind: 'outcome',
  at: to.at + 10,
  call: to.call,
  outcome: 'accepted',
  final: true,
  ...fields,
});
export const audit = (clientOrderId: string, orderId: number, status = 'working'): Claim => ({
  kind: 'audit',
  clientOrderId,
  orderId: String(orderId),
  status,
});

/** An order of the venue's record. */
export function order(
  id: number,
  tag: string | null,
  fields: Partial<OrderTruth> & {
    readonly body?: object;
    readonly path?: string;
    readonly madeAt?: number;
  } = {},
): OrderTruth {
  const {
    body = { limitPrice: restingPrice(1), size: 1 },
    path = '/api/Order/place',
    madeAt = 105,
    status = 1,
    ...others
  } = fields;
  const base = {
    accountId: 800_001,
    contractId: 'CON.F.US.MNQ.Z26',
    type: 1,
    side: 0,
    size: 1,
    limitPrice: restingPrice(1),
    stopPrice: null,
    fillVolume: 0,
    filledPrice: null,
    creationTimestamp: '',
    updateTimestamp: '',
  };
  return {
    ...base,
    ...others,
    id,
    customTag: tag,
    status,
    states: [
      { status: 6, at: madeAt },
      { status, at: madeAt },
    ],
    requests: [{ at: madeAt, path, body: JSON.stringify(body) }],
  };
}
/** The counts alone of what is judged. */
export const counted = (
  claims: readonly Claim[],
  orders: readonly OrderTruth[],
  fills?: readonly object[],
): Counts => {
  const {
    marks: _marks,
    latenciesUs: _latencies,
    places: _places,
    ...counts
  } = judge(claims, { orders, ...(fills && { fills }) }, 0, lateMs);
  return counts;
};
