/** Calls back when a whole poll phase has run: what the kernel had by now has been read. The first immediate runs before the next poll, the second after it. */
export function afterPoll(done: () => void): void {
  setImmediate(setImmediate, done);
}
