import { AdapterError } from '@hotpath/core';
import type { startGateway } from '@hotpath/gateway-sim';

/** What paper mode takes of the simulator's package. */
export interface Simulator {
  readonly startGateway: typeof startGateway;
}

/** Loads the simulator, which is installed only by those who want it. `load` is what the tests replace: a package can't be taken away from them. */
export async function loadSimulator(
  load: () => Promise<Simulator> = () => import('@hotpath/gateway-sim'),
): Promise<Simulator> {
  try {
    return await load();
  } catch (cause) {
    throw new AdapterError(
      'PACKAGE_MISSING',
      `mode: 'paper' needs the package @hotpath/gateway-sim, which could not be loaded. Install it beside this one: npm install @hotpath/gateway-sim`,
      { cause },
    );
  }
}
