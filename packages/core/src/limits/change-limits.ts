import { checkOptions } from '../check-options.ts';
import type { Contract } from '../contract.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { contractProblems } from './contract-problems.ts';
import type { LimitGate } from './limit-gate.ts';
import { limitsSchema } from './limits.ts';
import type { Limits } from './limits.ts';
import { looserLimits } from './looser-limits.ts';

/** Puts new limits in force. A bot that runs away must not be able to loosen its own: that takes a halt. */
export function changeLimits<Key extends string>(
  gate: LimitGate<Key> | undefined,
  limits: Limits,
  isHalted: boolean,
  contractOf: (symbol: string) => Contract | undefined,
): void {
  if (!gate)
    throw new InvalidOptionsError('setLimits', [
      'limits: the broker was made without any; give them to createBroker',
    ]);
  const next = checkOptions('setLimits', limitsSchema, limits);
  const problems = [...contractProblems(next, contractOf)];
  if (!isHalted)
    problems.push(
      ...looserLimits(gate.limits, next).map(
        (problem) => `limits.${problem}; halt() first to loosen it`,
      ),
    );
  if (problems.length > 0) throw new InvalidOptionsError('setLimits', problems);
  gate.limits = next;
}
