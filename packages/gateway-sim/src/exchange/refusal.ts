import type { OrderRecord } from './order-record.ts';
/** Why the venue refuses: the endpoint's own number and text. */
export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** The rejected order, where one was made. */
  readonly orderId: number | null;
}

export function refusal(
  errorCode: number,
  errorMessage: string | null = null,
  orderId: number | null = null,
): Refusal {
  return { errorCode, errorMessage, orderId };
}

export function isRefusal(result: OrderRecord | Refusal): result is Refusal {
  return 'errorCode' in result;
}

/** The close endpoints have numbers of their own for what a place refuses. */
export function asCloseRefusal(
  { errorCode, errorMessage, orderId }: Refusal,
  partial: boolean,
): Refusal {
  const [rejected, accountRejected] = partial ? [6, 9] : [5, 8];
  // A partial close that is refused has no text (ProjectX documentation, 2026).
  return refusal(
    errorCode === 10 ? accountRejected : rejected,
    partial ? null : errorMessage,
    orderId,
  );
}
