import type { GatewayClock } from '../clock.ts';
import { isManualClock } from '../manual-gateway-clock.ts';
import type { Fault } from './fault.ts';

/** Why nobody outside the process could end a refusal, or undefined when it ends by itself or there is a port to end it through. */
export function endlessRefusal(
  fault: Fault,
  hasSimPort: boolean,
  clock: GatewayClock,
): string | undefined {
  if (fault.kind !== 'refuse' || hasSimPort) return undefined;
  if (fault.forMs === undefined)
    return 'fault.forMs is missing: without it nothing could reach /sim/faults again to end the refusal. Give it, or start the gateway with a simPort.';
  if (isManualClock(clock))
    return 'fault.forMs passes by a manual clock here, which nothing could reach /sim/clock to move while connections are refused. Start the gateway with a simPort.';
  return undefined;
}
