import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidOptionsError } from './errors/invalid-options-error.ts';
import { messageOf } from './errors/message-of.ts';
import { knownFields } from './known-fields.ts';
import { didYouMean } from './validation/did-you-mean.ts';

/** Runs a synchronous Standard Schema; throws one `InvalidOptionsError` with every problem as `path: sentence`. */
export function checkOptions<Schema extends StandardSchemaV1>(
  subject: string,
  schema: Schema,
  options: unknown,
): StandardSchemaV1.InferOutput<Schema> {
  const parsed = parseOptions(schema, options);
  if ('problems' in parsed) throw new InvalidOptionsError(subject, parsed.problems);
  return parsed.value;
}

/** Every problem as `path: sentence`, for who gathers them with others; none when all is well. */
export function optionProblems(schema: StandardSchemaV1, options: unknown): string[] {
  const parsed = parseOptions(schema, options);
  return 'problems' in parsed ? [...parsed.problems] : [];
}

/** What the schema makes of the options, or every problem as `path: sentence`. Never throws: options with a getter that does can't be read. */
export function parseOptions<Schema extends StandardSchemaV1>(
  schema: Schema,
  options: unknown,
):
  | { readonly value: StandardSchemaV1.InferOutput<Schema> }
  | { readonly problems: readonly string[] } {
  let result: StandardSchemaV1.Result<StandardSchemaV1.InferOutput<Schema>> | Promise<unknown>;
  try {
    result = schema['~standard'].validate(options);
  } catch (error) {
    return { problems: [`options: can't be read (${messageOf(error)})`] };
  }
  if (result instanceof Promise) {
    result.catch(() => undefined);
    return { problems: ['options: the schema must check synchronously'] };
  }
  if (result.issues)
    return { problems: result.issues.flatMap((issue) => sentences(schema, issue)) };
  return { value: result.value };
}

function sentences(schema: StandardSchemaV1, issue: StandardSchemaV1.Issue): string[] {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const branch = closestBranch(issue);
  if (branch)
    return branch.flatMap((inner) =>
      sentences(schema, { ...inner, path: [...path, ...(inner.path ?? [])] }),
    );
  const unknown = unrecognized(issue);
  if (unknown.length > 0) {
    const known = knownFields(schema, path);
    return unknown.map(
      (field) => `${[...path, field].join('.')}: is no field here${didYouMean(field, known)}`,
    );
  }
  return [`${path.join('.') || 'options'}: ${issue.message}`];
}

/** The fields that a zod schema did not expect; other libraries say it in their message. */
function unrecognized(issue: object): string[] {
  if (
    !('code' in issue) ||
    issue.code !== 'unrecognized_keys' ||
    !('keys' in issue) ||
    !Array.isArray(issue.keys)
  )
    return [];
  return issue.keys.map(String);
}

/** Of a choice of several shapes, the problems with the one that the value comes closest to: the one whose kind it is, if any. */
function closestBranch(issue: object): StandardSchemaV1.Issue[] | undefined {
  if (
    !('code' in issue) ||
    issue.code !== 'invalid_union' ||
    !('errors' in issue) ||
    !Array.isArray(issue.errors)
  )
    return undefined;
  const branches = issue.errors.filter(
    (branch): branch is StandardSchemaV1.Issue[] => Array.isArray(branch) && branch.length > 0,
  );
  const inside = branches.filter((branch) =>
    branch.every((inner) => (inner.path ?? []).length > 0 || unrecognized(inner).length > 0),
  );
  return inside.length === 1 ? inside[0] : undefined;
}
