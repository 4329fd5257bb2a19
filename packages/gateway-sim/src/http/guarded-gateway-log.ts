import type { GatewayLog } from './gateway-log.ts';

/** A log that throws or rejects loses its entries and ends no gateway; the first time it is told as a warning of the process. */
export function guardedGatewayLog(log: GatewayLog): GatewayLog {
  let isTold = false;
  const failed = (error: unknown): void => {
    if (isTold) return;
    isTold = true;
    process.emitWarning(
      `The option log of startGateway failed, and its entries are lost: ${error instanceof Error ? error.message : 'no reason given'}`,
      { type: 'HotpathWarning', code: 'GATEWAY_LOG_FAILED' },
    );
  };
  return (entry) => {
    // safeguard: a gateway log that throws
    try {
      const result: unknown = log(entry);
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
    // end of safeguard
  };
}
