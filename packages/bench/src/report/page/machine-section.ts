import type { Report } from '../report.ts';
import { escape, table } from './markup.ts';

/** How it was measured, what the machine was, and what the client's own process went through. */
export function machineSection({ machine, loops }: Report): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const rows = loops.map(
    ({ part, seconds, delayP99Ms, delayMaxMs, collections, collectionMs, longestCollectionMs }) => [
      escape(part),
      seconds.toFixed(1),
      delayP99Ms.toFixed(2),
      delayMaxMs.toFixed(1),
      String(collections),
      collectionMs.toFixed(0),
      longestCollectionMs.toFixed(1),
    ],
  );
  const heads = [
    'Seconds',
    'Loop late p99, ms',
    'most, ms',
    'GC runs',
    'in all, ms',
    'longest, ms',
  ].map((head) => ({ head, isNumber: true }));
  return `<section id="method"><h2>How it was measured</h2>
<p>Servers run in processes of their own: one that answers from a fixed text for the floors, the gateway simulator for whole orders, a delay proxy for distance. All clients send the bytes of the broker’s own last order. Cases take turns in short rounds, in an order drawn anew for each, so that what disturbs the machine disturbs all; warm-up is dropped. A ratio is the median over the rounds of the ratio of the two medians in a round, under hub events of the two p99; far away, where each order of ours is sent beside one of the raw socket, it is of all orders together. Orders at a fixed rate count from the moment they were due. Percentiles come from HDR histograms of every sample.</p>
<p>These numbers are of one machine and do not travel to another; ratios do better. They say nothing about the network to a broker, nor about the broker.</p>
<h3>The client’s event loop and garbage collector, by part</h3>${table([{ head: 'Part' }, ...heads], rows, 'loops')}
<footer class="quiet"><p>${escape(`${machine.kernel}, ${machine.memoryGb} GB, load ${machine.loadBefore} before and ${machine.loadAfter} after · Node ${machine.node.slice(1)}, ${versions.join(', ')}${machine.place ? ` · client on processor ${machine.place.client}, servers on ${machine.place.server}` : ''}`)}</p><p>Made by <code>npm run bench -- ${machine.mode === 'quick' ? '--quick ' : ''}--seed ${machine.seed} --html FILE</code></p></footer></section>`;
}
