import type { Tick } from '../tick.ts';
import { tickOf } from '../tick.ts';
import type { Product } from './products.ts';
import { products } from './products.ts';

/** A contract as the gateway lists it, with what the exchange needs to trade it. */
export interface SimulatedContract {
  readonly id: string;
  readonly name: string;
  /** As position rows name it: the name with two digits of the year (recorded on the hub). */
  readonly displayName: string;
  readonly description: string;
  readonly tickSize: number;
  readonly tickValue: number;
  readonly activeContract: boolean;
  readonly symbolId: string;
  readonly product: Product;
  readonly tick: Tick;
}

const monthLetters = 'FGHJKMNQUVXZ';
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
/** Contracts of the running month count as front until this day, near the usual third Friday. */
const lastTradingDay = 15;

/** The front contract of every product at an instant, and the one before it, expired. */
export function contractsAt(epochMs: number): SimulatedContract[] {
  return products.flatMap((product) => {
    const front = frontMonth(product, epochMs);
    const previous = step(product, front, -1);
    return [contractOf(product, front, true), contractOf(product, previous, false)];
  });
}

/** A product by the name bots use, such as `MNQ`. */
export function productOfName(exchangeRoot: string): Product | undefined {
  return products.find((product) => product.exchangeRoot === exchangeRoot);
}

/** Months since the year 0. */
export function frontMonth(product: Product, epochMs: number): number {
  const date = new Date(epochMs);
  let month =
    date.getUTCFullYear() * 12 +
    date.getUTCMonth() +
    product.lead +
    (date.getUTCDate() > lastTradingDay ? 1 : 0);
  while (!isTraded(product, month)) month += 1;
  return month;
}

/** The month after `month` in which a product has a contract. */
export function nextMonth(product: Product, month: number): number {
  return step(product, month, 1);
}

/** The product and the month, since the year 0, that an id names. Undefined for what is no id of a contract that is traded in that month. */
export function monthOfId(
  contractId: string,
): { readonly product: Product; readonly month: number } | undefined {
  const [, root = '', letter = '', year = ''] =
    /^CON\.F\.US\.(\w+)\.([A-Z])(\d\d)$/.exec(contractId) ?? [];
  const product = products.find((each) => each.root === root);
  return product?.months.includes(letter) === true && letter !== ''
    ? { product, month: (2000 + Number(year)) * 12 + monthLetters.indexOf(letter) }
    : undefined;
}

function step(product: Product, from: number, direction: 1 | -1): number {
  let month = from + direction;
  while (!isTraded(product, month)) month += direction;
  return month;
}

function isTraded({ months }: Product, month: number): boolean {
  return months.includes(monthLetters.charAt(month % 12));
}

/** The contract of a month, counted since the year 0. */
export function contractOf(
  product: Product,
  month: number,
  activeContract: boolean,
): SimulatedContract {
  const letter = monthLetters.charAt(month % 12);
  const year = Math.floor(month / 12);
  return {
    id: `CON.F.US.${product.root}.${letter}${twoDigits(year)}`,
    name: `${product.exchangeRoot}${letter}${year % 10}`,
    displayName: `${product.exchangeRoot}${letter}${twoDigits(year)}`,
    description: `${product.description}: ${monthNames[month % 12] ?? ''} ${year}`,
    tickSize: product.tickSize,
    tickValue: product.tickValue,
    activeContract,
    symbolId: `F.US.${product.root}`,
    product,
    tick: tickOf(product.tickSize),
  };
}

function twoDigits(year: number): string {
  return String(year % 100).padStart(2, '0');
}
