/** What a logger must offer. Pino's fits as it is. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = (): void => {};
/** Marks a logger that says nothing, for every installed copy of this package. */
const silent = Symbol.for('hotpath.silentLogger');

/** Says nothing; the default. */
export const silentLogger: Logger = Object.defineProperty(
  { debug: nothing, info: nothing, warn: nothing, error: nothing },
  silent,
  { value: true },
);

/** Whether what is written to it is heard by nobody: then nothing need be made for it. */
export function isSilent(log: Logger): boolean {
  return silent in log;
}
