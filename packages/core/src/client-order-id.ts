import type { ClientOrderId } from './brand.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** Longest client order id of any broker: leaves the venue room for endings of its own. */
export const maxClientOrderIdLength = 48;
const allowed = /^[A-Za-z0-9_-]+$/;

/** What is wrong with an author's client order id, as a sentence; undefined when nothing is. */
export function clientOrderIdProblem(id: unknown, reservedSuffixes: readonly string[]): string | undefined {
  if (typeof id !== 'string') return `must be text, not ${typeof id}`;
  if (id.length === 0 || id.length > maxClientOrderIdLength) return `has ${id.length} characters, must have 1 to ${maxClientOrderIdLength}`;
  if (!allowed.test(id)) return 'may hold only letters, digits, "_" and "-"';
  const lower = id.toLowerCase();
  const suffix = reservedSuffixes.find((reserved) => lower.endsWith(reserved.toLowerCase()));
  return suffix === undefined ? undefined : `ends in "${suffix}", which the venue uses for its own orders`;
}

/** Ids are compared without case. */
export function clientOrderIdKey(id: string): string {
  return id.toLowerCase();
}

/** Mints a client order id that no other order has or will have. */
export type GenerateId = () => string;

/**
 * Mints ids that no restart can repeat: the journal's prefix, the wall time, a count within this process, and chance against a clock set back.
 * Lower-case, at most 40 characters.
 */
export function createIdGenerator(prefix: string, clock: Clock, random: Random): GenerateId {
  let count = 0;
  return () => {
    count = (count + 1) % fourDigits;
    const chance = Math.floor(random() * fourDigits);
    return `${prefix}-${clock.now().toString(36)}-${count.toString(36)}-${chance.toString(36).padStart(4, '0')}`;
  };
}

/** As many as four digits to the base 36 tell apart. */
const fourDigits = 36 ** 4;

/** Marks text that passed `clientOrderIdProblem`, or that the venue sent. */
export function toClientOrderId(id: string): ClientOrderId {
  return id as ClientOrderId;
}
