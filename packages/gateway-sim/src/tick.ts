/** A tick size as two exact integers: 0.0000005 is 5 over 10,000,000. Prices are counted in ticks, never compared by remainder. */
export interface Tick {
  readonly mantissa: number;
  readonly divisor: number;
}

export function tickOf(tickSize: number): Tick {
  const [coefficient = '', power = '0'] = tickSize.toExponential().split('e');
  const [whole = '', fraction = ''] = coefficient.split('.');
  const exponent = Number(power) - fraction.length;
  return {
    mantissa: Number(whole + fraction) * 10 ** Math.max(0, exponent),
    divisor: 10 ** Math.max(0, -exponent),
  };
}

/** The double nearest to the exact decimal: one correctly rounded division of two integers. */
export function priceOfTicks(ticks: number, { mantissa, divisor }: Tick): number {
  return (ticks * mantissa) / divisor;
}

/** Whole ticks, or undefined for a price between them. */
export function ticksOfPrice(price: number, tick: Tick): number | undefined {
  const ticks = Math.round((price * tick.divisor) / tick.mantissa);
  return Number.isSafeInteger(ticks * tick.mantissa) && priceOfTicks(ticks, tick) === price
    ? ticks
    : undefined;
}
