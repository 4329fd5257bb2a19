import type { Logger } from '../logger.ts';
import { isSilent, silentLogger } from '../logger.ts';

/** A logger whose every line says of which account it is, once that is known: two brokers of one process may write to one log. */
export interface AccountLogger {
  readonly log: Logger;
  /** From here on every line names it. */
  readonly name: (account: string) => void;
}

/** Silent for a silent logger, so that nobody makes lines that nobody reads. */
export function accountLogger(log: Logger): AccountLogger {
  if (isSilent(log)) return { log: silentLogger, name: () => undefined };
  let account: string | undefined;
  const labelled = (fields: object): object =>
    // safeguard: every line of the log names its account
    account !== undefined
      ? { account, ...fields }
      : // end of safeguard
        fields;
  const at = (level: keyof Logger) => (fields: object, message: string) =>
    log[level](labelled(fields), message);
  return {
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    name: (given) => void (account = given),
  };
}
