import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidOptionsError } from './errors/invalid-options-error.ts';

/** Runs a synchronous Standard Schema; throws one `InvalidOptionsError` with every problem as `path: sentence`. */
export function checkOptions<Schema extends StandardSchemaV1>(
  subject: string,
  schema: Schema,
  options: unknown,
): StandardSchemaV1.InferOutput<Schema> {
  const result = schema['~standard'].validate(options);
  if (result instanceof Promise) {
    throw new InvalidOptionsError(subject, ['options: the schema must check synchronously']);
  }
  if (result.issues) throw new InvalidOptionsError(subject, result.issues.map(describeIssue));
  return result.value;
}

function describeIssue(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  return `${path || 'options'}: ${issue.message}`;
}
