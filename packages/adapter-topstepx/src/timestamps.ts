/** A span as `Order/search` and `Trade/search` want it. */
export function timestamps({
  from,
  to,
}: {
  readonly from: number;
  readonly to?: number | undefined;
}): object {
  return {
    startTimestamp: new Date(from).toISOString(),
    ...(to !== undefined && { endTimestamp: new Date(to).toISOString() }),
  };
}
