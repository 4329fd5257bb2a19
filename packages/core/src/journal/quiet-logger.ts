import type { Logger } from '../logger.ts';
import { silentLogger } from '../logger.ts';

/** A logger that throws nothing: what is said of a journal must not be in the way of its lines. */
export function quietLogger(log: Logger | undefined): Logger {
  if (log === undefined) return silentLogger;
  const at =
    (level: keyof Logger) =>
    (fields: object, message: string): void => {
      try {
        log[level](fields, message);
      } catch {
        // The broker's own logger is guarded as well; this one may be an author's.
      }
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
