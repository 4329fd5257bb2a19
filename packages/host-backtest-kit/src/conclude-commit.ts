import type { HostParts } from './host-parts.ts';
import type { CommitRecord, SignalRecord } from './signal-record.ts';

/** Takes the end of a part, an average or a close into the memory: once, whoever sees it first, the hook that sent it or a check meanwhile. */
export function concludeCommit(
  parts: HostParts,
  record: SignalRecord,
  commit: CommitRecord,
  { orderId, filled }: { readonly orderId: string; readonly filled: number },
): void {
  if (commit.state !== 'sent') return;
  commit.state = filled > 0 ? 'done' : 'refused';
  if (commit.kind === 'avg' && filled > 0) record.entries.push(orderId);
  record.held += commit.kind === 'avg' ? filled : -filled;
  parts.memory.save(record);
}
