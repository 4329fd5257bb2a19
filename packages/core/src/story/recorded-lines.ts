import type { OrderRecord } from '../journal/journal.ts';
import type { Mutation } from '../operation.ts';
import { noTimings } from '../router/delivery-report.ts';
import type { Decision } from '../router/decision.ts';
import { decisionText } from '../router/decision.ts';
import { decisionOf } from '../router/decision-record.ts';
import type { StoryLine } from './story-line.ts';

type DeliveryLine = Extract<StoryLine, { readonly kind: 'delivery' }>;
type AttemptRecord = Extract<OrderRecord, { readonly kind: 'intent' | 'attempt' }>;

/** What the lines of an intent say of a delivery whose end is not read yet. */
interface Begun {
  readonly record: AttemptRecord;
  readonly decision: Decision | undefined;
}

/**
 * Deliveries and outcomes of an order as its journal tells them: those of an earlier process, and those of this one that its own story has dropped.
 * `records` are the order's, oldest first; what `told` has already is left out.
 */
export function recordedLines(
  records: readonly OrderRecord[],
  told: readonly StoryLine[],
): StoryLine[] {
  const known = new Set(told.map(keyOf));
  const lines: StoryLine[] = [];
  const begun = new Map<Mutation, Begun>();
  const add = (line: StoryLine): void => {
    if (!known.has(keyOf(line))) lines.push(line);
  };
  const end = (operation: Mutation, meant: string, at?: number): void => {
    const delivery = begun.get(operation);
    begun.delete(operation);
    if (delivery) add(deliveryLine(delivery, meant, at ?? delivery.record.at));
  };
  for (const record of records) {
    const { operation } = record;
    switch (record.kind) {
      case 'intent':
        end(operation, notKnown);
        begun.set(operation, { record, decision: decisionOf(record, record.executor) });
        break;
      case 'attempt': {
        const before = begun.get(operation);
        const failure =
          before &&
          record.passedBy?.find(
            ({ executor, why }) => why === 'failed' && executor === before.record.executor,
          );
        end(operation, failure?.because ?? notKnown, record.at);
        const { passedBy, lastResort } = record;
        begun.set(operation, {
          record,
          decision: before?.decision && { ...before.decision, passedBy, lastResort },
        });
        break;
      }
      case 'outcome':
        end(operation, record.code ?? record.outcome, record.at);
        add({
          kind: 'outcome',
          at: record.at,
          clientOrderId: record.clientOrderId,
          orderId: record.orderId,
          operation,
          outcome: record.outcome,
          code: record.code,
          message: record.message,
        });
        break;
    }
  }
  // Under way still, or the process ended before there was an end to write down.
  for (const operation of begun.keys()) end(operation, notKnown);
  return lines;
}

const notKnown = 'not-known';

function deliveryLine({ record, decision }: Begun, meant: string, at: number): DeliveryLine {
  const { operation, clientOrderId, orderId, executor } = record;
  const attempt = record.kind === 'attempt' ? record.because : '';
  return {
    kind: 'delivery',
    at,
    clientOrderId,
    orderId,
    operation,
    executor,
    decision,
    because: decisionText(decision, executor, operation, attempt),
    bytes: undefined,
    meant,
    timings: noTimings,
    sentAt: record.at,
  };
}

/** By which the story of this process and the journal know each other's lines. */
function keyOf(line: StoryLine): string {
  if (line.kind === 'delivery') return `delivery ${line.operation} ${line.executor} ${line.sentAt}`;
  if (line.kind === 'outcome') return `outcome ${line.operation} ${line.outcome} ${line.at}`;
  return line.kind;
}
