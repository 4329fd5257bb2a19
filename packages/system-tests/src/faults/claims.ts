import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Mutation, OutcomeKind } from '@hotpath/core';

/** A bot is about to call. `intent` names what it wants, whatever ids it takes for it. */
export interface CallClaim {
  readonly kind: 'call';
  readonly at: number;
  /** Unlike any other call of this bot, over restarts. */
  readonly call: string;
  readonly intent: string;
  readonly operation: Mutation;
  /** Of a place. */
  readonly clientOrderId?: string | undefined;
  /** Of a modify or a cancel. */
  readonly orderId?: string | undefined;
  /** What identifies the intent at the venue: a limit price or a size. */
  readonly price?: number | undefined;
  readonly size?: number | undefined;
}
/** What the bot was told; a later one of the same call overrules it. */
export interface OutcomeClaim {
  readonly kind: 'outcome';
  readonly at: number;
  readonly call: string;
  readonly outcome: OutcomeKind;
  readonly code?: string | undefined;
  /** False while the bot may hope to be told more. */
  readonly final: boolean;
  readonly orderId?: string | undefined;
  readonly became?: string | undefined;
  readonly recovered?: boolean | undefined;
  /** Microseconds from the call to the outcome. */
  readonly us?: number | undefined;
}
/** An order that had been called absent was announced. */
export interface ContradictedClaim {
  readonly kind: 'contradicted';
  readonly at: number;
  readonly clientOrderId: string;
  readonly orderId: string;
}
/** What `getOrder` said after the last restart. */
export interface AuditClaim {
  readonly kind: 'audit';
  readonly clientOrderId: string;
  readonly orderId: string | undefined;
  readonly status: string | undefined;
}
/** What the broker itself still held open at the very end. */
export interface OpenClaim {
  readonly kind: 'open';
  readonly clientOrderIds: readonly string[];
}
export interface StartClaim {
  readonly kind: 'start';
  readonly at: number;
  readonly session: number;
}
export type Claim =
  | StartClaim
  | CallClaim
  | OutcomeClaim
  | ContradictedClaim
  | AuditClaim
  | OpenClaim;

/** One synchronous write for each claim: it stands before the call that it is about, wherever the process dies. */
export function appendClaim(path: string, claim: Claim): void {
  appendFileSync(path, `${JSON.stringify(claim)}\n`);
}

/** A line torn by the end of its process was not claimed. */
export function readClaims(path: string): Claim[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const value: unknown = JSON.parse(line);
        return isClaim(value) ? [value] : [];
      } catch {
        return [];
      }
    });
}

function isClaim(value: unknown): value is Claim {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
