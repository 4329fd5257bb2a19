/** One bot's orders of one round. */
export interface TakenRound {
  /** Microseconds of each, from the call to its outcome. */
  readonly ordersUs: readonly number[];
  /** Microseconds of a processor that the bot's process used for an order, the kernel's work for it and the collector's included: what other work on the machine changes least. */
  readonly processorUs: number;
}
