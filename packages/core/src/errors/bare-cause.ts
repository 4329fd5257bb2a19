/** Characters of a message, and errors of a chain, that are kept. */
const longestMessage = 500;
const deepest = 4;

/** What tells one failure of the system from another. */
const kept = ['code', 'errno', 'syscall', 'address', 'port'] as const;

/**
 * The same error with its name, message, codes and causes, and nothing else that it carries: a parser's error holds the bytes that it could not read, and one of TLS a whole certificate.
 * Whoever logs a failure or inspects an outcome is shown neither. Undefined for what is no error.
 */
export function bareCause(error: unknown, depth: number = 0): Error | undefined {
  if (!(error instanceof Error) || depth >= deepest) return undefined;
  const cause = bareCause(error.cause, depth + 1);
  const bare = new Error(error.message.slice(0, longestMessage), cause && { cause });
  // Where it was made is where it failed.
  Object.defineProperty(bare, 'stack', {
    value: `${error.name}: ${bare.message}`,
    configurable: true,
    writable: true,
  });
  bare.name = error.name;
  for (const field of kept) {
    const value: unknown = Reflect.get(error, field);
    if (typeof value === 'string' || typeof value === 'number')
      Object.defineProperty(bare, field, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return bare;
}
