import type { BindingRules, Field } from './fields.ts';
import { DoesNotBind } from './fields.ts';
import { NoJson, readJson } from './json-node.ts';

/** A body that binds, or why it does not, by the place that the framework names. */
export type BoundBody<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly errors: Readonly<Record<string, readonly string[]>> };

/** Binds a body as the framework behind the gateway does: the first thing wrong with it ends it. */
export function bindBody<Value>(
  field: Field<Value>,
  body: string,
  rules: BindingRules,
): BoundBody<Value> {
  if (body.trim() === '' || body.trim() === 'null')
    return refused('', 'A non-empty request body is required.');
  try {
    return { ok: true, value: field.bind(readJson(body), '$', rules) };
  } catch (error) {
    if (error instanceof NoJson)
      return refused('$', `${error.message} ${placeOf('$', body, error.offset)}`);
    if (error instanceof DoesNotBind)
      return refused(
        error.path,
        error.end === undefined
          ? error.message
          : `${error.message} ${placeOf(error.path, body, error.end)}`,
      );
    throw error;
  }
}

function refused(place: string, text: string): BoundBody<never> {
  return { ok: false, errors: { [place]: [text] } };
}

function placeOf(path: string, body: string, offset: number): string {
  const before = body.slice(0, offset).split('\n');
  return `Path: ${path} | LineNumber: ${before.length - 1} | BytePositionInLine: ${Buffer.byteLength(before.at(-1) ?? '')}.`;
}
