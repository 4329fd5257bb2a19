import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { didYouMean } from '../validation/did-you-mean.ts';
import { shown } from '../validation/field-problem.ts';
import type { EventName } from './event-map.ts';

/** Every event, by name; the type keeps the list whole. */
const events: Readonly<Record<EventName, true>> = {
  'order.sent': true,
  'order.accepted': true,
  'order.rejected': true,
  'order.not-sent': true,
  'order.unknown': true,
  'order.resolved': true,
  'order.updated': true,
  'order.filled': true,
  'order.contradicted': true,
  'broker.recovered': true,
  'position.updated': true,
  'position.unexpected': true,
  'position.reversed': true,
  'position.unprotected': true,
  'account.updated': true,
  'executor.fallback': true,
  'executor.tripped': true,
  'executor.recovered': true,
  'rollout.changed': true,
  'routing.rejected': true,
  'stream.gap': true,
  'stream.synced': true,
  'session.failed': true,
  'budget.low': true,
  'contract.rolled': true,
  'journal.failed': true,
  'log.failed': true,
  halted: true,
  resumed: true,
};
const names = Object.keys(events);

/** Throws `InvalidOptionsError` for an event that there is not and for a listener that can't be called: neither would ever be heard of again. */
export function checkListener(
  method: 'on' | 'once' | 'off',
  name: unknown,
  listener: unknown,
): void {
  const problems: string[] = [];
  if (typeof name !== 'string' || !Object.hasOwn(events, name))
    problems.push(
      `event: is ${shown(name)}, which there is not${typeof name === 'string' ? didYouMean(name.slice(0, 100), names) : ''}`,
    );
  if (typeof listener !== 'function')
    problems.push(`listener: is ${shown(listener)}, must be a function`);
  if (problems.length > 0) throw new InvalidOptionsError(method, problems);
}
