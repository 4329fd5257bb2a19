import { DelayLine } from './delay-line.ts';
import type { FarNetwork } from './far-network.ts';
import { farNetwork } from './far-network.ts';
import { listen } from './listen.ts';
import { serveParent } from './serve-parent.ts';

// Far networks in a process of their own: one in front of each of the given servers.
const given: unknown = JSON.parse(process.argv[2] ?? '[]');
const line = new DelayLine();
const networks: FarNetwork[] = [];
const urls: Record<string, string> = {};
for (const entry of Array.isArray(given) ? given : []) {
  const { name, target, roundTripMs }: { name: string; target: string; roundTripMs: number } =
    entry;
  const url = new URL(target);
  const network = farNetwork(url, roundTripMs, line);
  networks.push(network);
  urls[name] = `${url.protocol}//127.0.0.1:${await listen(network.server)}`;
}

serveParent(urls, {
  'close idle': () => networks.reduce((sum, network) => sum + network.closeIdle(), 0),
});
