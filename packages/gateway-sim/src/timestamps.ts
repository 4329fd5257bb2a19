import { positionOf } from './instant.ts';

/** Decimals of a second that each side of the gateway writes at most (recorded in 2026). */
const restDecimals = 6;
const hubDecimals = 7;
/** Odd, so that consecutive milliseconds get parts that look drawn. */
const step = 7919;

/**
 * The ten-millionths of a second beyond a millisecond, 0 to 9999: the gateway's clock is finer than the simulator's, and clients must bear its decimals.
 * Always the same for one millisecond, so that both sides of the gateway show one instant; instants on whole hundredths, as a manual clock is mostly set to, stay round.
 */
export function fractionOf(epochMs: number): number {
  return epochMs % 10 === 0 ? 0 : ((Math.floor(epochMs) % 10_000) * step) % 10_000;
}

/** Where something that happened in a millisecond stands between instants of a client, in milliseconds since the epoch. */
export function positionAt(epochMs: number): number {
  return positionOf({ epochMs, fraction: fractionOf(epochMs) });
}

/** As the gateway's REST side writes it: offset instead of Z, up to six decimals, trailing zeros trimmed. */
export function restTimestamp(epochMs: number, fraction: number = 0): string {
  return trimmed(epochMs, fraction, restDecimals);
}

/** As the hubs write it: the same with up to seven decimals. */
export function hubTimestamp(epochMs: number, fraction: number = 0): string {
  return trimmed(epochMs, fraction, hubDecimals);
}

/** A difference that can be switched on: every decimal, zeros too. */
export function paddedTimestamp(epochMs: number, fraction: number = 0): string {
  return `${new Date(epochMs).toISOString().slice(0, -1)}${String(fraction).padStart(4, '0')}+00:00`;
}

function trimmed(epochMs: number, fraction: number, decimals: number): string {
  const [seconds = '', milliseconds = ''] = new Date(epochMs).toISOString().slice(0, -1).split('.');
  const digits = `${milliseconds}${String(fraction).padStart(4, '0')}`
    .slice(0, decimals)
    .replace(/0+$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}+00:00`;
}
