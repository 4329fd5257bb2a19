import type { Report, Row } from '../report.ts';
import { microseconds } from './draw.ts';
import { escape } from './markup.ts';

/** What there is to say first, in four numbers. */
export function headline({ machine, rows, ratios }: Report): string {
  const find = (name: string, load: string, transport: Row['transport']): Row | undefined =>
    rows.find(
      (row) => row.name === name && row.load.startsWith(load) && row.transport === transport,
    );
  const tiles: string[] = [];
  const tile = (number: string, words: string): void =>
    void tiles.push(
      `<div class="tile"><b>${escape(number)}</b><span>${escape(words)}</span></div>`,
    );
  const [ours, theirs] = [
    find('whole, fast executor', 'caller computes', 'http'),
    find('undici dispatch', 'caller computes', 'http'),
  ];
  if (ours && theirs)
    tile(
      microseconds(ours.p50Us),
      `until an order is at the server while the strategy computes on for 20 ms. With undici: ${microseconds(theirs.p50Us)}`,
    );
  if (ratios.wholeOverRawSocketTls !== null)
    tile(
      `${ratios.wholeOverRawSocketTls.toFixed(2)} ×`,
      'the time of a bare socket, for a whole placeOrder over HTTPS',
    );
  const [idle, idleFetch] = [
    find('whole, fast executor', 'after idling', 'https'),
    find('fetch and JSON', 'after idling', 'https'),
  ];
  if (idle && idleFetch)
    tile(
      microseconds(idle.p50Us),
      `for the first order after the server has dropped idle connections, 20 ms away. With fetch: ${microseconds(idleFetch.p50Us)}`,
    );
  if (ratios.coldTlsOverWhole !== null)
    tile(
      `${ratios.coldTlsOverWhole.toFixed(0)} ×`,
      'as long: an order that opens a TLS connection of its own, on loopback',
    );
  const date = new Date(machine.date).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `<header><p class="eyebrow">Hotpath · measurements</p><h1>What a client adds to an order</h1><p class="lead">Every way to send an order from Node, side by side in one run against the same server on one machine. Over a real network the round trip is the same for all; this is the part that is not.</p>
<p class="quiet">${escape(`${date} · ${machine.mode === 'quick' ? 'quick run' : 'full run'} of ${machine.seconds} s · seed ${machine.seed} · Node ${machine.node.slice(1)} · ${machine.cpus} × ${machine.model}${machine.loadBefore > 0.5 ? ` · other work on the machine, load ${machine.loadBefore.toFixed(1)} before the run` : ''}`)}</p>
<div class="tiles">${tiles.join('')}</div></header>`;
}
