import type { Logger } from './logger.ts';
import { isSilent } from './logger.ts';

/** A logger whose every line says `mode: 'paper'`; the same one when there is no mode. */
export function modeLogger(log: Logger, mode: 'paper' | undefined): Logger {
  if (mode === undefined || isSilent(log)) return log;
  const at = (level: keyof Logger) => (fields: object, message: string) =>
    log[level]({ mode, ...fields }, message);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
