/** An instant to the ten-millionth of a second, as the gateway keeps it: whole milliseconds since the epoch, and 0 to 9999 parts of the next one. */
export interface Instant {
  readonly epochMs: number;
  readonly fraction: number;
}

/** ISO 8601 as the framework reads it: a date, or a date and time with `T` between and at most sixteen decimals, with or without a zone. */
const shape =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,16}))?)?(?:Z|([+-])(\d\d)(?::(\d\d))?)?)?$/;

/** The instant a text names; undefined for what the framework does not read. A time without a zone is UTC, wherever this runs. */
export function parseInstant(text: string): Instant | undefined {
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '0',
    minute = '0',
    second = '0',
    decimals = '',
    sign,
    offsetHours = '0',
    offsetMinutes = '0',
  ] = shape.exec(text) ?? [];
  if (year === '') return undefined;
  const digits = decimals.padEnd(7, '0').slice(0, 7);
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(digits.slice(0, 3)));
  // What has no such day or minute ends up on another one.
  const isReal =
    Number(year) > 0 &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  const offset = Number(offsetHours) * 60 + Number(offsetMinutes);
  if (!isReal || offset > 14 * 60) return undefined;
  return {
    epochMs: date.getTime() - (sign === '-' ? -1 : 1) * offset * 60_000,
    fraction: Number(digits.slice(3)),
  };
}

/** Where an instant stands between others, in milliseconds since the epoch. */
export function positionOf({ epochMs, fraction }: Instant): number {
  return epochMs + fraction / 10_000;
}
