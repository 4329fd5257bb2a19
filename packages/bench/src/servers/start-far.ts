import type { BenchServers } from './start-servers.ts';
import { ChildServer } from './child-server.ts';

/** Starts the delay proxy: in front of the floor server at each of these round trips, in front of its short-lived ports at 20 ms, and in front of the simulator without delay. */
export function startFar(
  { floor, gateway }: BenchServers,
  roundTrips: readonly number[],
  cpu?: string,
): Promise<ChildServer> {
  const floors = roundTrips.flatMap((roundTripMs) =>
    ['http', 'https'].map((transport) => ({
      name: `${transport} ${roundTripMs}`,
      target: floor.url(transport),
      roundTripMs,
    })),
  );
  const lines = [
    ...floors,
    { name: 'mortal-https 20', target: floor.url('mortal-https'), roundTripMs: 20 },
    { name: 'gateway 0', target: gateway.url('http'), roundTripMs: 0 },
  ];
  return ChildServer.start('delay-proxy', [JSON.stringify(lines)], cpu);
}
