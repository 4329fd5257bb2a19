/** Tells the process that started this one where it listens, answers its questions, and ends with it. */
export function serveParent(
  urls: Readonly<Record<string, string>>,
  answers: Readonly<Record<string, (given: unknown) => unknown>> = {},
): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    if (
      typeof message !== 'object' ||
      message === null ||
      !('question' in message) ||
      !('id' in message)
    )
      return;
    const answer = answers[String(message.question)];
    const given = 'given' in message ? message.given : undefined;
    const { id } = message;
    const find = async (): Promise<unknown> => {
      if (!answer) throw new Error(`Nobody here knows "${String(message.question)}".`);
      return answer(given);
    };
    find().then(
      (found) => process.send?.({ id, answer: found ?? null }),
      (error: unknown) =>
        process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.send?.(urls);
}
