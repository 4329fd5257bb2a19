import type { NotSeen } from './check.ts';
import { notSeen } from './check.ts';
import { marketHub, minuteBars, timeOf } from './facts.ts';
import type { Fields } from './gateway-http.ts';
import { isFields } from './gateway-http.ts';
import type { Run } from './run.ts';

/** Below the market: not to be reached within seconds, and within the 7 % that an exchange takes orders in. */
const farBelow = 0.95;
/** An older bar says nothing of the market there is now: bars have stood still for over an hour. */
const freshMs = 10 * 60_000;
const betweenLooksMs = 20;

/** What a buy order may cost without being reached: on a tick, 5 % below every price the market has shown in this run. */
export async function farPrice(run: Run): Promise<number | NotSeen> {
  const prices = [...(await quotedPrices(run)), ...freshCloses(await minuteBars(run), Date.now())];
  // safeguard: an order of a conformance run is far below prices of now
  if (prices.length === 0)
    return notSeen(
      'no quote came and no bar of the last minutes: the market is closed or quiet, so that no price is far for certain',
    );
  // end of safeguard
  return (
    farBelowAll(prices, run.contract.tickSize) ??
    notSeen('the price is not above zero, so that none is 5 % below it')
  );
}

/** Undefined where a price is not above zero. */
export function farBelowAll(prices: readonly number[], tickSize: number): number | undefined {
  const lowest = Math.min(...prices);
  return lowest > 0 ? onTick(Math.floor((lowest * farBelow) / tickSize), tickSize) : undefined;
}

/** Without the error of a product of doubles; the smallest tick there is has seven decimals. */
export function onTick(ticks: number, tickSize: number): number {
  return Number((ticks * tickSize).toFixed(9));
}

/** The close of the newest bar, unless it is old. */
export function freshCloses(rows: readonly Fields[], now: number): number[] {
  const newest = rows.toSorted((a, b) => timeOf(b, 't') - timeOf(a, 't'))[0];
  const close = newest?.['c'];
  return newest && typeof close === 'number' && now - timeOf(newest, 't') <= freshMs ? [close] : [];
}

/** Bids and trades that have come; waits for the first of them as long as the market is watched anyway. */
async function quotedPrices(run: Run): Promise<number[]> {
  const tap = await marketHub(run).catch(() => undefined);
  if (!tap) return [];
  const until = performance.now() + run.watchMs;
  for (;;) {
    const rows = tap
      .events('GatewayQuote')
      .map(({ given }) => given[1])
      .filter(isFields);
    const prices = rows
      .flatMap(({ bestBid, lastPrice }) => [bestBid, lastPrice])
      .filter((price) => typeof price === 'number');
    if (prices.length > 0 || performance.now() > until) return prices;
    await run.pause(betweenLooksMs);
  }
}
