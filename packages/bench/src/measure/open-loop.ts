/**
 * Sends orders at their due times, whether or not the ones before have been answered, and counts each from the moment it was due:
 * an order that the loop was too busy to send in time is late, and none is left out because another was slow (coordinated omission).
 * Microseconds, in the order of the due times.
 */
export async function openLoop(
  once: () => Promise<void>,
  perSecond: number,
  count: number,
): Promise<number[]> {
  const taken: number[] = [];
  const sent: Promise<void>[] = [];
  const gapMs = 1_000 / perSecond;
  const begun = performance.now() + gapMs;
  const send = async (index: number): Promise<void> => {
    const due = begun + index * gapMs;
    await once();
    taken[index] = (performance.now() - due) * 1_000;
  };
  for (let index = 0; index < count;) {
    // Turning the loop costs a few microseconds; a timer would be up to a millisecond late and hide what is looked for.
    await new Promise((resolve) => setImmediate(resolve));
    while (index < count && performance.now() >= begun + index * gapMs) {
      sent.push(send(index));
      index += 1;
    }
  }
  await Promise.all(sent);
  return taken;
}
