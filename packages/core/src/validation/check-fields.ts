import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { plainFields } from './plain-fields.ts';

/**
 * The known fields of an object that an author gave, as a plain copy, each read once. Throws `InvalidOptionsError` for what is no object, for a name that is not known, and for a field that can't be read;
 * whether the values fit is up to the caller. For hosts, and for whatever has no schema.
 */
export function checkFields<Name extends string>(
  subject: string,
  given: unknown,
  known: readonly Name[],
): Readonly<Partial<Record<Name, unknown>>> {
  const { fields, problems } = plainFields(given, known);
  if (problems.length > 0) throw new InvalidOptionsError(subject, problems);
  return fields as Readonly<Partial<Record<Name, unknown>>>;
}
