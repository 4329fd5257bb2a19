import type { Logger } from './logger.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
/** From the most talkative to the least. */
export type LogLevel = (typeof levels)[number];

/** One JSON line for each message of this level or above, on standard error so that standard output stays the bot's own. Default level `info`. */
export function consoleLogger(level: LogLevel = 'info', write: (line: string) => void = writeToStandardError): Logger {
  const least = levels.indexOf(level);
  const at = (own: LogLevel) => (fields: object, message: string) => {
    if (levels.indexOf(own) >= least) write(`${JSON.stringify({ level: own, message, ...fields }, plainError)}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function writeToStandardError(line: string): void {
  process.stderr.write(line);
}

/** Errors have no enumerable fields; without this they would log as {}. */
function plainError(_key: string, value: unknown): unknown {
  return value instanceof Error ? { name: value.name, message: value.message, ...('code' in value && { code: value.code }) } : value;
}
