import type { Capabilities } from '../capabilities.ts';
import type { GenerateId } from '../client-order-id.ts';
import {
  createIdGenerator,
  longestClientOrderId,
  shortestMinted,
  toClientOrderId,
} from '../client-order-id.ts';
import type { Clock } from '../clock.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { messageOf } from '../errors/message-of.ts';
import { heed, isThenable } from '../is-thenable.ts';
import { legId, longestProtectedId, mostAttempts } from '../oco/leg-ids.ts';
import type { Random } from '../random.ts';
import type { FieldProblem } from '../validation/field-problem.ts';
import { invalid, shown } from '../validation/field-problem.ts';
import { idProblem } from '../validation/validate-order.ts';

export interface MintParts {
  readonly capabilities: Pick<Capabilities, 'clientOrderId'>;
  /** The author's. */
  readonly given: GenerateId | undefined;
  readonly prefix: string;
  /** Whether the ids of stops and targets are made from those of their entries. */
  readonly ownOco: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether another order of this bot has the id. */
  readonly isTaken: (id: string) => boolean;
}

/**
 * Gives an id that the venue takes and no other order has, or why there is none.
 * `getsOut`: for an order of the broker's own, which waits for nothing that an author wrote. `hasLegs`: the ids of a stop and a target are made from it.
 */
export type MintId = (getsOut: boolean, hasLegs: boolean) => string | FieldProblem;

/** Throws `InvalidOptionsError` where the venue leaves too little room for ids that no restart repeats, and the author gives none. */
export function mintIds(parts: MintParts): MintId {
  const { given, isTaken } = parts;
  const own = ownIds(parts);
  if (!own && !given) throw new InvalidOptionsError('createBroker', [tooLittleRoom(parts)]);
  if (parts.ownOco) checkLegs(parts);
  if (!given) return () => own?.() ?? noId('could not be minted');
  const authors = (hasLegs: boolean): string | FieldProblem => {
    let id: unknown;
    // safeguard: a generateId that throws
    try {
      id = given();
      heed(id);
      if (isThenable(id))
        return noId(
          'gave a promise, must give the id itself: the order leaves in the tick of its call',
        );
    } catch (error) {
      return noId(`threw: ${messageOf(error)}`);
    }
    // end of safeguard
    const problem =
      idProblem(id, parts.capabilities) ?? (hasLegs ? legsProblem(id, parts) : undefined);
    // safeguard: a generateId that gives no id
    if (typeof id !== 'string' || problem !== undefined)
      return noId(
        `gave ${typeof id === 'object' || typeof id === 'function' ? `a value ${shown(id)}` : shown(id)}, which ${problem ?? 'is no text'}`,
      );
    // end of safeguard
    // safeguard: a generateId that repeats itself
    if (isTaken(id)) return noId(`gave ${shown(id)}, the id of another order of this bot`);
    return id;
  };
  return (getsOut, hasLegs) => (getsOut && own ? own() : authors(hasLegs));
}

function ownIds({
  capabilities,
  prefix,
  ownOco,
  clock,
  random,
}: MintParts): GenerateId | undefined {
  const longest = longestClientOrderId(capabilities.clientOrderId);
  const minted = createIdGenerator(
    prefix,
    clock,
    random,
    ownOco ? longestProtectedId(longest) : longest,
  );
  const own = minted && withoutEndings(minted, capabilities.clientOrderId.reservedSuffixes);
  return own && idProblem(own(), capabilities) === undefined ? own : undefined;
}

/** Chance may end as the venue's own ids do, where such an ending is letters and digits alone. */
function withoutEndings(mint: GenerateId, reserved: readonly string[]): GenerateId {
  const endings = reserved
    .map((suffix) => suffix.toLowerCase())
    .filter((suffix) => /^[0-9a-z]+$/.test(suffix));
  if (endings.length === 0) return mint;
  return () => {
    for (let tries = 0; tries < 1_000; tries += 1) {
      const id = mint();
      if (!endings.some((ending) => id.endsWith(ending))) return id;
    }
    return mint();
  };
}

function tooLittleRoom({ capabilities: { clientOrderId }, prefix, ownOco }: MintParts): string {
  const needed = prefix.length + shortestMinted;
  const { pattern, description } = clientOrderId;
  const alphabet = pattern === undefined ? '' : `, and must be ${description ?? String(pattern)}`;
  const legs = ownOco ? ', those of stops and targets being made from them' : '';
  return `generateId: is missing; the venue's client order ids may have ${longestClientOrderId(clientOrderId)} characters${alphabet}, and ids that no restart repeats need ${needed} of letters, digits and "-"${legs}. Give a function that gives ids which never repeat`;
}

/** The ids of stops and targets have an ending of their own. */
function checkLegs({ capabilities }: MintParts): void {
  const problem = idProblem(legId(toClientOrderId('a'), 'stop', mostAttempts), capabilities);
  if (problem !== undefined)
    throw new InvalidOptionsError('createBroker', [
      `ownOco: the ids of stops and targets end as "_s${mostAttempts}", and at this venue such an id ${problem}`,
    ]);
}

function legsProblem(id: unknown, { capabilities }: MintParts): string | undefined {
  const longest = longestProtectedId(longestClientOrderId(capabilities.clientOrderId));
  return typeof id === 'string' && id.length > longest
    ? `has ${id.length} characters, must have at most ${longest}: the ids of the stop and the target are made from it`
    : undefined;
}

function noId(problem: string): FieldProblem {
  return invalid('generateId', problem);
}
