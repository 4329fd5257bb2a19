import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { DelayLine } from './delay-line.ts';
import { listen } from './listen.ts';
import { serveParent } from './serve-parent.ts';

// A far network in a process of its own: every byte takes half a round trip each way, and a new connection costs a whole one before its first byte passes.
// The kernel accepts on loopback at once, so that a client believes itself connected a round trip too early; its first answer comes exactly as late as over a real network.
const given: unknown = JSON.parse(process.argv[2] ?? '[]');
const line = new DelayLine();
const idle = new Set<Socket>();

async function far(target: URL, roundTripMs: number): Promise<number> {
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
  return listen(server);
}

const urls: Record<string, string> = {};
for (const entry of Array.isArray(given) ? given : []) {
  const { name, target, roundTripMs }: { name: string; target: string; roundTripMs: number } = entry;
  const url = new URL(target);
  urls[name] = `${url.protocol}//127.0.0.1:${await far(url, roundTripMs)}`;
}

serveParent(urls, {
  /** As a server does whose time for idle connections is up, whatever is on its way to it. */
  'close idle': () => {
    const closed = idle.size;
    for (const near of idle) near.destroy();
    return closed;
  },
});
