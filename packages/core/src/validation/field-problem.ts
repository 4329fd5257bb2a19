import type { LimitProblem } from '../limits/limit-gate.ts';
import type { NotSentCode } from '../outcome-codes.ts';

/** Why a request was not sent: which field, what is wrong with its value, and what would be right. */
export interface FieldProblem {
  readonly code: Extract<
    NotSentCode,
    | 'INVALID_ORDER'
    | 'UNSUPPORTED'
    | 'UNKNOWN_CONTRACT'
    | 'AMBIGUOUS_CONTRACT'
    | 'CLOSE_UNSETTLED'
    | LimitProblem['code']
  >;
  readonly field: string;
  /** A sentence that begins with the field's name. */
  readonly message: string;
  readonly hint?: string | undefined;
}

export function invalid(field: string, problem: string, hint?: string): FieldProblem {
  return { code: 'INVALID_ORDER', field, message: `${field} ${problem}`, hint };
}

/** A value as it may stand in a sentence: short, and text told from number. Never throws. */
export function shown(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value === undefined ||
    value === null
  )
    return String(value);
  if (typeof value === 'bigint') return shortened(String(value));
  return isList(value) ? 'a list' : `of type ${typeof value}`;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Of a proxy that was revoked not even that can be asked. */
function isList(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
