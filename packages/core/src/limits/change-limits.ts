import { optionProblems } from '../check-options.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import type { LimitGate } from './limit-gate.ts';
import { limitsSchema } from './limits.ts';
import type { Limits } from './limits.ts';
import { looserLimits } from './looser-limits.ts';

/** Puts new limits in force. A bot that runs away must not be able to loosen its own: that takes a halt. */
export function changeLimits<Key extends string>(gate: LimitGate<Key> | undefined, limits: Limits, isHalted: boolean): void {
  if (!gate) throw new InvalidOptionsError('setLimits', ['limits: the broker was made without any; give them to createBroker']);
  const problems = optionProblems(limitsSchema, limits);
  if (problems.length === 0 && !isHalted) problems.push(...looserLimits(gate.limits, limits).map((problem) => `limits.${problem}; halt() first to loosen it`));
  if (problems.length > 0) throw new InvalidOptionsError('setLimits', problems);
  gate.limits = limits;
}
