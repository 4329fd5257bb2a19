/** As the gateway's REST side writes it: offset instead of Z, trailing zeros of the fraction trimmed. */
export function restTimestamp(epochMs: number): string {
  const text = new Date(epochMs).toISOString().slice(0, -1);
  const trimmed = text.replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : text.includes('.') ? '' : zeros));
  return `${trimmed}+00:00`;
}

/** As the hubs write it: seven digits of a second. */
export function hubTimestamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, -1)}0000+00:00`;
}
