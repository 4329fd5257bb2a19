import { shown } from '../validation/field-problem.ts';

type Fields = Readonly<Record<string, unknown>>;
/** What is wrong with a value, as a sentence without its subject; undefined when nothing is. */
export type ValueProblem = (value: unknown) => string | undefined;

const orderTypes: ReadonlySet<unknown> = new Set([
  'market',
  'limit',
  'stop',
  'trailing-stop',
  'join-bid',
  'join-ask',
  'unknown',
]);
const statuses: ReadonlySet<unknown> = new Set([
  'pending',
  'working',
  'suspended',
  'cancelling',
  'filled',
  'cancelled',
  'expired',
  'rejected',
  'unknown',
]);

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): boolean =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value);
const isSide = (value: unknown): boolean => value === 'buy' || value === 'sell';
const isTextIfThere = (value: unknown): boolean => value === undefined || isText(value);
const isFlag = (value: unknown): boolean => typeof value === 'boolean';

/** What core relies on in each row; what a bot alone looks at is up to the adapter. */
export const orderProblem: ValueProblem = rowProblem('an order', {
  orderId: isText,
  clientOrderId: isTextIfThere,
  contractId: isText,
  side: isSide,
  type: (value) => orderTypes.has(value),
  status: (value) => statuses.has(value),
  quantity: isCount,
  filledQuantity: isCount,
  asOf: isNumber,
});
export const positionProblem: ValueProblem = rowProblem('a position', {
  contractId: isText,
  side: isSide,
  quantity: isCount,
  asOf: isNumber,
});
export const tradeProblem: ValueProblem = rowProblem('a fill', {
  tradeId: isText,
  orderId: isText,
  contractId: isText,
  side: isSide,
  quantity: isCount,
  price: isNumber,
  at: isNumber,
});
export const accountProblem: ValueProblem = rowProblem('an account', {
  id: isText,
  name: isText,
  canTrade: isFlag,
});
export const contractProblem: ValueProblem = rowProblem('a contract', {
  id: isText,
  name: isText,
  root: isText,
  tickSize: (value) => isCount(value) && value !== 0,
});
export const barProblem: ValueProblem = rowProblem('a bar', {
  at: isNumber,
  open: isNumber,
  high: isNumber,
  low: isNumber,
  close: isNumber,
});

/** The same of every member of a list. */
export function listProblem(ofOne: ValueProblem): ValueProblem {
  return (value) => {
    if (!Array.isArray(value)) return `gave ${shown(value)}, must be a list`;
    for (const row of value) {
      const problem = ofOne(row);
      if (problem !== undefined) return `gave a list with ${problem}`;
    }
    return undefined;
  };
}

function rowProblem(
  what: string,
  fields: Readonly<Record<string, (value: unknown) => boolean>>,
): ValueProblem {
  const checks = Object.entries(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null) return `${shown(value)} for ${what}`;
    for (const [name, isSound] of checks)
      if (!isSound((value as Fields)[name]))
        return `${what} whose ${name} is ${shown((value as Fields)[name])}`;
    return undefined;
  };
}
