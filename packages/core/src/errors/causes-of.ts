/** Causes that are looked at: a chain that goes on has gone round. */
const most = 10;

/** An error, what caused it, and so on. */
export function causesOf(error: unknown): readonly Error[] {
  const found: Error[] = [];
  for (let each = error; each instanceof Error && found.length < most; each = each.cause)
    found.push(each);
  return found;
}
