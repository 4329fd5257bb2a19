import type { Clock, Timer } from '@hotpath/core';
import type { GatewayClock } from '@hotpath/gateway-sim';

/** The broker's clock as the simulator wants it: one time for both, and what is due falls due by it. */
export function paperClock(clock: Clock): GatewayClock {
  return {
    now: () => clock.now(),
    every(everyMs, tick) {
      let timer: Timer | undefined;
      const next = (): void => {
        timer = clock.setTimer(everyMs, () => {
          next();
          tick();
        });
      };
      next();
      return { cancel: () => timer?.cancel() };
    },
  };
}
