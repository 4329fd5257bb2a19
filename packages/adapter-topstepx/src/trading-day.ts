/** Where the exchange's clock hangs. */
const chicago = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Chicago',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Wall clock of Chicago, as if it were UTC. */
function chicagoTime(at: number): number {
  const parts = Object.fromEntries(
    chicago.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(
    parts['year'] ?? 0,
    (parts['month'] ?? 1) - 1,
    parts['day'],
    parts['hour'],
    parts['minute'],
    parts['second'],
  );
}

/** The number of the trading day an instant belongs to: one begins at 17:00 in Chicago (Topstep's help centre), summer and winter. */
export function tradingDay(at: number): number {
  return Math.floor((chicagoTime(at) + 7 * hourMs) / dayMs);
}
