/**
 * Ticks as exact decimals. A tick size such as 0.0000005 has no exact binary form, so prices are never compared by remainder:
 * they are counted in whole ticks and rebuilt by one division of two exact integers, which IEEE 754 rounds correctly.
 */
interface DecimalTick {
  /** The tick's digits as an integer: 5 for 0.0000005. */
  readonly mantissa: number;
  /** The power of ten that the mantissa is divided by: 10,000,000 for 0.0000005. */
  readonly divisor: number;
}

const largestExactPower = 22; // 10 ** 22 is the last power of ten that a double holds exactly.
const decimalTicks = new Map<number, DecimalTick>();

function decimalTick(tickSize: number): DecimalTick {
  const known = decimalTicks.get(tickSize);
  if (known) return known;
  if (!(tickSize > 0) || !Number.isFinite(tickSize))
    throw new RangeError(`tickSize must be a positive number, not ${tickSize}`);
  const { digits, exponent } = decimalParts(tickSize);
  const scale = Math.max(0, -exponent);
  if (scale > largestExactPower)
    throw new RangeError(`tickSize ${tickSize} has more than ${largestExactPower} decimals`);
  const made = { mantissa: Number(digits) * 10 ** Math.max(0, exponent), divisor: 10 ** scale };
  decimalTicks.set(tickSize, made);
  return made;
}

/** The shortest decimal that reads back as `value`, as digits and a power of ten. */
function decimalParts(value: number): { readonly digits: string; readonly exponent: number } {
  const [coefficient = '', power = '0'] = value.toExponential().split('e');
  const [whole = '', fraction = ''] = coefficient.split('.');
  return { digits: whole + fraction, exponent: Number(power) - fraction.length };
}

/** The price of a whole number of ticks, as the double nearest to its decimal. */
export function priceOfTicks(ticks: number, tickSize: number): number {
  const { mantissa, divisor } = decimalTick(tickSize);
  return (ticks * mantissa) / divisor;
}

/** How many ticks `price` is, rounded to the nearest. */
export function nearestTicks(price: number, tickSize: number): number {
  const { mantissa, divisor } = decimalTick(tickSize);
  return Math.round((price * divisor) / mantissa);
}

/** The noise that a few additions or multiplications leave in a double: 8 units in the last place. */
const arithmeticNoise = 8 * Number.EPSILON;

/**
 * The exact price on the tick that `price` means, or undefined when it lies between ticks.
 * What a bot computed as 0.1 + 0.2 is 0.3; anything further off than arithmetic can explain is not rounded.
 */
export function alignToTick(price: number, tickSize: number): number | undefined {
  const ticks = nearestTicks(price, tickSize);
  if (!Number.isSafeInteger(ticks * decimalTick(tickSize).mantissa)) return undefined;
  const exact = priceOfTicks(ticks, tickSize);
  return Math.abs(price - exact) <= Math.abs(price) * arithmeticNoise ? exact : undefined;
}
