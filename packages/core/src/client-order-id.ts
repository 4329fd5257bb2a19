import type { ClientOrderId } from './brand.ts';
import type { Capabilities } from './capabilities.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** Longest client order id of any broker: leaves the venue room for endings of its own. */
export const maxClientOrderIdLength = 48;
const allowed = /^[A-Za-z0-9_-]+$/;

/** What a venue takes for a client order id, beyond what holds for all of them. */
export interface ClientOrderIdLimits {
  /** Characters; default 48, and never more. */
  readonly longest?: number | undefined;
  /** What the whole id must look like. Default: anything that holds for all venues. */
  readonly pattern?: RegExp | undefined;
  /** The same in words. */
  readonly description?: string | undefined;
}

/** What is wrong with an author's client order id, as a sentence; undefined when nothing is. */
export function clientOrderIdProblem(
  id: unknown,
  reservedSuffixes: readonly string[],
  limits: ClientOrderIdLimits = {},
): string | undefined {
  const { longest = maxClientOrderIdLength, pattern, description } = limits;
  if (typeof id !== 'string') return `must be text, not ${typeof id}`;
  if (id.length === 0 || id.length > longest)
    return `has ${id.length} characters, must have 1 to ${longest}`;
  if (!allowed.test(id)) return 'may hold only letters, digits, "_" and "-"';
  // safeguard: ids that the venue does not take
  if (pattern?.test(id) === false) return `must be ${description ?? String(pattern)}`;
  const lower = id.toLowerCase();
  const suffix = reservedSuffixes.find((reserved) => lower.endsWith(reserved.toLowerCase()));
  return suffix === undefined
    ? undefined
    : `ends in "${suffix}", which the venue uses for its own orders`;
}

/** Characters that an id may have at this venue: what it adds for orders of its own must fit behind it. */
export function longestClientOrderId({
  maxLength,
  reservedSuffixes,
}: Pick<Capabilities['clientOrderId'], 'maxLength' | 'reservedSuffixes'>): number {
  let ending = 0;
  for (const { length } of reservedSuffixes) if (length > ending) ending = length;
  // safeguard: ids that are longer than the venue takes
  return Math.min(maxClientOrderIdLength, maxLength - ending);
}

/** Ids are compared without case. */
export function clientOrderIdKey(id: string): string {
  return id.toLowerCase();
}

/** Mints a client order id that no other order has or will have. */
export type GenerateId = () => string;

/**
 * Mints ids that no restart can repeat: the journal's prefix, the wall time, a count within this process, and chance against a clock set back.
 * Lower-case, at most `longest` characters; where there is little room, count and chance are shorter. Undefined where there is too little for ids that never repeat.
 */
export function createIdGenerator(
  prefix: string,
  clock: Clock,
  random: Random,
  longest: number = maxClientOrderIdLength,
): GenerateId | undefined {
  const room = longest - prefix.length - 1;
  return room >= fullLength
    ? fullIds(prefix, clock, random)
    : room >= shortestLength
      ? shortIds(prefix, clock, random, room)
      : undefined;
}

/** The wall time to the base 36, until the year 2059. */
const timeLength = 8;
/** Time, count and chance, told apart by dashes. */
const fullLength = timeLength + 1 + 4 + 1 + 4;
/** Time, a count of two digits, and two digits of chance, one behind the other. */
const shortestLength = timeLength + 2 + 2;
/** Characters that an id of this broker needs behind the journal's prefix. */
export const shortestMinted: number = shortestLength + 1;

function fullIds(prefix: string, clock: Clock, random: Random): GenerateId {
  let count = 0;
  return () => {
    count = (count + 1) % fourDigits;
    const chance = Math.floor(random() * fourDigits);
    return `${prefix}-${clock.now().toString(36)}-${count.toString(36)}-${chance.toString(36).padStart(4, '0')}`;
  };
}

function shortIds(prefix: string, clock: Clock, random: Random, room: number): GenerateId {
  const chanceLength = Math.min(4, room - timeLength - 2);
  let count = 0;
  const digits = (value: number, length: number): string =>
    Math.floor(value).toString(36).padStart(length, '0').slice(-length);
  return () => {
    count = (count + 1) % 36 ** 2;
    return `${prefix}-${digits(clock.now(), timeLength)}${digits(count, 2)}${digits(random() * 36 ** chanceLength, chanceLength)}`;
  };
}

/** As many as four digits to the base 36 tell apart. */
const fourDigits = 36 ** 4;

/** Marks text that passed `clientOrderIdProblem`, or that the venue sent. */
export function toClientOrderId(id: string): ClientOrderId {
  return id as ClientOrderId;
}
