import * as z from 'zod';

/** The fields that a zod schema has at a path, to suggest from; none for other libraries' schemas, whose insides are their own. */
export function knownFields(schema: unknown, path: readonly string[]): string[] {
  let current = unwrapped(schema);
  for (const part of path) current = unwrapped(inner(current, part));
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

function inner(schema: unknown, part: string): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[part];
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodArray) return schema.element;
  return undefined;
}

/** Looks through what only adds a default, makes optional or transforms. */
function unwrapped(schema: unknown): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  )
    return unwrapped(schema.unwrap());
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in);
  if (schema instanceof z.ZodUnion)
    return schema.options.map(unwrapped).find((option) => option instanceof z.ZodObject);
  return schema;
}
