/** Whether something could be waited for: what it comes to must be heeded, or its failure goes astray. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    'then' in value
  );
}

/** For what should have been there at once: a promise in its place is not waited for, and its failure ends no process. Throws what looking at the value throws. */
export function heed(value: unknown): void {
  // safeguard: a promise that nobody waits for is heeded
  if (isThenable(value)) Promise.resolve(value).then(undefined, () => undefined);
}
