import type { Contract } from '@hotpath/core';

const monthLetters = 'FGHJKMNQUVXZ';
const dayMs = 86_400_000;

/** How an exchange settles the last day of a product's contract. */
type Rule =
  /** The third Friday of the month. */
  | 'third-friday'
  /** Weekdays before the third Wednesday. */
  | { readonly beforeThirdWednesday: number }
  /** Counted from the end of the month: 1 is its last weekday. `monthsBefore`: of an earlier month. */
  | { readonly fromEnd: number; readonly monthsBefore?: number }
  /** Weekdays before a day of the month; `monthsBefore`: of an earlier month. */
  | { readonly before: number; readonly weekdays: number; readonly monthsBefore?: number }
  /** The nth weekday of the month. */
  | { readonly nth: number }
  /** The last Friday of the month. */
  | 'last-friday'
  /** The day before the second Friday. */
  | 'before-second-friday';

const rules: readonly (readonly [Rule, string])[] = [
  ['third-friday', 'ES MES NQ MNQ RTY M2K YM MYM'],
  ['before-second-friday', 'NKD'],
  [{ beforeThirdWednesday: 2 }, '6A 6B 6E 6J 6M 6N 6S E7 M6A M6B M6E'],
  [{ beforeThirdWednesday: 1 }, '6C'],
  [{ fromEnd: 3 }, 'GC MGC SI SIL HG MHG PL'],
  [{ fromEnd: 8 }, 'ZN ZB UB TN'],
  [{ fromEnd: 1 }, 'ZT ZF LE'],
  [{ before: 25, weekdays: 3, monthsBefore: 1 }, 'CL MCL'],
  [{ before: 25, weekdays: 4, monthsBefore: 1 }, 'QM'],
  [{ fromEnd: 3, monthsBefore: 1 }, 'NG'],
  [{ fromEnd: 4, monthsBefore: 1 }, 'QG MNG'],
  [{ fromEnd: 1, monthsBefore: 1 }, 'HO RB'],
  [{ before: 15, weekdays: 1 }, 'ZC ZS ZW ZL ZM'],
  [{ nth: 10 }, 'HE'],
  ['last-friday', 'MBT MET'],
];
const ruleOf: ReadonlyMap<string, Rule> = new Map(
  rules.flatMap(([rule, roots]) => roots.split(' ').map((root) => [root, rule] as const)),
);

/**
 * The last trading day of a contract, midnight UTC in milliseconds, by its exchange's rule and without regard to holidays; the venue names none. Products without a rule here: the last weekday of the month.
 * Undefined when the contract's id names no month.
 */
export function contractExpiry({ id, root }: Pick<Contract, 'id' | 'root'>): number | undefined {
  const [, letter = '', year = ''] = /\.([FGHJKMNQUVXZ])(\d\d)$/.exec(id) ?? [];
  if (letter === '') return undefined;
  return dayOf(
    ruleOf.get(root) ?? { fromEnd: 1 },
    2000 + Number(year),
    monthLetters.indexOf(letter),
  );
}

function dayOf(rule: Rule, year: number, month: number): number {
  if (rule === 'third-friday') return nthOfWeekday(year, month, 5, 3);
  if (rule === 'before-second-friday') return nthOfWeekday(year, month, 5, 2) - dayMs;
  if (rule === 'last-friday') return fridayUpTo(Date.UTC(year, month + 1, 0));
  if ('beforeThirdWednesday' in rule)
    return weekdaysBefore(nthOfWeekday(year, month, 3, 3), rule.beforeThirdWednesday);
  if ('fromEnd' in rule)
    return weekdaysBefore(Date.UTC(year, month - (rule.monthsBefore ?? 0) + 1, 1), rule.fromEnd);
  if ('nth' in rule) return nthWeekdayOf(year, month, rule.nth);
  return weekdaysBefore(
    weekdayUpTo(Date.UTC(year, month - (rule.monthsBefore ?? 0), rule.before)),
    rule.weekdays,
  );
}

function nthOfWeekday(year: number, month: number, weekday: number, nth: number): number {
  const first = Date.UTC(year, month, 1);
  const offset = (weekday - new Date(first).getUTCDay() + 7) % 7;
  return first + (offset + (nth - 1) * 7) * dayMs;
}

function nthWeekdayOf(year: number, month: number, nth: number): number {
  let day = Date.UTC(year, month, 1);
  for (let left = isWeekday(day) ? nth - 1 : nth; left > 0;) {
    day += dayMs;
    if (isWeekday(day)) left -= 1;
  }
  return day;
}

function weekdaysBefore(day: number, count: number): number {
  let at = day;
  for (let left = count; left > 0;) {
    at -= dayMs;
    if (isWeekday(at)) left -= 1;
  }
  return at;
}

/** The day itself, or the weekday before it. */
function weekdayUpTo(day: number): number {
  return isWeekday(day) ? day : weekdaysBefore(day, 1);
}

function fridayUpTo(day: number): number {
  return day - ((new Date(day).getUTCDay() + 2) % 7) * dayMs;
}

function isWeekday(day: number): boolean {
  const weekday = new Date(day).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}
