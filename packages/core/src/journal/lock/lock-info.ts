import { hostname } from 'node:os';

/** Who holds a lock, as far as it says so. */
export interface LockInfo {
  /** As its own system counts it: a container counts its processes by itself. */
  readonly pid: number;
  /** Name of the machine or container. */
  readonly host: string;
  /** Wall milliseconds. */
  readonly since: number;
  /** Name of the adapter's plugin. */
  readonly adapter?: string | undefined;
  /** Where the venue is. */
  readonly baseUrl?: string | undefined;
  /** Whose orders it records; undefined until the venue has said which account it is. */
  readonly scope?: string | undefined;
}

/** Who stood in the way of a start. */
export interface JournalHolder extends Partial<LockInfo> {
  /** False for one that is stopped, or computes, and has not said who it is. It holds the journal all the same. */
  readonly answers: boolean;
}

/** One sentence for a person. */
export function holderSentence(
  { pid, host, since, adapter, baseUrl, scope, answers }: JournalHolder,
  ownHost: string = hostName(),
): string {
  const process = pid === undefined ? 'a process' : `process ${pid}`;
  const where =
    host === undefined
      ? ''
      : ` on host "${host}"${host === ownHost ? '' : ` (not this one, "${ownHost}": a container has a host name of its own and counts its processes by itself)`}`;
  const from = since === undefined ? '' : ` since ${new Date(since).toISOString()}`;
  const what = [adapter === undefined ? '' : `adapter ${adapter}`, baseUrl ?? '', scope ?? '']
    .filter((part) => part !== '')
    .join(', ');
  const silence = answers ? '' : ' It does not answer: it is stopped, or computes.';
  return `${process}${where} holds it${from}${what === '' ? '' : ` (${what})`}.${silence}`;
}

export function hostName(): string {
  try {
    return hostname();
  } catch {
    return '';
  }
}

/** The same from what another process sent. Anything may be at the other end of a socket. */
export function lockInfoOf(value: unknown): LockInfo | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    pid,
    host,
    since,
    adapter,
    baseUrl,
    scope,
  }: { readonly [Key in keyof LockInfo]?: unknown } = value;
  if (
    typeof pid !== 'number' ||
    typeof host !== 'string' ||
    typeof since !== 'number' ||
    !Number.isFinite(new Date(since).getTime())
  )
    return undefined;
  const text = (one: unknown): string | undefined =>
    typeof one === 'string' ? one.slice(0, 200) : undefined;
  return {
    pid,
    host: host.slice(0, 200),
    since,
    adapter: text(adapter),
    baseUrl: text(baseUrl),
    scope: text(scope),
  };
}
