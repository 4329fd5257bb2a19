import type { Run } from './run.ts';

/**
 * How sure it is what the gateway does: `O` documented, `L` recorded from it, `S` several independent clients agree, `1` one client only, `I` inferred, `?` not known, so that the simulator's way is a choice.
 * The marks of `docs/simulator.md`.
 */
export type Mark = 'O' | 'L' | 'S' | '1' | 'I' | '?';

/** What a look at a gateway showed, in words that are the same each time; or why it showed nothing. Names and ids in it are taken out where the checks are made. */
export type Seen = string | NotSeen;

export interface NotSeen {
  readonly because: string;
}

/** A look that could not tell, and why: a market that is closed, an account without a history. */
export function notSeen(because: string): NotSeen {
  return { because };
}

/** Which calls a check needs. `orders` places one order, moves and cancels it; `far-orders` does so with several more; `logout` ends a token. */
export type Part = 'read' | 'orders' | 'far-orders' | 'logout';

/** One question that a gateway answers by what it does. */
export interface Check {
  readonly name: string;
  readonly part: Part;
  /** The question in a few words. */
  readonly asks: string;
  /** What the simulator does, in the words of `look`. */
  readonly expected: string;
  readonly mark: Mark;
  look(run: Run): Promise<Seen>;
}

/** The end of a run before its end: the gateway wants to be left alone, the time or the number of requests is used up, a person stopped it. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
}
