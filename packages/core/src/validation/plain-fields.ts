import { messageOf } from '../errors/message-of.ts';
import { didYouMean } from './did-you-mean.ts';
import { shown } from './field-problem.ts';

/** What an author gave, as a plain copy, and what is wrong with it, as `path: sentence`. */
export interface PlainFields {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
}

/**
 * Reads each known field of what an author gave, once: a getter or a proxy may throw, and may give something else the next time. A name that is not known is a problem, never left out silently.
 * `subject`: what the whole is called where it is no object.
 */
export function plainFields(
  given: unknown,
  known: readonly string[],
  subject = 'options',
): PlainFields {
  if (typeof given !== 'object' || given === null)
    return { fields: {}, problems: [`${subject}: is ${shown(given)}, must be an object`] };
  const fields: Record<string, unknown> = {};
  const problems: string[] = [];
  try {
    // safeguard: unknown names are refused
    for (const name in given)
      if (!known.includes(name))
        problems.push(`${name}: is no field here${didYouMean(name, known)}`);
    // end of safeguard
  } catch (error) {
    problems.push(`${subject}: can't be read (${messageOf(error)})`);
  }
  for (const name of known) {
    try {
      const value = (given as Readonly<Record<string, unknown>>)[name];
      if (value !== undefined) fields[name] = value;
    } catch (error) {
      problems.push(`${name}: can't be read (${messageOf(error)})`);
    }
  }
  return { fields, problems };
}
