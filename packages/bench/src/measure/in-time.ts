/** Settles as `run` does, but rejects when `ms` are over first, with what was being done by then. */
export function inTime<Result>(
  ms: number,
  run: Promise<Result>,
  doing: () => string,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Given up after ${ms / 60_000} minutes: ${doing()}`)),
      ms,
    );
  });
  return Promise.race([run, over]).finally(() => clearTimeout(timer));
}
