import { ChildServer } from './child-server.ts';

export interface BenchServers {
  /** The simulator. */
  readonly gateway: ChildServer;
  /** The least that can answer an order. */
  readonly floor: ChildServer;
  readonly close: () => void;
}

/** Starts the measured servers, each in a process of its own; `cpu`: on that processor alone (Linux's `taskset`). */
export async function startServers(cpu?: string): Promise<BenchServers> {
  const gateway = await ChildServer.start('gateway-server', [], cpu);
  try {
    const floor = await ChildServer.start('floor-server', [gateway.url('http')], cpu);
    return {
      gateway,
      floor,
      close() {
        floor.close();
        gateway.close();
      },
    };
  } catch (error) {
    gateway.close();
    throw error;
  }
}
