import { resizeLegs } from './bracket-legs.ts';
import type { HostParts } from './host-parts.ts';
import type { SignalRecord } from './signal-record.ts';

/** Nothing is held of a signal any more, whoever closed it: a stop or target that still works would open a position of its own. Never rejects; what may be left is told. */
export async function dropLegs(parts: HostParts, record: SignalRecord): Promise<void> {
  if (parts.settings.brackets !== 'native') return;
  const problem = await resizeLegs(parts, record, 0).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  if (problem !== undefined)
    parts.tell(
      'position-left',
      record,
      `Nothing is held of signal ${record.signalId} any more, and a stop or target of it may still work. ${problem}`,
    );
}
