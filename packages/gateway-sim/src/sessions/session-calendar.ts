/** When the venue trades, in the exchange's own time. */
export interface SessionCalendar {
  takesOrders(epochMs: number): boolean;
  /** Whether positions must have been closed: from just before the end of the trading day until the next opens. */
  mustBeFlat(epochMs: number): boolean;
}

const openMinute = 17 * 60;
/** The end for Topstep's accounts; refusals were recorded from 15:48 to 15:57, the rest of the window is inferred. */
const closeMinute = 15 * 60 + 10;
const flattenMinute = 15 * 60 + 8;
const breakMinute = 16 * 60;
const dayMinutes = 24 * 60;
const [sunday, friday, saturday] = [0, 5, 6];

/** Topstep's trading day: opens at 17:00 in Chicago, Sunday to Thursday, and ends at 15:10 the day after. Holidays are left out: the API does not tell them. */
export const topstepCalendar: SessionCalendar = {
  takesOrders: (epochMs) => !isBetweenSessions(epochMs, closeMinute),
  mustBeFlat: (epochMs) => isBetweenSessions(epochMs, flattenMinute),
};

/** Whether the exchange itself trades: all but its daily break from 16:00 to 17:00 in Chicago, and the weekend. */
export function exchangeTrades(epochMs: number): boolean {
  return !isBetweenSessions(epochMs, breakMinute);
}

function isBetweenSessions(epochMs: number, end: number): boolean {
  const { weekday, minute } = chicagoTime(epochMs);
  if (weekday === saturday) return true;
  if (weekday === sunday) return minute < openMinute;
  if (weekday === friday) return minute >= end;
  return minute >= end && minute < openMinute;
}

/** The trading day an instant belongs to, in whole days since the epoch: it begins at 17:00 in Chicago the evening before. */
export function tradingDay(epochMs: number): number {
  return Math.floor(
    (epochMs + chicagoOffsetMs(epochMs) + (dayMinutes - openMinute) * 60_000) /
      (dayMinutes * 60_000),
  );
}

/** Sunday is 0; minutes since midnight. */
export function chicagoTime(epochMs: number): {
  readonly weekday: number;
  readonly minute: number;
} {
  const local = new Date(epochMs + chicagoOffsetMs(epochMs));
  return { weekday: local.getUTCDay(), minute: local.getUTCHours() * 60 + local.getUTCMinutes() };
}

const hourMs = 3_600_000;
const offsetsByHour = new Map<number, number>();
const chicago = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Chicago',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
});

/** What to add to universal time. It only ever changes on a whole hour, and to ask the time zone's data is slow. */
function chicagoOffsetMs(epochMs: number): number {
  const hour = Math.floor(epochMs / hourMs);
  const known = offsetsByHour.get(hour);
  if (known !== undefined) return known;
  const parts = Object.fromEntries(
    chicago.formatToParts(hour * hourMs).map(({ type, value }) => [type, Number(value)]),
  );
  const offset =
    Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'] ?? 1, parts['hour'] ?? 0) -
    hour * hourMs;
  if (offsetsByHour.size > 20_000) offsetsByHour.clear();
  offsetsByHour.set(hour, offset);
  return offset;
}
