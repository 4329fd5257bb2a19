const waiting = new Set<() => void>();
const end = (): void => {
  for (const act of waiting) act();
};

/** Calls back when the process ends by itself, by `process.exit` or by an error; not when it is killed. One listener serves all. Returns how to stop waiting. */
export function whenProcessEnds(act: () => void): () => void {
  if (waiting.size === 0) process.on('exit', end);
  waiting.add(act);
  return () => {
    waiting.delete(act);
    if (waiting.size === 0) process.off('exit', end);
  };
}
