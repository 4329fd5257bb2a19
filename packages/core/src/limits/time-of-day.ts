const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const minuteMs = 60_000;

/** Reads the local time of one time zone. Asking the zone's data is slow, and its offset changes only on a quarter of an hour. */
export class LocalTime {
  readonly #format: Intl.DateTimeFormat;
  #quarter = NaN;
  #offsetMs = 0;

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  }

  /** Minutes since local midnight. */
  minuteOf(epochMs: number): number {
    const local = epochMs + this.#offsetAt(epochMs);
    return Math.floor((((local % dayMs) + dayMs) % dayMs) / minuteMs);
  }

  /** The last instant at or before `epochMs` at which the local clock showed this minute of the day. */
  lastAt(minute: number, epochMs: number): number {
    const since = (this.minuteOf(epochMs) - minute + 1440) % 1440;
    return Math.floor(epochMs / minuteMs) * minuteMs - since * minuteMs;
  }

  #offsetAt(epochMs: number): number {
    const quarter = Math.floor(epochMs / (15 * minuteMs));
    if (quarter === this.#quarter) return this.#offsetMs;
    const at = quarter * 15 * minuteMs;
    const parts = Object.fromEntries(
      this.#format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    this.#offsetMs =
      Date.UTC(
        parts['year'] ?? 0,
        (parts['month'] ?? 1) - 1,
        parts['day'] ?? 1,
        parts['hour'] ?? 0,
        parts['minute'] ?? 0,
      ) - at;
    this.#quarter = quarter;
    return this.#offsetMs;
  }
}

/** `HH:MM` as minutes since midnight. */
export function minuteOfDay(text: string): number {
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}
