/** Turns of the event loop after each step of time, for what travels over loopback. */
const turns = 12;

/** Lets the event loop turn, so that what is on the wire is read. */
export async function loopTurns(count: number = turns): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
