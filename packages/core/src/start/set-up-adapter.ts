import type { Adapter } from '../adapter.ts';
import type { Clock } from '../clock.ts';
import { AdapterError } from '../errors/adapter-error.ts';
import { guardAdapter } from '../guests/guarded-adapter.ts';
import type { Logger } from '../logger.ts';
import type { AdapterPlugin } from '../plugin.ts';
import { deadlineIn } from '../router/deadline.ts';
import { waitWithin } from '../router/wait-within.ts';

/** Milliseconds that an adapter's set-up may take; it makes no request of the venue. */
const setUpWithinMs = 10_000;

/** The adapter of its plugin, behind its guard. Rejects with what its set-up threw, or with `AdapterError` when that does not end or gives what is no adapter. */
export async function setUpAdapter(
  plugin: AdapterPlugin,
  clock: Clock,
  log: Logger,
): Promise<Adapter> {
  const waited = await waitWithin(
    async () => plugin.setup({ clock, log }),
    deadlineIn(setUpWithinMs, clock),
    undefined,
    clock,
  );
  if (waited.is === 'done')
    return guardAdapter(waited.value, { name: plugin.pluginName, clock, log });
  if (waited.is === 'failed') throw waited.error;
  throw new AdapterError(
    'ADAPTER_FAILED',
    `The setup of the adapter ${plugin.pluginName} took longer than ${setUpWithinMs} ms.`,
  );
}
