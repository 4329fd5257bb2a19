import type { Logger } from './logger.ts';

const listeners = new WeakMap<Logger, Set<(error: unknown) => void>>();

/** For a logger that can't write: tells whoever uses it. It must not throw instead, since most of who logs does not expect that. */
export function tellLogFailure(log: Logger, error: unknown): void {
  for (const listener of listeners.get(log) ?? []) listener(error);
}

/** Calls back with what a logger of this package could not write. Returns how to stop. */
export function onLogFailure(log: Logger, listener: (error: unknown) => void): () => void {
  const ofLog = listeners.get(log) ?? new Set();
  listeners.set(log, ofLog);
  ofLog.add(listener);
  return () => void ofLog.delete(listener);
}
