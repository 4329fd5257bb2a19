const units = { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(?<amount>\d+(?:\.\d+)?)(?<unit>us|ms|s|m|h|d)$/u;

/** Milliseconds of a text such as `30m`; undefined for what is no duration. */
export function durationMs(text: string): number | undefined {
  const { amount, unit } = pattern.exec(text)?.groups ?? {};
  const factor = Object.entries(units).find(([name]) => name === unit)?.[1];
  return factor === undefined ? undefined : Number(amount) * factor;
}
