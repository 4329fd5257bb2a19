import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { Gateway } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';

const ping = (gateway: Gateway) =>
  fetch(`${gateway.url}/api/Status/ping`).then(
    ({ status }) => status,
    () => 'down',
  );
/** Timers that this process waits for. Others run here too, so that it counts only what changes within a tick. */
const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
/** A few turns of the loop, in which handles that were closed go. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

it('takes its port back as soon as whoever took it meanwhile lets it go', async () => {
  await using gateway = await startGateway({ priceStepMs: 0 });
  const id = gateway.faults.add({ fault: { kind: 'refuse' } });
  const other = createServer((socket) => socket.once('data', () => socket.destroy()));
  await once(other.listen(gateway.port, '127.0.0.1'), 'listening');
  gateway.faults.remove(id);
  expect(await ping(gateway)).toBe('down');
  await new Promise((resolve) => other.close(resolve));
  await expect.poll(() => ping(gateway)).toBe(200);
});

it('keeps its process alive as a server that listens does, whatever the rule says of time', async () => {
  const clock = manualGatewayClock();
  const gateway = await startGateway({ priceStepMs: 0, clock });
  for (const rule of [
    { fault: { kind: 'refuse', forMs: 1000 } },
    { fault: { kind: 'refuse' } },
  ] as const) {
    const before = timers();
    const id = gateway.faults.add(rule);
    // The server is closed, and this stands in for it.
    expect(timers()).toBe(before + 1);
    clock.advance(1000);
    gateway.faults.remove(id);
    await expect.poll(() => ping(gateway)).toBe(200);
  }
  gateway.faults.add({ fault: { kind: 'refuse' } });
  const before = timers();
  const closed = gateway.close();
  expect(timers()).toBe(before - 1);
  await closed;
});

it('goes on refusing when a rule comes while the port is on its way back', async () => {
  await using gateway = await startGateway({ priceStepMs: 0 });
  gateway.faults.remove(gateway.faults.add({ fault: { kind: 'refuse' } }));
  gateway.faults.add({ fault: { kind: 'refuse' } });
  // By then the first way back has ended, too.
  await turns();
  expect(await ping(gateway)).toBe('down');
});

it('stays closed when it is closed while the port is on its way back', async () => {
  const gateway = await startGateway({ priceStepMs: 0 });
  gateway.faults.remove(gateway.faults.add({ fault: { kind: 'refuse' } }));
  await gateway.close();
  expect(await ping(gateway)).toBe('down');
});

it('is let go when the gateway could not start, as with a control port that is taken', async () => {
  await using other = await startGateway({ priceStepMs: 0 });
  const servers = () =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
  const before = servers();
  await expect(startGateway({ priceStepMs: 0, simPort: other.port })).rejects.toThrow('EADDRINUSE');
  await turns();
  expect(servers()).toBe(before);
});
