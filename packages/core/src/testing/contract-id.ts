import type { Adapter } from '../adapter.ts';
import { longestClientOrderId } from '../client-order-id.ts';
import { idProblem } from '../validation/validate-order.ts';

/** An id that says in a venue's record what it was placed for, as far as the adapter's capabilities let it. Throws where none is found that they allow. */
export function contractId({ capabilities }: Pick<Adapter, 'capabilities'>, name: string): string {
  const longest = longestClientOrderId(capabilities.clientOrderId);
  const letters = name.replaceAll('-', '');
  const digits = [...Buffer.from(name)].reduce((sum, byte) => (sum * 31 + byte) % 1_000_000_007, 7);
  // The end of a name tells it from the others; so does a number made of it.
  const candidates = [
    name,
    letters,
    letters.toLowerCase(),
    letters.toUpperCase(),
    `c${digits}`,
    String(digits),
  ].map((id) => id.slice(-longest));
  const fitting = candidates.find((id) => idProblem(id, capabilities) === undefined);
  if (fitting === undefined)
    throw new TypeError(`capabilities.clientOrderId allows none of ${candidates.join(', ')}`);
  return fitting;
}

/** The longest id that the capabilities allow, for a venue to keep their word; undefined where the pattern allows no such one. */
export function longestId({ capabilities }: Pick<Adapter, 'capabilities'>): string | undefined {
  const longest = longestClientOrderId(capabilities.clientOrderId);
  return ['x', 'X', '7']
    .map((letter) => letter.repeat(longest))
    .find((id) => idProblem(id, capabilities) === undefined);
}
