import { InvalidOptionsError } from './errors/invalid-options-error.ts';
import { messageOf } from './errors/message-of.ts';
import { tellLogFailure } from './log-failures.ts';
import type { Logger } from './logger.ts';
import { didYouMean } from './validation/did-you-mean.ts';
import { shown } from './validation/field-problem.ts';
import { writeLine } from './write-line.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
/** From the most talkative to the least. */
export type LogLevel = (typeof levels)[number];

/**
 * One JSON line for each message of this level or above, on standard error so that standard output stays the bot's own. Default level `info`.
 * What can't be written is lost and never thrown: `metrics().log` of a broker that logs with it counts what was. Throws `InvalidOptionsError` for a level that there is not.
 */
export function consoleLogger(level: LogLevel = 'info', write?: (line: string) => void): Logger {
  const least = levels.indexOf(level);
  if (least < 0)
    throw new InvalidOptionsError('consoleLogger', [
      `level: is ${shown(level)}, must be one of ${levels.join(', ')}${typeof level === 'string' ? didYouMean(level, levels) : ''}`,
    ]);
  if (write !== undefined && typeof write !== 'function')
    throw new InvalidOptionsError('consoleLogger', [
      `write: is ${shown(write)}, must be a function that takes a line`,
    ]);
  const failed = (error: unknown): void => tellLogFailure(log, error);
  const at = (own: LogLevel) => (fields: object, message: string) => {
    if (levels.indexOf(own) < least) return;
    // safeguard: the console logger does not throw
    try {
      const line = lineOf(own, fields, message);
      // What it gives may be a promise that nobody waits for.
      if (write) Promise.resolve(write(line)).catch(failed);
      else writeLine(process.stderr, line, failed);
    } catch (error) {
      failed(error);
    }
    // end of safeguard
  };
  const log: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
  return log;
}

function lineOf(level: LogLevel, fields: object, message: string): string {
  try {
    return `${JSON.stringify({ level, message, ...fields }, plainValue)}\n`;
  } catch (error) {
    // A circle, or a value that throws when it is read: the message is worth more than its fields.
    return `${JSON.stringify({ level, message, fieldsLost: messageOf(error) })}\n`;
  }
}

/** Errors have no enumerable fields, and whole numbers of any size no JSON: without this the ones would log as {} and the others not at all. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Error
    ? { name: value.name, message: value.message, ...('code' in value && { code: value.code }) }
    : value;
}
