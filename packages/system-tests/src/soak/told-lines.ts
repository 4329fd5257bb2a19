import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { PlaceOutcome } from '@hotpath/core';

/** The last that a bot was told of an intent; `called` when it was killed before. */
export type Claim =
  | 'called'
  | 'accepted'
  | 'rejected'
  | 'not-sent'
  | 'unknown'
  | 'unknown for good';

/** One line of what a bot keeps in a file, as an author would who must know after a crash what was sent. */
export interface ToldLine {
  readonly tag: string;
  readonly claim: Claim;
  /** Of the first outcome that was told. */
  readonly first?: { readonly kind: string; readonly executor?: string | undefined } | undefined;
}

/** One synchronous write a line: it stands wherever the process dies. */
export function appendTold(path: string, line: ToldLine): void {
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

export function readTold(path: string): ToldLine[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ToldLine);
}

export function claimOf(outcome: PlaceOutcome<'fast' | 'fallback'>): Claim {
  return outcome.kind === 'unknown' && outcome.final && outcome.code !== 'CLOSED'
    ? 'unknown for good'
    : outcome.kind;
}
