/** Whether something could be waited for: what it comes to must be heeded, or its failure goes astray. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && 'then' in value;
}
