/** Why the venue refuses: the endpoint's own number and text. */
export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** The rejected order, where one was made. */
  readonly orderId: number | null;
}

export function refusal(errorCode: number, errorMessage: string | null = null, orderId: number | null = null): Refusal {
  return { errorCode, errorMessage, orderId };
}
