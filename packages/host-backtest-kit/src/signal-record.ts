import type { OrderRequest } from '@hotpath/core';
import * as z from 'zod';
import type { StrategyContext } from './strategy-context.ts';

/** A change of a position under an id of its own. */
export interface CommitRecord {
  readonly kind: 'part' | 'avg' | 'close';
  /** Which of its kind, counted by the engine. */
  readonly count: number;
  /** What the engine asked for: percent of a part, dollars of an average. A repeat that asks for something else is another change. */
  readonly asked: number;
  readonly quantity: number;
  readonly clientOrderId: string;
  /** The content of its order, sent again as it is. */
  readonly request: OrderRequest;
  state: 'sent' | 'done' | 'refused';
}

/** What was sent for a signal and what came of it. */
export interface SignalRecord {
  readonly clientOrderId: string;
  readonly signalId: string;
  readonly context: StrategyContext;
  readonly position: 'long' | 'short';
  readonly contractId: string;
  readonly tickSize: number;
  /** The content of the entry, sent again as it is. */
  readonly request: OrderRequest;
  /** Wall milliseconds of the first try. */
  readonly firstAt: number;
  /** `sent`: its end is not known. `resting`: works at its price. `open`: held. `closed`, `dropped`: over; `dropped` may still turn up. `left`: the engine counts it as closed, the venue holds it. */
  state: 'sent' | 'resting' | 'open' | 'closed' | 'dropped' | 'left';
  /** Contracts held for this signal; of a resting entry, as many as have filled so far. */
  held: number;
  /** The venue has shown the end of the entry, with something filled: what the position list lacks from here on has been closed. */
  hasFilled?: boolean | undefined;
  /** The entry's order and those of averages: a bracket's legs name them. */
  entries: string[];
  commits: CommitRecord[];
  /** How much of the held was taken by legs at the venue, and which did it last. */
  byLegs: number;
  exit: 'take-profit' | 'stop-loss' | undefined;
}

const context = z.object({
  strategyName: z.string(),
  exchangeName: z.string(),
  symbol: z.string(),
});
const request = z.custom<OrderRequest>(
  (value) => typeof value === 'object' && value !== null && 'type' in value && 'symbol' in value,
);
const commit = z.object({
  kind: z.enum(['part', 'avg', 'close']),
  count: z.number(),
  asked: z.number(),
  quantity: z.number(),
  clientOrderId: z.string(),
  request,
  state: z.enum(['sent', 'done', 'refused']),
});

/** One line of the file. What was sent is not looked into: the broker checks it again before it sends it again. */
export const signalRecordSchema: z.ZodType<SignalRecord> = z.object({
  clientOrderId: z.string(),
  signalId: z.string(),
  context,
  position: z.enum(['long', 'short']),
  contractId: z.string(),
  tickSize: z.number(),
  request,
  firstAt: z.number(),
  state: z.enum(['sent', 'resting', 'open', 'closed', 'dropped', 'left']),
  held: z.number(),
  hasFilled: z.boolean().optional(),
  entries: z.array(z.string()),
  commits: z.array(commit),
  byLegs: z.number(),
  exit: z.enum(['take-profit', 'stop-loss']).optional(),
}) as z.ZodType<SignalRecord>;
