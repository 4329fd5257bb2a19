import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { DelayLine } from './delay-line.ts';

/** A far network in front of a server. */
export interface FarNetwork {
  readonly server: Server;
  /** Closes every connection that has no request under way, as a server does whose time for idle connections is up, whatever is on its way to it; gives how many there were. */
  readonly closeIdle: () => number;
}

/**
 * Every byte takes half a round trip each way, and a new connection costs a whole one before its first byte passes.
 * The kernel accepts on loopback at once, so that a client believes itself connected a round trip too early; its first answer comes exactly as late as over a real network.
 */
export function farNetwork(target: URL, roundTripMs: number, line: DelayLine): FarNetwork {
  const idle = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const opensAt = performance.now() + roundTripMs;
    const beyond = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    const carry = (from: Socket, to: Socket): void => {
      const at = (): number => Math.max(performance.now(), opensAt) + roundTripMs / 2;
      from.on('data', (bytes) => {
        if (from === near) idle.delete(near);
        line.push(at(), () => {
          if (to === near) idle.add(near);
          if (!to.destroyed) to.write(bytes);
        });
      });
      from.on('end', () => line.push(at(), () => to.end()));
      from.on('error', () => line.push(at(), () => to.destroy()));
      from.on('close', () => {
        idle.delete(near);
        line.push(at(), () => to.destroy());
      });
    };
    carry(near, beyond);
    carry(beyond, near);
    idle.add(near);
  });
  return {
    server,
    closeIdle() {
      const closed = idle.size;
      for (const near of idle) near.destroy();
      return closed;
    },
  };
}
