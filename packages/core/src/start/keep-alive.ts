/** The longest that the runtime counts. */
const longestMs = 2_147_483_647;

/** Keeps the process from ending while somebody waits with nothing but timers, which keep nothing alive. Returns what ends that. */
export function keepAlive(): () => void {
  const handle = setInterval(() => {}, longestMs);
  return () => clearInterval(handle);
}
